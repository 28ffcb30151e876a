/** Weights between two bounds. */
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { clipped } from '../regularizers/balls.js'
import { intervalIssues } from './bounds.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * low ≤ w ≤ high, weight by weight: the nearest of the two bounds, or w. Either may be a `hyper`. Errors: bounds that are not finite,
 * low > high. Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { box } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(box(-1, 2).project([0])(constant([-3, 0.5, 3]))) // => [-1, 0.5, 2]
 * box(2, 1).issues.map((i) => `${i.path}: ${i.allowed}`) // => ['box/low: a number, low ≤ 1']
 * ```
 */
export const box = (low: Scalar, high: Scalar): Constraint =>
  constraint('box', { low, high }, () => clipped(low, high), intervalIssues(low, high), ['elementwise'])

/**
 * 0 ≤ w ≤ size, weight by weight; size is 1 unless told, and may be a `hyper`. Errors: a size that is not > 0. Laws:
 * `convexProjectionLaws`.
 * @example
 * ```ts
 * import { hypercube } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(hypercube().project([0])(constant([-3, 0.5, 3]))) // => [0, 0.5, 1]
 * ```
 */
export const hypercube = (size: Scalar = 1): Constraint =>
  constraint('hypercube', { size }, () => clipped(0, size), positive('size', size), ['elementwise', 'positive'])
