/** The penalty on squares, in Keras's convention: no ½. */
import { add, div, mul } from '../expr/arithmetic.js'
import { allAxes, sum } from '../expr/broadcast.js'
import type { Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { nonNegative } from '../part/checks.js'
import { bounded, radiusOf, separable, type Bounded, type Separable } from './readings.js'
import { regularizer } from './regularizer.js'
import { ontoShell } from './shell.js'

/**
 * l2(λ) = λ·Σw², with gradient 2λw: twice the pull of PyTorch's weight_decay = λ, which is `ridge`. λ ≥ 0, given always; it may be a
 * `hyper`. Errors: a λ below 0 or not finite. Tikhonov 1943, 1963; Hoerl & Kennard 1970.
 * Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 2, `lambdaLaws`, `l2Laws`, `convexProximalLaws`, `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { l2, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(l2(0.5))(constant([-2, 0, 4]))) // => [10]
 * ```
 */
export const l2 = (lambda: Scalar): Separable & Bounded => bounded(separable(
  regularizer('l2', { lambda }, (w) => mul(lambda, sum(mul(w, w))), nonNegative('lambda', lambda)),
  (t) => (w) => div(w, add(1, mul(2, lambda, t)))
), (c) => (w) => ontoShell(0, sqrt(radiusOf(c, lambda)))(allAxes(w.shape))(w))
