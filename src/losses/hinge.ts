/** The hinge loss of support vector machines. */
import { mul, sub } from '../expr/arithmetic.js'
import { max } from '../expr/compare.js'
import type { Loss } from './loss.js'
import { lossOf } from './lossOf.js'

/**
 * For each example, the mean over its outputs of max(1 − y·ŷ, 0), with y −1 or 1 and ŷ any score; its derivative is 0 at y·ŷ = 1.
 *
 * Wanted values other than −1 and 1 are an issue of their batch (Keras turns 0 into −1: here 0 would silently teach nothing).
 * Shapes [batch, …] both. Cortes & Vapnik 1995. Laws: `lossLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { hinge } from 'tikhonov/losses'
 * evaluate(hinge().each(constant([0.5, 3, -1], [3, 1]), constant([1, 1, 1], [3, 1]))) // => [0.5, 0, 2]
 * ```
 */
export const hinge = (): Loss =>
  lossOf('hinge', (score, wanted) => max(sub(1, mul(wanted, score)), 0), { range: { min: -1, max: 1, open: 'none' }, only: [-1, 1] })
