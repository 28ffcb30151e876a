/** The simplex. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoSimplex } from '../regularizers/balls.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * v ≥ 0 and Σv = total for the incoming weights v of each unit, so that a unit is a weighted mean of its inputs: max(v − τ, 0), with the τ
 * that makes the sum right, found by sorting. total is 1 unless told, and may be a `hyper`. A sum is met to 4·n·ε. Errors: a total that is
 * not > 0. Held, Wolfe & Crowder 1974; Duchi, Shalev-Shwartz, Singer & Chandra 2008. Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { simplex } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(simplex().project([0])(constant([0.5, 1.5, -1]))) // => [0, 1, 0]
 * evaluate(simplex(2).project([0])(constant([1, 2, -3]))) // => [0.5, 1.5, 0]
 * ```
 */
export const simplex = (total: Scalar = 1): Constraint =>
  constraint('simplex', { total }, ontoSimplex(total), positive('total', total), ['positive'])
