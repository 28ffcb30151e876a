/** Non-negative weights. */
import { greater, select } from '../expr/compare.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * w ≥ 0, element by element: max(w, 0), the nearest point. −0 is not below 0 and stays. With non-negative data: Lee & Seung 1999.
 * Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { nonNegative } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(nonNegative.project([0])(constant([-2, 0, 3]))) // => [0, 0, 3]
 * ```
 */
export const nonNegative: Constraint =
  /*#__PURE__*/ constraint('nonNegative', {}, () => (w) => select(greater(0, w), 0, w), [], ['elementwise', 'orthant'])
