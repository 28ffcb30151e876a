/** The l∞ sphere. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoLInfSphere } from '../regularizers/balls.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * max|v| = radius for the incoming weights v of each unit: each weight is clipped, and where all are smaller the first of the largest
 * grows to the radius, upwards if it is 0.
 * radius > 0, given always; it may be a `hyper`. Errors: another radius. The set is not convex.
 * Laws: `projectionLaws`.
 * @example
 * ```ts
 * import { lInfSphere } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(lInfSphere(2).project([0])(constant([1, -1.5, 0]))) // => [1, -2, 0]
 * ```
 */
export const lInfSphere = (radius: Scalar): Constraint =>
  constraint('lInfSphere', { radius }, ontoLInfSphere(radius), positive('radius', radius))
