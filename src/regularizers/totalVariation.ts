/** Total variation along an axis: the fused lasso in one dimension. */
import { mul, sub } from '../expr/arithmetic.js'
import { fused } from '../expr/fused.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { slice, transpose } from '../expr/view.js'
import { nonNegative } from '../part/checks.js'
import { l1 } from './l1.js'
import { l1Norm } from './norms.js'
import { proximal, type Proximal } from './readings.js'
import { plus, regularizer } from './regularizer.js'

/** Options of `totalVariation`. */
export interface TotalVariationOptions {
  /** Along which axis neighbours lie: the first unless told; negative ones count from the end. */
  readonly axis?: number
}

/** The differences of neighbours along an axis; a misfit where there is no such axis. */
const differences = (w: Expr, axis: number): Expr => {
  if (isInvalid(w)) return w
  const at = axis < 0 ? axis + w.shape.length : axis
  const part = (from: number) =>
    slice(w, w.shape.map((_, a) => (a === at ? from : 0)), w.shape.map((d, a) => (a === at ? Math.max(d - 1, 0) : d)))
  return Number.isInteger(at) && at >= 0 && at < w.shape.length ? sub(part(1), part(0)) : transpose(w, [axis])
}

/** What an operator along the last axis does along another; exchanging two axes twice leaves them. */
const along = (axis: number, of: (w: Expr) => Expr) => (w: Expr): Expr => {
  if (isInvalid(w)) return w
  const [at, last] = [axis < 0 ? axis + w.shape.length : axis, w.shape.length - 1]
  const exchanged = w.shape.map((_, a) => (a === at ? last : a === last ? at : a))
  return transpose(of(transpose(w, exchanged)), exchanged)
}

/**
 * totalVariation(λ) = λ·Σ|wᵢ₊₁ − wᵢ| along an axis (the first: neighbouring inputs of a dense kernel), summed over the others: weights that
 * are made of few levels, for inputs that stand in an order: times, frequencies, places on a genome. The gradient is λ by the signs of the
 * differences, 0 where neighbours are equal. Its proximal operator is exact (`fused` of `tikhonov/expr`): neighbours become equal, bit for
 * bit. λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not finite; an axis that a parameter does not have.
 * Rudin, Osher & Fatemi 1992; Tibshirani, Saunders, Rosset, Zhu & Knight 2005.
 * Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 1, `lambdaLaws`, `variationLaws`, `proximalLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { penaltyOf, totalVariation } from 'tikhonov/regularizers'
 * const w = constant([1, 3, 2, 10])
 * evaluate(penaltyOf(totalVariation(0.5))(w)) // => [5.5]
 * evaluate(totalVariation(0.5).proximal(2)(w)) // => [2, 2.5, 2.5, 9]
 * ```
 */
export const totalVariation = (lambda: Scalar, { axis = 0 }: TotalVariationOptions = {}): Proximal => proximal(
  regularizer('totalVariation', { lambda, axis }, (w) => mul(lambda, l1Norm(differences(w, axis))), nonNegative('lambda', lambda)),
  (t) => along(axis, (w) => fused(w, mul(lambda, t)))
)

/** Options of `fusedLasso`. */
export interface FusedLassoOptions extends TotalVariationOptions {
  /** λ of the sum of sizes. */
  readonly l1: Scalar
  /** λ of the sum of differences. */
  readonly variation: Scalar
}

/**
 * fusedLasso({ l1: α, variation: β }) = α·Σ|w| + β·Σ|wᵢ₊₁ − wᵢ|: few levels, and 0 among them. The sum of `l1(α)` and `totalVariation(β)`,
 * reported as both. Its proximal operator is that of the second, then that of the first (Friedman, Hastie, Höfling & Tibshirani 2007).
 * Errors: those of its parts. Tibshirani, Saunders, Rosset, Zhu & Knight 2005. Laws: those of its parts.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { fusedLasso } from 'tikhonov/regularizers'
 * evaluate(fusedLasso({ l1: 2, variation: 1 }).proximal(1)(constant([1, 3, 2, 10]))) // => [0, 0.5, 0.5, 7]
 * ```
 */
export const fusedLasso = ({ l1: alpha, variation: beta, ...options }: FusedLassoOptions): Proximal => {
  const [each, steps] = [l1(alpha), totalVariation(beta, options)]
  return proximal(plus(each, steps), (t, axes) => (w) => each.proximal(t, axes)(steps.proximal(t, axes)(w)))
}
