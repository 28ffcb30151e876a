/** The singular value decomposition: a factorisation, which is no formula, with its loops. */
import { mul } from './arithmetic.js'
import { greater } from './compare.js'
import { matmul } from './matmul.js'
import { invalid, isInvalid, node, type Expr, type Fill, type Primitive, type Values } from './node.js'
import { reshape } from './reshape.js'
import { slice } from './view.js'

/** ⟨a, b⟩ of columns of `length` numbers that begin at i and j. */
const dot = (a: Values, i: number, b: Values, j: number, length: number): number => {
  let sum = 0
  for (let k = 0; k < length; k++) sum += a[i + k] * b[j + k]
  return sum
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
 * Turns the columns of a [rows, columns], rows ≥ columns, whose largest element is about 1, until they are orthogonal, and those of v with
 * them: a·v, v orthogonal (Hestenes 1958). What is less than a rounding of the whole is left at an angle.
 */
const orthogonalised = (a: Float64Array, rows: number, columns: number): Float64Array => {
  const v = new Float64Array(columns * columns)
  for (let i = 0; i < columns; i++) v[i * columns + i] = 1
  const negligible = Number.EPSILON ** 2 * dot(a, 0, a, 0, a.length)
  for (let sweep = 0, turned = true; turned && sweep < sweeps; sweep++) {
    turned = false
    for (let p = 0; p < columns; p++) {
      for (let q = p + 1; q < columns; q++) {
        const [i, j] = [p * rows, q * rows]
        const [first, second, both] = [dot(a, i, a, i, rows), dot(a, j, a, j, rows), dot(a, i, a, j, rows)]
        if (Math.abs(both) <= Math.max(Number.EPSILON * Math.sqrt(rows) * Math.sqrt(first) * Math.sqrt(second), negligible)) continue
        const ratio = (second - first) / (2 * both)
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio))
        const cosine = 1 / Math.hypot(1, tangent)
        turn(a, i, j, rows, cosine, cosine * tangent)
        turn(v, p * columns, q * columns, columns, cosine, cosine * tangent)
        turned = true
      }
    }
  }
  return v
}

/** Puts into column `at` a unit vector at right angles to the columns before it: the first axis that lies far enough outside of them. */
const completed = (u: Float64Array, rows: number, at: number): void => {
  const to = at * rows
  for (let axis = 0, length = 0; axis < rows && length * length < 0.5 / rows; axis++) {
    u.fill(0, to, to + rows)
    u[to + axis] = 1
    for (let pass = 0; pass < 2; pass++) {
      for (let c = 0; c < at; c++) {
        const along = dot(u, c * rows, u, to, rows)
        for (let k = 0; k < rows; k++) u[to + k] -= along * u[c * rows + k]
      }
    }
    length = Math.sqrt(dot(u, to, u, to, rows))
    for (let k = 0; k < rows; k++) u[to + k] /= length
  }
}

/** A power of two that brings the largest element to 1 … 2; NaN where one is not finite. */
const scaleOf = (x: Values): number => {
  let largest = 0
  for (let i = 0; i < x.length; i++) largest = Number.isFinite(x[i]) ? Math.max(largest, Math.abs(x[i])) : Number.NaN
  return largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}

/** U, s and V one after the other. A matrix that is wider than high is read transposed, and U and V change places. */
const decomposed = (x: Values, m: number, n: number): Fill => (out) => {
  const [rows, columns, wide] = [Math.max(m, n), Math.min(m, n), n > m]
  const scale = scaleOf(x)
  if (Number.isNaN(scale)) {
    out.fill(Number.NaN)
    return
  }
  const a = new Float64Array(rows * columns)
  for (let c = 0; c < columns; c++) for (let r = 0; r < rows; r++) a[c * rows + r] = x[wide ? c * n + r : r * n + c] / scale
  const v = orthogonalised(a, rows, columns)
  const sizes = Array.from({ length: columns }, (_, c) => Math.sqrt(dot(a, c * rows, a, c * rows, rows)))
  const order = sizes.map((_, c) => c).sort((p, q) => sizes[q] - sizes[p])
  const least = rows * (out instanceof Float32Array ? 2 ** -23 : Number.EPSILON) * (sizes[order[0]] ?? 0)
  const u = new Float64Array(rows * columns)
  const [uAt, vAt] = wide ? [columns * columns + columns, 0] : [0, rows * columns + columns]
  order.forEach((c, k) => {
    const size = sizes[c] > least ? sizes[c] : 0
    out[m * columns + k] = size * scale
    if (size === 0) completed(u, rows, k)
    else for (let r = 0; r < rows; r++) u[k * rows + r] = a[c * rows + r] / size
    for (let r = 0; r < rows; r++) out[uAt + r * columns + k] = u[k * rows + r]
    for (let r = 0; r < columns; r++) out[vAt + r * columns + k] = v[c * columns + r]
  })
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
 * derivatives are not derived. Hestenes 1958; Demmel & Veselić 1992.
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
