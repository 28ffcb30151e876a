/** The nuclear norm. */
import { mul, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { greater, max, select } from '../expr/compare.js'
import { matmul } from '../expr/matmul.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { svd } from '../expr/svd.js'
import { axesOf } from '../part/axes.js'
import { nonNegative } from '../part/checks.js'
import { lInfNorm } from './norms.js'
import { bounded, ontoSum, proximal, radiusOf, type Bounded, type Proximal } from './readings.js'
import { regularizer } from './regularizer.js'
import { matrixOf, onMatrix } from './units.js'

/** A matrix with other singular values; itself, bit for bit, where they are as they were. */
const withValues = (of: (s: Expr) => Expr) => (matrix: Expr): Expr => {
  if (isInvalid(matrix)) return matrix
  const { u, s, v } = svd(matrix)
  const changed = of(s)
  return select(greater(lInfNorm(sub(changed, s)), 0), matmul(mul(u, changed), v, { b: true }), matrix)
}

/**
 * nuclear(λ) = λ·Σσᵢ over the singular values of the matrix [incoming weights, units]: the l1 norm of what the matrix is made of, so that
 * `exact(nuclear(λ))` makes it one of low rank. The gradient is λ·UVᵀ (of the σᵢ that are not 0); the proximal operator makes each σᵢ less
 * by tλ, down to 0; the projection takes the σᵢ onto the l1 ball. Each costs a decomposition at every step (`svd`). λ ≥ 0, given always; it
 * may be a `hyper`. Errors: a λ below 0 or not finite. Fazel, Hindi & Boyd 2001; Cai, Candès & Shen 2010.
 * Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 1, `lambdaLaws`, `rotationLaws`, `convexProximalLaws`,
 * `proximalFamilyLaws`, `moreauLaws`, `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { nuclear, penaltyOf } from 'tikhonov/regularizers'
 * const w = constant([0, 3, -1, 0], [2, 2])
 * evaluate(penaltyOf(nuclear(0.5))(w)) // => [2]
 * evaluate(nuclear(0.5).proximal(2)(w)) // => [0, 2, 0, 0]
 * evaluate(nuclear(0.5).onto(1.5)(w)) // => [0, 2.5, -0.5, 0]
 * ```
 */
export const nuclear = (lambda: Scalar): Proximal & Bounded => bounded(proximal(
  regularizer('nuclear', { lambda }, (w, { incoming }) => mul(lambda, sum(svd(matrixOf(w, incoming)).s)), nonNegative('lambda', lambda)),
  (t, axes) => (w) => onMatrix(withValues((s) => max(sub(s, mul(lambda, t)), 0)))((axes ?? axesOf(w.shape)).incoming)(w)
), (c, axes) => (w) => onMatrix(withValues(ontoSum(radiusOf(c, lambda))))((axes ?? axesOf(w.shape)).incoming)(w))
