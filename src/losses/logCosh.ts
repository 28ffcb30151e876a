/** The logarithm of the hyperbolic cosine of the error. */
import { add, mul, sub } from '../expr/arithmetic.js'
import { softplus } from '../expr/transcendental.js'
import type { Loss } from './loss.js'
import { lossOf } from './lossOf.js'

/**
 * For each example, the mean over its outputs of ln cosh e, with e = ŷ − y: about ½e² near 0, |e| − ln 2 far from it, smooth everywhere.
 *
 * Computed as e + ln(1 + e^(−2e)) − ln 2, which does not overflow; its derivative is tanh e. Any numbers; shapes [batch, …] both.
 * Within some 10⁻¹⁶ of 0 the value may be as much below. Green 1990. Laws: `residualLossLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { logCosh } from 'tikhonov/losses'
 * evaluate(logCosh().each(constant([10000, 0], [2, 1]), constant([0, 0], [2, 1]))) // => [10000 - Math.LN2, 0]
 * ```
 */
export const logCosh = (): Loss =>
  lossOf('logCosh', (predicted, wanted) => {
    const error = sub(predicted, wanted)
    return sub(add(error, softplus(mul(-2, error))), Math.LN2)
  })
