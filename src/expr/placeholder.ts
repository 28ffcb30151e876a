/** Leaves that stand for what a loop brings. They have no path, so that nothing outside finds them, and are never merged. */
import { node, type Expr, type Primitive } from './node.js'
import { shapeProblem, type Shape } from './shape.js'

const placeholderPrimitive: Primitive<{ readonly shape: Shape }> = {
  name: 'placeholder',
  options: ({ shape }) => shapeProblem(shape),
  shape: (_, { shape }) => shape,
  evaluate: () => (out) => { out.fill(Number.NaN) },
  adjoint: () => []
}

/** A new leaf for a state, an item or a constant of a loop. */
export const placeholder = (shape: Shape): Expr => node(placeholderPrimitive, [], { shape })

/** Whether an expression stands for what a loop brings. */
export const isPlaceholder = (e: Expr): boolean => e.primitive === placeholderPrimitive
