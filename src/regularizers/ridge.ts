/** The penalty on squares, in the convention of statistics and of PyTorch: with the ½. */
import { add, div, mul } from '../expr/arithmetic.js'
import { allAxes, sum } from '../expr/broadcast.js'
import type { Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { nonNegative } from '../part/checks.js'
import { bounded, radiusOf, separable, type Bounded, type Separable } from './readings.js'
import { regularizer } from './regularizer.js'
import { ontoShell } from './shell.js'

/**
 * ridge(λ) = ½λ·Σw², with gradient λw: what PyTorch's weight_decay = λ adds to the gradient under plain SGD. ridge(2λ) = l2(λ). λ ≥ 0,
 * given always; it may be a `hyper`. Errors: a λ below 0 or not finite. Tikhonov 1943, 1963; Hoerl & Kennard 1970.
 * Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 2, `lambdaLaws`, `ridgeLaws`, `convexProximalLaws`, `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { penaltyOf, ridge } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(ridge(0.5))(constant([-2, 0, 4]))) // => [5]
 * ```
 */
export const ridge = (lambda: Scalar): Separable & Bounded => bounded(separable(
  regularizer('ridge', { lambda }, (w) => mul(lambda, mul(0.5, sum(mul(w, w)))), nonNegative('lambda', lambda)),
  (t) => (w) => div(w, add(1, mul(lambda, t)))
), (c) => (w) => ontoShell(0, sqrt(mul(2, radiusOf(c, lambda))))(allAxes(w.shape))(w))
