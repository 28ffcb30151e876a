/** Max-norm. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { ontoShell } from '../regularizers/shell.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * ‖v‖₂ ≤ cap for the incoming weights v of each unit: v·min(1, cap/‖v‖₂), the nearest point of the ball. Inside it nothing changes, not a
 * bit. The axes come from the layer (a column of a dense kernel, a filter, a gate's column); a bias is clipped element by element.
 * cap > 0, given always (a cap of 0 would hold the layer at 0 for ever); it may be a `hyper`. Errors: another cap. `kerasMaxNorm` is
 * Keras's formula. Srebro, Rennie & Jaakkola 2005; with dropout, Srivastava et al. 2014.
 * Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { maxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * const columns = constant([3, 0.3, 4, 0.4], [2, 2])
 * evaluate(maxNorm(2).project([0])(columns)) // => [1.2, 0.3, 1.6, 0.4]
 * maxNorm(0).issues.map((i) => `${i.path}: ${i.allowed}`) // => ['maxNorm/cap: a number, 0 < cap']
 * ```
 */
export const maxNorm = (cap: Scalar): Constraint =>
  constraint('maxNorm', { cap }, ontoShell(0, cap), positive('cap', cap), ['solid', 'round'])
