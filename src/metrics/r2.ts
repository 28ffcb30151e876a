/** The coefficient of determination. */
import { sameShape } from '../expr/shape.js'
import { spec } from '../part/spec.js'
import type { Tensor } from '../tensor/tensor.js'
import type { WholeMetric } from './metric.js'
import { weightedMean } from './weightedMean.js'

const determination = (predicted: Tensor, wanted: Tensor, weight: ArrayLike<number>): number => {
  const rows = predicted.shape[0]
  const outputs = predicted.data.length / rows
  const ofOutput = (k: number): number => {
    const column = ({ data }: Tensor) => Array.from({ length: rows }, (_, i) => data[i * outputs + k])
    const [p, y] = [column(predicted), column(wanted)]
    const centre = weightedMean(y, weight)
    return 1 - weightedMean(y.map((v, i) => (v - p[i]) ** 2), weight) / weightedMean(y.map((v) => (v - centre) ** 2), weight)
  }
  return Array.from({ length: outputs }, (_, k) => ofOutput(k)).reduce((a, b) => a + b, 0) / outputs
}

/**
 * R² = 1 − Σw(y − ŷ)²/Σw(y − ȳ)²: the part of the variance that the predictions explain; 1 is perfect, 0 is as good as the mean, below is
 * worse. Several outputs: the mean of theirs.
 *
 * Shapes [examples, …] both. Where the wanted values are all the same there is no variance to explain: −∞, or NaN where the predictions are
 * right. Wright 1921. Laws: `metricLaws`, `r2Laws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { measure, r2 } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(r2())(tensor([[1], [2], [4]]), tensor([[1], [2], [3]])) // => E.right(0.5)
 * ```
 */
export const r2 = (): WholeMetric => ({
  _tag: 'WholeMetric',
  spec: spec('r2'),
  issues: [],
  misfit: (predicted, wanted) => (sameShape(predicted, wanted) ? undefined : 'wants a prediction for each wanted value'),
  of: determination
})
