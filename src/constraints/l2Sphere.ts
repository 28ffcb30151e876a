/** The l2 sphere. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoShell } from '../regularizers/shell.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * ‖v‖₂ = radius for the incoming weights v of each unit: v·radius/‖v‖₂; of every point that is as near to 0, the one with equal elements
 * for a v of 0. `l2Sphere(1)` is `unitNorm`.
 * radius > 0, given always; it may be a `hyper`. Errors: another radius. The set is not convex.
 * Laws: `projectionLaws`.
 * @example
 * ```ts
 * import { l2Sphere } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(l2Sphere(10).project([0])(constant([3, 4]))) // => [6, 8]
 * ```
 */
export const l2Sphere = (radius: Scalar): Constraint =>
  constraint('l2Sphere', { radius }, ontoShell(radius, radius), positive('radius', radius))
