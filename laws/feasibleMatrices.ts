/** Sets of matrices that constraints project onto, for their laws. Singular values are found in closed form: one side has size 1 or 2. */
import fc from 'fast-check'
import type { Shape } from 'tikhonov/expr'
import { ofLength, vector, type FeasibleSet } from './feasibleLengths.js'
import { inner, length } from './functional.js'

/** One or two vectors that are the rows, or the columns, of a matrix: the shorter way. */
const few = (v: readonly number[], [rows, columns]: Shape): readonly (readonly number[])[] =>
  Array.from({ length: Math.min(rows, columns) }, (_, k) =>
    v.filter((__, i) => (rows < columns ? Math.floor(i / columns) : i % columns) === k))

/** The matrix of these rows, or columns. */
const joined = (vectors: readonly (readonly number[])[], [rows, columns]: Shape): readonly number[] =>
  Array.from({ length: rows * columns }, (_, i) => {
    const [r, c] = [Math.floor(i / columns), i % columns]
    return rows < columns ? vectors[r][c] : vectors[c][r]
  })

/** Products of the vectors with each other. */
const gram = (v: readonly number[], shape: Shape) => {
  const [a, b] = [...few(v, shape), v.map(() => 0)]
  return { aa: inner(a, a), bb: inner(b, b), ab: inner(a, b), single: Math.min(...shape) < 2 }
}

const largest = (v: readonly number[], shape: Shape): number => {
  const { aa, bb, ab } = gram(v, shape)
  return Math.sqrt((aa + bb) / 2 + Math.hypot((aa - bb) / 2, ab))
}

const square = (v: readonly number[]): Shape => [Math.sqrt(v.length), Math.sqrt(v.length)]

/**
 * Symmetric matrices: what `symmetric` allows. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.symmetric.excess([1, 2, 3, 4], [2, 2]) // => 1
 * ```
 */
export const symmetric: FeasibleSet = {
  excess: (v, [n] = square(v)) => Math.max(...v.map((x, i) => Math.abs(x - v[(i % n) * n + Math.floor(i / n)]))),
  points: (size, [n] = [Math.sqrt(size)]) => vector(size).map((v) => v.map((_, i) => {
    const [r, c] = [Math.floor(i / n), i % n]
    return v[Math.max(r, c) * n + Math.min(r, c)]
  }))
}

/**
 * Matrices with orthonormal columns, or rows if there are fewer: what `orthonormalColumns` allows. Not convex; its points are floats within
 * rounding of it.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.stiefel.excess([2, 0, 0, 1], [2, 2]) // => 3
 * ```
 */
export const stiefel: FeasibleSet = {
  excess: (v, shape = square(v)) => {
    const { aa, bb, ab, single } = gram(v, shape)
    return Math.max(Math.abs(aa - 1), ...(single ? [] : [Math.abs(bb - 1), Math.abs(ab)]))
  },
  points: (size, shape = [1, size]) => vector(size).map((v) => {
    const [a, b] = few(v, shape)
    const first = ofLength(a, 1)
    const across = (x: readonly number[]) => {
      const along = inner(x, first)
      return x.map((y, i) => y - along * first[i])
    }
    const axes = first.map((_, k) => across(first.map((__, i) => (i === k ? 1 : 0))))
    const candidates = b === undefined ? [] : [across(b), ...axes].filter((x) => length(x) > 0.4)
    return joined(b === undefined ? [first] : [first, ofLength(across(ofLength(candidates[0], 1)), 1)], shape)
  })
}

/**
 * Matrices whose largest singular value is at most cap: what `spectralNormBall` allows. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.spectralNormBall(2).excess([3, 0, 0, 1], [2, 2]) // => 0.5
 * ```
 */
export const spectralNormBall = (cap: number): FeasibleSet => ({
  excess: (v, shape = square(v)) => largest(v, shape) / cap - 1,
  points: (size, shape = [1, size]) => fc.oneof(
    // The corners of the ball, all of whose singular values are cap.
    stiefel.points(size, shape).map((v) => v.map((x) => x * cap)),
    fc.tuple(vector(size), fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))).map(([v, part]) => {
      const norm = largest(v, shape)
      return v.map((x) => (norm === 0 ? 0 : (x / norm) * part * cap))
    }))
})
