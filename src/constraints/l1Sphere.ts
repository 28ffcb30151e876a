/** The l1 sphere. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoL1Sphere } from '../regularizers/balls.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * ‖v‖₁ = radius for the incoming weights v of each unit: as `l1Ball` outside; inside, every size grows by as much, a weight that is
 * 0 upwards, though downwards were as near.
 * radius > 0, given always; it may be a `hyper`. Errors: another radius. The set is not convex.
 * Laws: `projectionLaws`.
 * @example
 * ```ts
 * import { l1Sphere } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(l1Sphere(4).project([0])(constant([1, -1, 0]))) // => [1.667, -1.667, 0.667]
 * ```
 */
export const l1Sphere = (radius: Scalar): Constraint =>
  constraint('l1Sphere', { radius }, ontoL1Sphere(radius), positive('radius', radius))
