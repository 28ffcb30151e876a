/** A hyperplane. */
import type { Scalar } from '../expr/node.js'
import { finite } from '../part/checks.js'
import { constraint, type Constraint } from './constraint.js'
import { ontoFlat, rowIssues } from './flat.js'

/**
 * ⟨normal, v⟩ = bound for the incoming weights v of each unit, one number of the normal for each, in their order:
 * v − (⟨normal, v⟩ − bound)·normal/‖normal‖². Contrasts that sum to 0: `hyperplane([1, 1, 1], 0)`. The bound may be a `hyper`. Errors:
 * those of `halfSpace`. Bauschke & Combettes 2017, example 29.18. Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { hyperplane } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(hyperplane([1, 1, 1], 0).project([0])(constant([1, 2, 6]))) // => [-2, -1, 3]
 * ```
 */
export const hyperplane = (normal: readonly number[], bound: Scalar): Constraint =>
  constraint('hyperplane', { normal, bound }, ontoFlat('hyperplane', { rows: [normal], bounds: [bound] }),
    [...rowIssues('normal', [normal]), ...finite('bound', bound)], bound === 0 ? ['cone'] : [])
