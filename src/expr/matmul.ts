/** Matrix products, with transposition as a flag: the family is closed under its adjoint. */
import { node, type Expr, type Primitive } from './node.js'
import { sameShape, type Shape } from './shape.js'
import { products } from './tabulate.js'

/** Which factors are read transposed. */
export interface Transposed { readonly a: boolean; readonly b: boolean }

const split = (shape: Shape, transposed: boolean) => {
  const [p, q] = shape.slice(-2)
  return { lead: shape.slice(0, -2), rows: transposed ? q : p, columns: transposed ? p : q }
}

const matmulPrimitive: Primitive<Transposed> = {
  name: 'matmul',
  shape: ([x, y], { a, b }) => {
    if (x.length < 2 || y.length < 2) return 'wants matrices: rank 2 or more'
    const [l, r] = [split(x, a), split(y, b)]
    return !sameShape(l.lead, r.lead) ? 'leading sizes differ'
      : l.columns !== r.rows ? `inner sizes ${l.columns} and ${r.rows} differ`
      : [...l.lead, l.rows, r.columns]
  },
  evaluate: ([x, y], { args, attributes: { a, b } }) => {
    const [l, r] = [split(args[0].shape, a), split(args[1].shape, b)]
    const [m, n, k] = [l.rows, r.columns, l.columns]
    const steps = (flip: boolean, width: number, height: number) => (flip ? { row: 1, column: height } : { row: width, column: 1 })
    return products(x, y, [m, n, k], steps(a, k, m), steps(b, n, k))
  },
  adjoint: ({ args: [x, y], attributes: { a, b } }, dy) => [
    a ? matmul(y, dy, { a: b, b: true }) : matmul(dy, y, { a: false, b: !b }),
    b ? matmul(dy, x, { a: true, b: a }) : matmul(x, dy, { a: !a, b: false })
  ],
  show: ({ a, b }) => `${a ? 'ᵀ' : ''}${a || b ? '·' : ''}${b ? 'ᵀ' : ''}`
}

/**
 * The matrix product of the last two axes, [.., m, k] · [.., k, n] = [.., m, n]; leading axes are a batch and must agree.
 * `{ a: true }` reads the first factor transposed, `{ b: true }` the second.
 * @example
 * ```ts
 * import { constant, evaluate, matmul } from 'tikhonov/expr'
 * evaluate(matmul(constant([1, 2], [1, 2]), constant([3, 4], [2, 1]))) // => [11]
 * ```
 */
export const matmul = (x: Expr, y: Expr, { a = false, b = false }: Partial<Transposed> = {}): Expr =>
  node(matmulPrimitive, [x, y], { a, b })
