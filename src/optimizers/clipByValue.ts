/** Clipping by value. */
import { mul } from '../expr/arithmetic.js'
import { abs, max, min } from '../expr/compare.js'
import { constant } from '../expr/leaf.js'
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { shortened } from './clipByNorm.js'
import { stateless, type GradientTransform } from './transform.js'

/**
 * d ← min(max(d, −c), c), element by element: the nearest point of the box [−c, c]. It bends the direction. An infinite element becomes
 * ±c, NaN stays.
 * Errors: c ≤ 0 or not finite. Laws: `clipLaws` by value, `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { clipByValue } from 'tikhonov/optimizers'
 * const { delta } = clipByValue(0.5).update('')({ w: constant([3, -0.25, -7]) }, {}, 1)
 * evaluate(delta.w) // => [0.5, -0.25, -0.5]
 * ```
 */
export const clipByValue = (limit: Scalar): GradientTransform =>
  stateless(
    spec('clipByValue', { limit }),
    (delta) => mapByPath(delta, (d) => min(max(d, mul(-1, limit)), limit)),
    positive('limit', limit),
    (delta) => mapByPath(delta, (d) => shortened(constant(1), abs(d), limit))
  )
