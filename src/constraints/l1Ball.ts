/** The l1 ball. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoL1Ball } from '../regularizers/balls.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * ‖v‖₁ ≤ radius for the incoming weights v of each unit: sizes go down by one τ, or to 0, so that a unit reads few inputs: the
 * lasso in its other form.
 * radius > 0, given always; it may be a `hyper`. Errors: another radius. Duchi, Shalev-Shwartz, Singer & Chandra 2008; Tibshirani 1996.
 * Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { l1Ball } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(l1Ball(2).project([0])(constant([2, -1, 0.5]))) // => [1.5, -0.5, 0]
 * ```
 */
export const l1Ball = (radius: Scalar): Constraint =>
  constraint('l1Ball', { radius }, ontoL1Ball(radius), positive('radius', radius), ['solid'])
