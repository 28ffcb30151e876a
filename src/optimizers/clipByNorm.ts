/** Clipping by norm, each parameter by itself. */
import { div, mul } from '../expr/arithmetic.js'
import { greater, select } from '../expr/compare.js'
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { l2Norm } from '../regularizers/norms.js'
import { stateless, type GradientTransform } from './transform.js'

/** d·min(1, limit/size): shorter if its size is over the limit, else itself. A size that is NaN shortens nothing. */
export const shortened = (d: Expr, size: Expr, limit: Scalar): Expr => select(greater(size, limit), mul(d, div(limit, size)), d)

/**
 * d ← d·min(1, c/‖d‖₂), each parameter by itself: the nearest point of the ball of radius c, in the same direction. What is not finite
 * stays so, and the step ends with a typed error. Errors: c ≤ 0 or not finite. Pascanu, Mikolov & Bengio 2013.
 * Laws: `clipLaws` by norm, `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { clipByNorm } from 'tikhonov/optimizers'
 * const { delta } = clipByNorm(1).update('')({ w: constant([3, -4]), b: constant([0.5]) }, {}, 1)
 * evaluate(delta.w) // => [0.6, -0.8]
 * evaluate(delta.b) // => [0.5]
 * ```
 */
export const clipByNorm = (limit: Scalar): GradientTransform =>
  stateless(
    spec('clipByNorm', { limit }),
    (delta) => mapByPath(delta, (d) => shortened(d, l2Norm(d), limit)),
    positive('limit', limit),
    (delta) => mapByPath(delta, (d) => shortened(constant(1), l2Norm(d), limit))
  )
