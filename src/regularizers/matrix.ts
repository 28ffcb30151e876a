/** What penalties ask of matrices. */
import { constant } from '../expr/leaf.js'
import { matmul } from '../expr/matmul.js'
import { isInvalid, type Expr } from '../expr/node.js'
import { polar } from './norms.js'

/** The identity [n, n]. */
export const identity = (n: number): Expr => constant(Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)), [n, n])

/** WᵀW or WWᵀ, whichever is smaller: their eigenvalues other than 0 are the same. */
export const smallerGram = (matrix: Expr): Expr => {
  const wide = !isInvalid(matrix) && matrix.shape[1] > matrix.shape[0]
  return matmul(matrix, matrix, wide ? { b: true } : { a: true })
}

/** A direction that no matrix was made to avoid: sines of whole numbers. */
const somewhere = (n: number): Expr => constant(Array.from({ length: n }, (_, i) => Math.sin(i + 1)), [n, 1])

/**
 * ‖A·v‖₂ for a symmetric A [n, n], v a unit vector after k power iterations from a fixed one: the largest size of an eigenvalue, approached
 * from below. The gradient goes through the iterations too, so that it is that of the value, whatever k.
 */
export const spectralRadius = (a: Expr, iterations: number): Expr => {
  if (isInvalid(a)) return a
  const steps = Number.isSafeInteger(iterations) ? iterations : 0
  const last = Array.from({ length: steps }).reduce<Expr>((v) => polar(matmul(a, v)).direction, somewhere(a.shape[0]))
  return polar(matmul(a, polar(last).direction)).size
}
