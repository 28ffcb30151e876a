/** The penalty on the largest size. */
import { mul, neg, sub } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { clipped } from './balls.js'
import { lInfNorm } from './norms.js'
import { bounded, ontoSum, proximal, radiusOf, type Bounded, type Proximal } from './readings.js'
import { regularizer } from './regularizer.js'

/**
 * lInf(λ) = λ·max|w|: it draws the largest weights to a common size and leaves the others alone, so that many are equally large, as
 * quantisation likes. Its gradient is λ·sign of the largest, shared evenly where several are; its proximal operator, by Moreau's
 * decomposition, w less its projection onto the l1 ball of radius tλ; its projection clips. λ ≥ 0, given always; it may be a `hyper`.
 * Errors: a λ below 0 or not finite. Parikh & Boyd 2014, §6.5.
 * Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 1, `lambdaLaws`, `convexProximalLaws`, `proximalFamilyLaws`,
 * `moreauLaws`, `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { lInf, penaltyOf } from 'tikhonov/regularizers'
 * const w = constant([-4, 1, 3])
 * evaluate(penaltyOf(lInf(0.5))(w)) // => [2]
 * evaluate(lInf(0.5).proximal(6)(w)) // => [-2, 1, 2]
 * evaluate(lInf(0.5).onto(1)(w)) // => [-2, 1, 2]
 * ```
 */
export const lInf = (lambda: Scalar): Proximal & Bounded => bounded(proximal(
  regularizer('lInf', { lambda }, (w) => mul(lambda, lInfNorm(w)), nonNegative('lambda', lambda)),
  (t) => (w) => sub(w, ontoSum(mul(lambda, t))(w))
), (c) => {
  const radius = radiusOf(c, lambda)
  return clipped(neg(radius), radius)
})
