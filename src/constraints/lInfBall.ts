/** The l∞ ball. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoLInfBall } from '../regularizers/balls.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * max|w| ≤ radius, weight by weight: each is clipped.
 * radius > 0, given always; it may be a `hyper`. Errors: another radius. Bauschke & Combettes 2017, proposition 29.3.
 * Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { lInfBall } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(lInfBall(2).project([0])(constant([3, -4, 0.5]))) // => [2, -2, 0.5]
 * ```
 */
export const lInfBall = (radius: Scalar): Constraint =>
  constraint('lInfBall', { radius }, ontoLInfBall(radius), positive('radius', radius), ['elementwise', 'solid'])
