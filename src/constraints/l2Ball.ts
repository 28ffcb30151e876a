/** The l2 ball. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoShell } from '../regularizers/shell.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * ‖v‖₂ ≤ radius for the incoming weights v of each unit: v·min(1, radius/‖v‖₂). The same projection as `maxNorm`, under the name
 * that it has among balls; `whole(l2Ball(radius))` bounds the length of the whole parameter.
 * radius > 0, given always; it may be a `hyper`. Errors: another radius. Bauschke & Combettes 2017, example 3.18.
 * Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { l2Ball } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(l2Ball(2).project([0])(constant([3, 4]))) // => [1.2, 1.6]
 * ```
 */
export const l2Ball = (radius: Scalar): Constraint =>
  constraint('l2Ball', { radius }, ontoShell(0, radius), positive('radius', radius), ['solid', 'round'])
