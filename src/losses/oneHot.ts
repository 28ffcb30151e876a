/** Labels as distributions that are certain. */
import { equal } from '../expr/compare.js'
import { constant } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'

/**
 * Whole numbers as rows of k zeros but for a 1 at the number: […] → […, k]. A number that is no class gives zeros.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { oneHot } from 'tikhonov/losses'
 * evaluate(oneHot(constant([2, 0]), 3)) // => [0, 0, 1, 1, 0, 0]
 * ```
 */
export const oneHot = (labels: Expr, classes: number): Expr =>
  equal(reshape(labels, [...labels.shape, 1]), constant(Array.from({ length: classes }, (_, c) => c)))
