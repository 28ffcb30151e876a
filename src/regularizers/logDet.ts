/** The logarithm of a determinant: a smooth stand-in for rank. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { constant } from '../expr/leaf.js'
import { matmul } from '../expr/matmul.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { scan } from '../expr/scan.js'
import { log } from '../expr/transcendental.js'
import { nonNegative, positive } from '../part/checks.js'
import { identity, smallerGram } from './matrix.js'
import { regularizer, type Regularizer } from './regularizer.js'
import { matrixOf } from './units.js'

/** ln det A of a symmetric positive definite A [n, n]: its pivots, one after the other, each taken out of what remains (Gauss). */
const logDeterminant = (a: Expr): Expr => {
  if (isInvalid(a)) return a
  const n = a.shape[0]
  const { final } = scan({ sequences: [identity(n)], initial: [a, constant(0)] }, ([left, sum], [axis]) => {
    const row = matmul(reshape(axis, [1, n]), left)
    const pivot = matmul(row, reshape(axis, [n, 1]))
    return { states: [sub(left, div(matmul(row, row, { a: true }), pivot)), add(sum, log(reshape(pivot, [])))], outputs: [] }
  })
  return final[1]
}

/** Options of `logDet`. */
export interface LogDetOptions {
  /** Below about √ε a singular value counts little: 1 unless told. ε > 0. */
  readonly epsilon?: Scalar
}

/**
 * logDet(λ) = ½λ·ln det(I + WᵀW/ε) = ½λ·Σ ln(1 + σᵢ²/ε) over the singular values of the matrix of the weights: a smooth stand-in for the
 * rank, which a large singular value hardly moves; where `nuclear` pulls on all of them alike, this lets those that are needed grow. Not
 * convex. Derived through Gauss's elimination of the smaller of WᵀW and WWᵀ. λ ≥ 0, given always; it and ε may be a `hyper`. Errors: a λ
 * below 0 or not finite, an ε not above 0. Fazel, Hindi & Boyd 2003. Laws: `regularizerLaws`, `lambdaLaws`, `rotationLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { logDet, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(logDet(2))(constant([0, 3, 1, 0], [2, 2]))) // => [Math.log(20)]
 * ```
 */
export const logDet = (lambda: Scalar, { epsilon = 1 }: LogDetOptions = {}): Regularizer =>
  regularizer('logDet', { lambda, epsilon }, (w, axes) => {
    const square = smallerGram(matrixOf(w, axes.incoming))
    return isInvalid(square) ? square : mul(0.5, lambda, logDeterminant(add(identity(square.shape[0]), div(square, epsilon))))
  }, [...nonNegative('lambda', lambda), ...positive('epsilon', epsilon)])
