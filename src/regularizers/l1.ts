/** The lasso penalty. */
import { mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { l1Norm } from './norms.js'
import { regularizer, type Regularizer } from './regularizer.js'

/**
 * l1(λ) = λ·Σ|w|, with gradient λ·sign(w), which is 0 at 0. λ ≥ 0. Tibshirani 1996.
 * Laws: `regularizerLaws`, `homogeneousLaws` of degree 1.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { l1, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(l1(0.1))(constant([-2, 0, 3]))) // => [0.5]
 * ```
 */
export const l1 = (lambda: Scalar): Regularizer =>
  regularizer('l1', { lambda }, (w) => mul(lambda, l1Norm(w)), nonNegative('lambda', lambda))
