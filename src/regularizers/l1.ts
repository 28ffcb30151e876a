/** The lasso penalty. */
import { mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { l1Norm } from './norms.js'
import { bounded, ontoSum, radiusOf, separable, softThreshold, type Bounded, type Separable } from './readings.js'
import { regularizer } from './regularizer.js'

/**
 * l1(λ) = λ·‖w‖₁ = λ·Σ|w|, with gradient λ·sign(w), which is 0 at 0: a weight that is 0 is not pushed off it by its penalty. Plain
 * gradient steps cross zero rather than stay there; `exact(l1(λ))` stays, for its proximal operator moves each weight towards 0 by tλ and
 * no further. λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not finite.
 * Tibshirani 1996. Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 1, `lambdaLaws`, `l1Laws`, `convexProximalLaws`,
 * `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { l1, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(l1(0.1))(constant([-2, 0, 3]))) // => [0.5]
 * evaluate(l1(0.1).proximal(10)(constant([-2, 0.5, 3]))) // => [-1, 0, 2]
 * evaluate(l1(0.1).onto(0.1)(constant([-2, 0, 1.5]))) // => [-0.75, 0, 0.25]
 * l1(-1).issues.map((i) => `${i.path}: ${i.allowed}`) // => ['l1/lambda: a number, 0 ≤ lambda']
 * ```
 */
export const l1 = (lambda: Scalar): Separable & Bounded => ({
  ...bounded(separable(
    regularizer('l1', { lambda }, (w) => mul(lambda, l1Norm(w)), nonNegative('lambda', lambda)),
    (t) => softThreshold(mul(lambda, t))
  ), (c) => ontoSum(radiusOf(c, lambda))),
  composes: true
})
