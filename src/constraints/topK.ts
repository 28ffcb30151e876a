/** A number of weights that are not 0. */
import { count } from '../part/checks.js'
import { ontoLargest } from '../regularizers/balls.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * At most k weights of each unit's incoming ones that are not 0: the k largest in size stay as they are, the others become 0; of equal
 * ones the first stay. `whole(topK(k))` counts the weights of the whole parameter. The set is not convex, and a weight that is 0 comes
 * back only by a step that makes it one of the largest: iterative hard thresholding (Blumensath & Davies 2009). Errors: a k that is no
 * whole number ≥ 1. Laws: `projectionLaws`.
 * @example
 * ```ts
 * import { topK } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(topK(2).project([0])(constant([1, -3, 0.5, 2]))) // => [0, -3, 0, 2]
 * ```
 */
export const topK = (k: number): Constraint => constraint('topK', { k }, ontoLargest(k), count('k', k), ['solid'])
