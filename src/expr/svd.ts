/** The singular value decomposition: a factorisation, which is no formula, with its loops. */
import { mul } from './arithmetic.js'
import { greater } from './compare.js'
import { matmul } from './matmul.js'
import { invalid, isInvalid, node, type Expr, type Fill, type Primitive, type Values } from './node.js'
import { orthonormalised } from './orthonormal.js'
import { reshape } from './reshape.js'
import { slice } from './view.js'

/** ⟨a, b⟩ of `length` numbers from i and j on, in two sums that do not wait for each other. */
const dot = (a: Values, i: number, b: Values, j: number, length: number): number => {
  let even = 0
  let odd = 0
  for (let k = 1; k < length; k += 2) {
    even += a[i + k - 1] * b[j + k - 1]
    odd += a[i + k] * b[j + k]
  }
  return even + odd + (length % 2 === 1 ? a[i + length - 1] * b[j + length - 1] : 0)
}

/** Turns the columns that begin at i and j by the angle with this cosine and sine. */
const turn = (a: Values, i: number, j: number, length: number, cosine: number, sine: number): void => {
  for (let k = 0; k < length; k++) {
    const x = a[i + k]
    const y = a[j + k]
    a[i + k] = cosine * x - sine * y
    a[j + k] = sine * x + cosine * y
  }
}

/** Sweeps until no two columns are at an angle: about ten are enough, and these many are the end. */
const sweeps = 60

/**
 * Turns the columns of a square matrix whose largest element is about 1 until they are orthogonal, and those of the identity with them:
 * a·v, v orthogonal (Hestenes 1958). What is less than a rounding of the whole is left at an angle. Squared lengths are carried along in a
 * sweep, and taken anew for the next.
 */
const orthogonalised = (a: Float64Array, n: number): Float64Array => {
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  const negligible = Number.EPSILON ** 2 * dot(a, 0, a, 0, n * n)
  const squares = new Float64Array(n)
  for (let sweep = 0, turned = true; turned && sweep < sweeps; sweep++) {
    turned = false
    for (let p = 0; p < n; p++) squares[p] = dot(a, p * n, a, p * n, n)
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const both = dot(a, p * n, a, q * n, n)
        const small = Number.EPSILON * Math.sqrt(n) * Math.sqrt(squares[p]) * Math.sqrt(squares[q])
        if (Math.abs(both) <= small || Math.abs(both) <= negligible) continue
        const ratio = (squares[q] - squares[p]) / (2 * both)
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio))
        const cosine = 1 / Math.sqrt(1 + tangent * tangent)
        turn(a, p * n, q * n, n, cosine, cosine * tangent)
        turn(v, p * n, q * n, n, cosine, cosine * tangent)
        squares[p] = Math.max(0, squares[p] - tangent * both)
        squares[q] += tangent * both
        turned = true
      }
    }
  }
  return v
}

/** A power of two that brings the largest element to 1 … 2; NaN where one is not finite. */
const scaleOf = (x: Values): number => {
  let largest = 0
  for (let i = 0; i < x.length; i++) largest = Number.isFinite(x[i]) ? Math.max(largest, Math.abs(x[i])) : Number.NaN
  return largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}

/** Rᵀ of x = QR, x and Q [rows, columns] row by row: its columns one after the other. */
const triangle = (x: Float64Array, q: Float64Array, rows: number, columns: number): Float64Array => {
  const r = new Float64Array(columns * columns)
  for (let i = 0; i < rows * columns; i += columns) {
    for (let c = 0; c < columns; c++) for (let k = c; k < columns; k++) r[c * columns + k] += q[i + c] * x[i + k]
  }
  return r
}

/**
 * U, s and V one after the other. A matrix that is wider than high is read transposed, and U and V change places. x = QR first, then
 * Rᵀ·W with orthogonal columns V·s: so x = (QW)·s·Vᵀ. Rᵀ takes fewer sweeps than x, each of them shorter (Drmač & Veselić 2008). Columns of
 * V where s is 0 are whatever completes the others.
 */
