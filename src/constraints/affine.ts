/** Linear equations. */
import type { Scalar } from '../expr/node.js'
import { finite } from '../part/checks.js'
import { issue } from '../part/issue.js'
import { valueOf } from '../part/spec.js'
import { constraint, type Constraint } from './constraint.js'
import { ontoFlat, rowIssues } from './flat.js'

/**
 * A·v = b for the incoming weights v of each unit, A given by its rows, each with a number for each weight: v − A⁺(A·v − b), the nearest,
 * by an orthonormal basis of the rows. Bounds may be `hyper`s. Equations are met to the rounding of their terms, as long as A is well
 * conditioned. Errors: rows of different lengths, that depend on each other or are not finite, another number of bounds; when a model
 * is built, another number of weights. Bauschke & Combettes 2017, example 29.17. Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { affine } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(affine([[1, 1, 0], [0, 0, 2]], [4, 4]).project([0])(constant([3, 2, 7]))) // => [2.5, 1.5, 2]
 * affine([[1, 2], [2, 4]], [0, 0]).issues.map((i) => i.found) // => ['rows that depend on each other']
 * ```
 */
export const affine = (rows: readonly (readonly number[])[], bounds: readonly Scalar[]): Constraint =>
  constraint('affine', { rows, bounds: bounds.map(valueOf) }, ontoFlat('affine', { rows, bounds }), [
    ...rowIssues('rows', rows),
    ...(bounds.length === rows.length ? [] : [issue('bounds', `${bounds.length} bounds`, `${rows.length}, as many as rows`)]),
    ...bounds.flatMap((b, i) => finite(`bounds/${i}`, b))
  ])
