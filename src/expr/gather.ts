/** gather ⊣ scatterAdd: reading rows by number and adding rows up by number. */
import { node, type Expr, type Primitive } from './node.js'
import { sameShape, showShape, sizeOf } from './shape.js'
import { accumulate, tabulate } from './tabulate.js'

const gatherPrimitive: Primitive<undefined> = {
  name: 'gather',
  shape: ([x, indices]) => (x.length === 0 ? 'wants rows: rank 1 or more' : [...indices, ...x.slice(1)]),
  evaluate: ([x, indices], { args: [{ shape }] }) => {
    const row = sizeOf(shape.slice(1))
    return tabulate((i) => {
      const r = indices[Math.floor(i / row)]
      return Number.isInteger(r) && r >= 0 && r < shape[0] ? x[r * row + (i % row)] : Number.NaN
    })
  },
  adjoint: ({ args: [x, indices] }, dy) => [scatterAdd(dy, indices, x.shape[0]), undefined]
}

/**
 * Rows of `x` by number: `gather(x, i)[…] = x[i[…]]`, shape [...i, ...row]. A number that is no row gives NaN. Adjoint: `scatterAdd`.
 * @example
 * ```ts
 * import { constant, evaluate, gather } from 'tikhonov/expr'
 * evaluate(gather(constant([10, 20, 30]), constant([2, 0]))) // => [30, 10]
 * ```
 */
export const gather = (x: Expr, indices: Expr): Expr => node(gatherPrimitive, [x, indices], undefined)

const scatterAddPrimitive: Primitive<{ readonly rows: number }> = {
  name: 'scatterAdd',
  shape: ([x, indices], { rows }) =>
    indices.length <= x.length && sameShape(x.slice(0, indices.length), indices)
      ? [rows, ...x.slice(indices.length)]
      : `rows are numbered ${showShape(indices)}, which is no beginning of ${showShape(x)}`,
  evaluate: ([x, indices], { args: [from, at] }) => {
    const row = sizeOf(from.shape.slice(at.shape.length))
    return accumulate(x, (i) => {
      const r = indices[Math.floor(i / row)]
      return Number.isInteger(r) ? r * row + (i % row) : -1
    })
  },
  adjoint: ({ args: [, indices] }, dy) => [gather(dy, indices), undefined],
  show: ({ rows }) => `into ${rows}`
}

/**
 * `rows` rows, each the sum of those rows of `x` that bear its number; what bears a number that is no row is nobody's. Adjoint: `gather`.
 * @example
 * ```ts
 * import { constant, evaluate, scatterAdd } from 'tikhonov/expr'
 * evaluate(scatterAdd(constant([1, 2, 10]), constant([0, 0, 2]), 3)) // => [3, 0, 10]
 * evaluate(scatterAdd(constant([1, 2, 3, 4], [2, 2]), constant([0.5, 1]), 2)) // => [0, 0, 3, 4]
 * ```
 */
export const scatterAdd = (x: Expr, indices: Expr, rows: number): Expr => node(scatterAddPrimitive, [x, indices], { rows })