const decomposed = (x: Values, m: number, n: number): Fill => (out, run) => {
  const [rows, columns, wide] = [Math.max(m, n), Math.min(m, n), n > m]
  const scale = scaleOf(x)
  if (Number.isNaN(scale)) {
    out.fill(Number.NaN)
    return
  }
  const tall = new Float64Array(rows * columns)
  for (let i = 0; i < tall.length; i++) tall[i] = (wide ? x[(i % columns) * n + Math.floor(i / columns)] : x[i]) / scale
  const q = new Float64Array(rows * columns)
  orthonormalised(tall, rows, columns)(q, run)
  const a = triangle(tall, q, rows, columns)
  const w = orthogonalised(a, columns)
  const sizes = Array.from({ length: columns }, (_, c) => Math.sqrt(dot(a, c * columns, a, c * columns, columns)))
  const order = sizes.map((_, c) => c).sort((i, j) => sizes[j] - sizes[i])
  const least = rows * (out instanceof Float32Array ? 2 ** -23 : Number.EPSILON) * (sizes[order[0]] ?? 0)
  const v = new Float64Array(columns * columns)
  const [tallAt, squareAt] = wide ? [(columns + 1) * columns, 0] : [0, (rows + 1) * columns]
  order.forEach((c, k) => {
    const size = sizes[c] > least ? sizes[c] : 0
    out[m * columns + k] = size * scale
    for (let i = 0; i < columns; i++) v[i * columns + k] = size === 0 ? 0 : a[c * columns + i] / size
    for (let i = 0; i < rows; i++) out[tallAt + i * columns + k] = dot(q, i * columns, w, c * columns, columns)
  })
  orthonormalised(v, columns, columns)(out.subarray(squareAt, squareAt + columns * columns), run)
}

const sizesOf = (y: Expr) => {
  const [m, n] = y.args[0].shape
  return { m, n, k: Math.min(m, n) }
}

/** The parts of the flat value. */
const partsOf = (y: Expr): Svd => {
  const { m, n, k } = sizesOf(y)
  const part = (from: number, rows: number) => reshape(slice(y, [from], [rows * k]), [rows, k])
  return { u: part(0, m), s: slice(y, [m * k], [k]), v: part(m * k + k, n) }
}

const svdPrimitive: Primitive<undefined> = {
  name: 'svd',
  shape: ([x]) => (x.length === 2 ? [(x[0] + x[1] + 1) * Math.min(x[0], x[1])] : 'wants a matrix'),
  evaluate: ([x], { args: [{ shape: [m, n] }] }) => decomposed(x, m, n),
  adjoint: (y, dy) => {
    const { m, k } = sizesOf(y)
    const { u, s, v } = partsOf(y)
    const ds = mul(slice(dy, [m * k], [k]), greater(s, 0))
    return [matmul(mul(u, ds), v, { b: true })]
  }
}

/** The factors of a matrix [m, n], k the smaller of m and n. */
export interface Svd {
  /** [m, k]: orthonormal columns. */
  readonly u: Expr
  /** [k]: the singular values, the largest first. */
  readonly s: Expr
  /** [n, k]: orthonormal columns. */
  readonly v: Expr
}

/**
 * The singular value decomposition x = U·diag(s)·Vᵀ of a matrix [m, n], by Jacobi's rotations in float64. Columns of U and V are
 * orthonormal, whatever the rank; singular values that are less than max(m, n)·ε of the largest are rounding, and 0. What is not finite
 * makes all of it NaN.
 *
 * To `gradient` U and V count as constant, and ds = diag(Uᵀ·dx·V) where s > 0, else 0. So gradients through s are right wherever the
 * function of s is smooth as one of x; where values meet (a tie for the largest) or are 0 they are a subgradient, if it is convex. Second
 * derivatives are not derived. About 50 ms for a matrix of 100 by 100. Hestenes 1958; Demmel & Veselić 1992.
 * @example
 * ```ts
 * import { constant, evaluate, gradient, sum, svd, variable } from 'tikhonov/expr'
 * evaluate(svd(constant([0, 3, -4, 0, 0, 0], [3, 2])).s) // => [4, 3]
 * const w = variable('w', [2, 2])
 * evaluate(gradient(sum(svd(w).s), [w])[0], { w: [0, 3, -4, 0] }) // => [0, 1, -1, 0]
 * evaluate(gradient(sum(svd(w).s), [w])[0], { w: [0, 0, 0, 0] }) // => [0, 0, 0, 0]
 * ```
 */
export const svd = (x: Expr): Svd => {
  const y = node(svdPrimitive, [x], undefined)
  if (!isInvalid(y)) return partsOf(y)
  const none = invalid(undefined, [y])
  return { u: none, s: none, v: none }
}
