/** The same values under another shape: its own adjoint. */
import { node, type Expr, type Primitive } from './node.js'
import { shapeProblem, showShape, sameShape, sizeOf, type Shape } from './shape.js'

const reshapePrimitive: Primitive<{ readonly shape: Shape }> = {
  name: 'reshape',
  options: ({ shape }) => (shape.some(Number.isNaN) ? undefined : shapeProblem(shape)),
  shape: ([x], { shape }) => (sizeOf(x) === sizeOf(shape) ? shape : `${sizeOf(x)} values do not fill ${showShape(shape)}`),
  evaluate: ([x]) => (out) => { out.set(x) },
  adjoint: ({ args: [x] }, dy) => [reshape(dy, x.shape)],
  show: ({ shape }) => showShape(shape)
}

/**
 * The values of `x`, row-major, under another shape of the same size.
 * @example
 * ```ts
 * import { reshape, variable } from 'tikhonov/expr'
 * reshape(variable('x', [4, 6]), [2, 12]).shape // => [2, 12]
 * ```
 */
export const reshape = (x: Expr, shape: Shape): Expr =>
  sameShape(x.shape, shape) ? x : node(reshapePrimitive, [x], { shape })
