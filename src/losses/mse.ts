/** Mean squared error. */
import { mul, sub } from '../expr/arithmetic.js'
import type { Loss } from './loss.js'
import { lossOf } from './lossOf.js'

/**
 * For each example, the mean over its outputs of (ŷ − y)². Any numbers; shapes [batch, …] both. Gauss 1809.
 * Laws: `residualLossLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { mse } from 'tikhonov/losses'
 * evaluate(mse().each(constant([1, 2, 3, 5], [2, 2]), constant([1, 0, 3, 4], [2, 2]))) // => [2, 0.5]
 * ```
 */
export const mse = (): Loss =>
  lossOf('mse', (predicted, wanted) => {
    const error = sub(predicted, wanted)
    return mul(error, error)
  })
