/** Orthonormal columns: a factorisation, which is no formula, with its loops. */
import { isInvalid, node, type Expr, type Fill, type Primitive, type Values } from './node.js'

/** x ← x − (factor·⟨v, x⟩)·v over the elements `from` … `to` − 1 of v in `reflectors` and of x in `out`, each from its own base on. */
const reflect = (reflectors: Values, v: number, out: Values, x: number, from: number, to: number, factor: number): void => {
  let along = 0
  for (let i = from; i < to; i++) along += reflectors[v + i] * out[x + i]
  along *= factor
  for (let i = from; i < to; i++) out[x + i] -= along * reflectors[v + i]
}

/**
 * Q of a matrix [rows, columns] by Householder's reflections (Golub & Van Loan 2013, §5.2), each column turned so that the diagonal of R is
 * positive. Columns lie one after the other in the work space, so that the inner loops run through memory.
 */
export const orthonormalised = (given: Values, rows: number, columns: number): Fill => (out) => {
  const work = new Float64Array(rows * columns)
  for (let i = 0; i < work.length; i++) work[(i % columns) * rows + Math.floor(i / columns)] = given[i]
  const factors = new Float64Array(columns)
  const signs = new Float64Array(columns)
  for (let k = 0; k < columns; k++) {
    const at = k * rows
    let squares = 0
    for (let i = k; i < rows; i++) squares += work[at + i] ** 2
    const first = work[at + k]
    const length = Math.sqrt(squares)
    signs[k] = first > 0 ? -1 : 1
    work[at + k] = first - signs[k] * length
    factors[k] = squares === 0 ? 0 : 1 / (length * (length + Math.abs(first)))
    for (let c = k + 1; c < columns; c++) reflect(work, at, work, c * rows, k, rows, factors[k])
  }
  const q = new Float64Array(rows * columns)
  for (let c = 0; c < columns; c++) {
    q[c * rows + c] = signs[c]
    for (let k = c; k >= 0; k--) reflect(work, k * rows, q, c * rows, k, rows, factors[k])
  }
  for (let i = 0; i < out.length; i++) out[i] = q[(i % columns) * rows + Math.floor(i / columns)]
}

const orthonormalPrimitive: Primitive<undefined> = {
  name: 'orthonormal',
  shape: ([x]) => (x.length === 2 && x[0] >= x[1] ? x : 'wants a matrix with at least as many rows as columns'),
  evaluate: ([x], { shape: [rows, columns] }) => orthonormalised(x, rows, columns),
  adjoint: () => [undefined]
}

/**
 * Orthonormal columns that span, one after the other, those of `x` [m, n], m ≥ n: Q of the factorisation QR in which the diagonal of R is
 * positive. So Q is unique, and uniform over all such matrices where the elements of `x` are normal (Mezzadri 2007). It counts as constant
 * to `gradient`.
 */
export const orthonormal = (x: Expr): Expr => (isInvalid(x) ? x : node(orthonormalPrimitive, [x], undefined))
