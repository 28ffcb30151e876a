/** The penalty on the spectral norm. */
import { mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { count, nonNegative } from '../part/checks.js'
import { smallerGram, spectralRadius } from './matrix.js'
import { regularizer, type Regularizer } from './regularizer.js'
import { matrixOf } from './units.js'

/** Options of `spectralNorm`. */
export interface SpectralNormOptions {
  /** Power iterations, at least 1: 10 unless told. Each is a product of a square matrix, the smaller of units and inputs, with a vector. */
  readonly iterations?: number
}

/**
 * spectralNorm(λ) = ½λ·σ(W)², σ the largest singular value of the matrix of the weights: how far a layer can stretch a difference of
 * inputs. Where `ridge` shrinks all directions, this shrinks the longest. σ² is found by power iterations on WᵀW (or WWᵀ, the smaller)
 * from a fixed vector, and so from below; the gradient, λσ·uvᵀ in the limit, is that of the value found. `spectralNormalization` fixes σ
 * instead. λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not finite, iterations not a whole number ≥ 1.
 * Yoshida & Miyato 2017. Laws: `regularizerLaws`, `homogeneousLaws` of degree 2, `lambdaLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { penaltyOf, spectralNorm } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(spectralNorm(0.5))(constant([0, 4, 1, 0], [2, 2]))) // => [4]
 * ```
 */
export const spectralNorm = (lambda: Scalar, { iterations = 10 }: SpectralNormOptions = {}): Regularizer =>
  regularizer('spectralNorm', { lambda, iterations },
    (w, axes) => mul(0.5, lambda, spectralRadius(smallerGram(matrixOf(w, axes.incoming)), iterations)),
    [...nonNegative('lambda', lambda), ...count('iterations', iterations)])
