/** Mean absolute error. */
import { sub } from '../expr/arithmetic.js'
import { abs } from '../expr/compare.js'
import type { Loss } from './loss.js'
import { lossOf } from './lossOf.js'

/**
 * For each example, the mean over its outputs of |ŷ − y|; its derivative is 0 at ŷ = y. Any numbers; shapes [batch, …] both.
 * The best constant prediction is the median. Laplace 1774. Laws: `residualLossLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { mae } from 'tikhonov/losses'
 * evaluate(mae().each(constant([1, 2, 3, 5], [2, 2]), constant([1, 0, 3, 4], [2, 2]))) // => [1, 0.5]
 * ```
 */
export const mae = (): Loss => lossOf('mae', (predicted, wanted) => abs(sub(predicted, wanted)))
