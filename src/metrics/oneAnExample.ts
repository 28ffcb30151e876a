/** What an average over examples is taken of. */
import { invalid, isInvalid, type Expr } from '../expr/node.js'
import { sameShape, showShape } from '../expr/shape.js'
import type { Loss } from '../losses/loss.js'
import type { MeanMetric } from './metric.js'

/** What a loss or a metric gives of predictions: one value an example. */
export const oneAnExample = ({ spec: { kind }, each }: Loss | MeanMetric) => (predicted: Expr, wanted: Expr): Expr => {
  const found = each(predicted, wanted)
  const shape = predicted.shape.slice(0, 1)
  return isInvalid(found) || sameShape(found.shape, shape) ? found : invalid({
    _tag: 'ShapeProblem', operation: kind, shapes: [found.shape], message: `one value an example is wanted, ${showShape(shape)}`
  }, [found])
}
