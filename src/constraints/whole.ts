/** A constraint on a whole parameter. */
import { allAxes } from '../expr/broadcast.js'
import { under } from '../part/issue.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * The same constraint on all weights of a parameter together, as if they were one unit's: `whole(l1Ball(3))` bounds Σ|w| of the whole
 * kernel. What is elementwise, or of a matrix as such, stays what it is. Laws: those of the constraint, over all elements.
 * @example
 * ```ts
 * import { topK, whole } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * const w = constant([1, -3, 0.5, 2], [2, 2])
 * evaluate(topK(1).project([0])(w)) // => [1, -3, 0, 0]
 * evaluate(whole(topK(1)).project([0])(w)) // => [0, -3, 0, 0]
 * ```
 */
export const whole = (of: Constraint): Constraint => ({
  ...constraint('whole', { of: of.spec }, (incoming) => (w) => of.project(of.traits.includes('whole') ? incoming : allAxes(w.shape))(w)),
  issues: under('whole', of.issues),
  traits: of.traits
})
