/** One side of a hyperplane. */
import type { Scalar } from '../expr/node.js'
import { finite } from '../part/checks.js'
import { constraint, type Constraint } from './constraint.js'
import { ontoFlat, rowIssues } from './flat.js'

/**
 * ⟨normal, v⟩ ≤ bound for the incoming weights v of each unit, one number of the normal for each, in their order: v, or
 * v − (⟨normal, v⟩ − bound)·normal/‖normal‖². The bound may be a `hyper`. Errors: a normal of zeros, or with what is not finite, a bound
 * that is not; when a model is built, another number of weights. Bauschke & Combettes 2017, example 29.20. Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { halfSpace } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(halfSpace([1, 1], 2).project([0])(constant([3, 0.5, 2, 0.5], [2, 2]))) // => [1.5, 0.5, 0.5, 0.5]
 * halfSpace([0, 0], 2).issues.map((i) => i.path) // => ['halfSpace/normal']
 * ```
 */
export const halfSpace = (normal: readonly number[], bound: Scalar): Constraint =>
  constraint('halfSpace', { normal, bound }, ontoFlat('halfSpace', { rows: [normal], bounds: [bound] }, true),
    [...rowIssues('normal', [normal]), ...finite('bound', bound)], bound === 0 ? ['cone'] : [])
