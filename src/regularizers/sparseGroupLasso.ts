/** The sparse group lasso. */
import type { Scalar } from '../expr/node.js'
import { groupLasso } from './groupLasso.js'
import type { GroupOptions } from './groups.js'
import { l1 } from './l1.js'
import { proximal, type Proximal } from './readings.js'
import { plus } from './regularizer.js'

/** Options of `sparseGroupLasso`. */
export interface SparseGroupOptions extends GroupOptions {
  /** λ of the sum of sizes. */
  readonly l1: Scalar
  /** λ of the sum of the groups' lengths. */
  readonly group: Scalar
}

/**
 * sparseGroupLasso({ l1: α, group: β }) = α·Σ|w| + β·Σ‖v‖₂ over groups v: few groups, and few weights in each. The sum of `l1(α)` and
 * `groupLasso(β)`, reported as both; Simon et al. write α = aλ and β = (1 − a)λ, weighted. Its proximal operator is that of `l1(α)`, then
 * that of `groupLasso(β)`; in the other order it would be another. Errors: those of its parts.
 * Simon, Friedman, Hastie & Tibshirani 2013. Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 1, `groupLaws`,
 * `proximalLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { sparseGroupLasso } from 'tikhonov/regularizers'
 * const both = sparseGroupLasso({ l1: 1, group: 2.5 })
 * both.terms.map((t) => t.name) // => ['l1', 'groupLasso']
 * evaluate(both.proximal(1)(constant([4, 1, -5, 2, 0.5, 1], [3, 2]))) // => [1.5, 0, -2, 0, 0, 0]
 * ```
 */
export const sparseGroupLasso = ({ l1: alpha, group: beta, ...options }: SparseGroupOptions): Proximal => {
  const [each, groups] = [l1(alpha), groupLasso(beta, options)]
  return proximal(plus(each, groups), (t, axes) => (w) => groups.proximal(t, axes)(each.proximal(t, axes)(w)))
}
