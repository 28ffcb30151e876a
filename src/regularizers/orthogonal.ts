/** Penalties that draw groups of weights to be orthonormal. */
import { abs } from '../expr/compare.js'
import { div, mul, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { matmul } from '../expr/matmul.js'
import { invalid, isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { transpose } from '../expr/view.js'
import { count, nonNegative } from '../part/checks.js'
import type { Groups } from './groups.js'
import { identity, spectralRadius } from './matrix.js'
import { polar } from './norms.js'
import { regularizer, type Regularizer } from './regularizer.js'
import { matrixOf } from './units.js'

/** Options of penalties on what is not orthogonal. */
export interface OrthogonalOptions {
  /** Which vectors are meant: the incoming weights of each unit (columns of a dense kernel) unless told. */
  readonly groups?: Groups
}

/** The inner products of the groups, [n, n]. */
const gram = (matrix: Expr): Expr => matmul(matrix, matrix, { a: true })
/** A square matrix without the identity. */
const lessIdentity = (square: Expr): Expr => (isInvalid(square) ? square : sub(square, identity(square.shape[0])))

/**
 * orthogonal(λ) = λ·‖VᵀV − I‖²_F for the matrix V whose columns are groups of weights: 0 where they are orthonormal, n·λ at 0. Only as many
 * groups as a group has weights can be; where there are more, take the other `groups`. The gradient is 4λ·V(VᵀV − I). λ ≥ 0, given always;
 * it may be a `hyper`. Errors: a λ below 0 or not finite. Brock, Lim, Ritchie & Weston 2017; as soft orthogonality Bansal, Chen & Wang
 * 2018. Laws: `regularizerLaws` (at rest where orthonormal), `lambdaLaws`, `rotationLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { orthogonal, penaltyOf } from 'tikhonov/regularizers'
 * const value = (w: readonly number[]) => evaluate(penaltyOf(orthogonal(0.5))(constant(w, [2, 2])))
 * value([0, -1, 1, 0]) // => [0]
 * value([1, 1, 1, 1]) // => [5]
 * ```
 */
export const orthogonal = (lambda: Scalar, { groups = 'incoming' }: OrthogonalOptions = {}): Regularizer =>
  regularizer('orthogonal', { lambda, groups }, (w, axes) => {
    const apart = lessIdentity(gram(matrixOf(w, axes[groups])))
    return mul(lambda, sum(mul(apart, apart)))
  }, nonNegative('lambda', lambda))

/** Options of `srip`. */
export interface SripOptions extends OrthogonalOptions {
  /** Power iterations, at least 1: 2 unless told, as in the paper. */
  readonly iterations?: number
}

/**
 * srip(λ) = λ·σ(VᵀV − I), σ the spectral norm: the spectral restricted isometry property. It bounds by how much V stretches or shrinks any
 * vector, where `orthogonal` adds up over all directions. σ is found by power iterations from a fixed vector, and so from below; its
 * gradient is that of the value found. λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not finite, iterations not a whole
 * number ≥ 1. Bansal, Chen & Wang 2018. Laws: `regularizerLaws` (at rest where orthonormal), `lambdaLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { penaltyOf, srip } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(srip(0.5, { iterations: 20 }))(constant([3, 0, 0, 1], [2, 2]))) // => [4]
 * ```
 */
export const srip = (lambda: Scalar, { groups = 'incoming', iterations = 2 }: SripOptions = {}): Regularizer =>
  regularizer('srip', { lambda, groups, iterations },
    (w, axes) => mul(lambda, spectralRadius(lessIdentity(gram(matrixOf(w, axes[groups]))), iterations)),
    [...nonNegative('lambda', lambda), ...count('iterations', iterations)])

/** Options of `kerasOrthogonal`. */
export interface KerasOrthogonalOptions {
  /** Which vectors of the matrix are to be at right angles; its rows unless told, as in Keras: what leaves each input of a dense layer. */
  readonly mode?: 'rows' | 'columns'
}

/**
 * kerasOrthogonal(λ): λ times the mean |cosine| between two rows of a matrix: Keras's OrthogonalRegularizer, which asks for right angles
 * and leaves lengths alone. `mode: 'columns'` is of the columns: of a dense kernel, the incoming weights of units. A vector of zeros is at
 * right angles to all. 0 where there is one vector only (NaN in Keras). Errors: a λ below 0 or not finite; when a model is built, a
 * parameter that is no matrix. Laws: `regularizerLaws`, `lambdaLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { kerasOrthogonal, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(kerasOrthogonal(0.5))(constant([1, 0, 3, 4], [2, 2]))) // => [0.3]
 * evaluate(penaltyOf(kerasOrthogonal(0.5, { mode: 'columns' }))(constant([1, 3, 0, 4], [2, 2]))) // => [0.3]
 * ```
 */
export const kerasOrthogonal = (lambda: Scalar, { mode = 'rows' }: KerasOrthogonalOptions = {}): Regularizer =>
  regularizer('kerasOrthogonal', { lambda, mode }, (w) => {
    if (isInvalid(w)) return w
    if (w.shape.length !== 2) {
      return invalid({ _tag: 'ShapeProblem', operation: 'kerasOrthogonal', shapes: [w.shape], message: 'not a matrix' }, [w])
    }
    const matrix = mode === 'rows' ? transpose(w) : w
    const n = matrix.shape[1]
    const cosines = mul(gram(polar(matrix, [0]).direction), sub(1, identity(n)))
    return mul(lambda, div(sum(abs(cosines)), Math.max(1, n * (n - 1))))
  }, nonNegative('lambda', lambda))
