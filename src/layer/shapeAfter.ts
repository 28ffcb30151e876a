/** What layers in a row make of an example's shape, at run time. */
import { variable } from '../expr/leaf.js'
import { isInvalid } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Layer } from './layer.js'
import { run } from './run.js'
import { infer } from './scope.js'

/** The shape of an example after layers in a row, or what the first that does not take it says. */
export const shapeAfter = (layers: readonly Layer[], example: Shape): Shape | string => {
  const { y, issues } = run(layers)({ path: '', mode: infer })(variable('x', [1, ...example]))
  return issues.length > 0 ? issues[0].allowed : isInvalid(y) ? 'layers that fit each other' : y.shape.slice(1)
}
