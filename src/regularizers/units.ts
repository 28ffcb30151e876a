/** A parameter seen unit by unit: what is written for the rows of a matrix, or for a matrix, as a function of any parameter. */
import { isInvalid, type Expr } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { axisSize, normalAxes, sizeOf } from '../expr/shape.js'
import { transpose } from '../expr/view.js'

/** What becomes of a parameter, given the axes over which the incoming weights of one unit lie. */
export type PerUnit = (incoming: readonly number[]) => (w: Expr) => Expr

/** A parameter as a matrix, rows along some axes and columns along the others, and the way back. */
const unfolded = (w: Expr, rows: readonly number[], columns: readonly number[]) => {
  const order = [...rows, ...columns]
  const size = (axes: readonly number[]) => sizeOf(axes.map((a) => axisSize(w.shape, a)))
  return {
    matrix: reshape(transpose(w, order), [size(rows), size(columns)]),
    back: (m: Expr) => (isInvalid(m) ? m : transpose(reshape(m, order.map((a) => w.shape[a])), order.map((_, a) => order.indexOf(a))))
  }
}

/** f, written for a matrix, of a parameter; a misfit where it has not these axes. */
const across = (w: Expr, rows: readonly number[], columns: readonly number[], f: (matrix: Expr) => Expr): Expr => {
  if (isInvalid(w)) return w
  const { matrix, back } = unfolded(w, rows, columns)
  return isInvalid(matrix) ? matrix : back(f(matrix))
}

const axesOf = (w: Expr, incoming: readonly number[]) => {
  const along = normalAxes(incoming, w.shape.length)
  return { along, units: w.shape.map((_, a) => a).filter((a) => !along.includes(a)) }
}

/** f, written for rows [units, weights of a unit], of a parameter. */
export const onRows = (f: (rows: Expr) => Expr): PerUnit => (incoming) => (w) => {
  const { along, units } = axesOf(w, incoming)
  return across(w, units, along, f)
}

/** The matrix [weights of a unit, units] that a parameter is. */
export const matrixOf = (w: Expr, incoming: readonly number[]): Expr => {
  if (isInvalid(w)) return w
  const { along, units } = axesOf(w, incoming)
  return unfolded(w, along, units).matrix
}

/** f, written for a matrix [weights of a unit, units], of a parameter. */
export const onMatrix = (f: (matrix: Expr) => Expr): PerUnit => (incoming) => (w) => {
  const { along, units } = axesOf(w, incoming)
  return across(w, along, units, f)
}
