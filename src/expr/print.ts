/** The graph as text, a line a node: for tests, for summaries, for reading what a program does. */
import { topological } from './graph.js'
import type { Expr } from './node.js'
import { showShape } from './shape.js'

/** A node as its operation, the names of its arguments, its attributes. */
export const describe = (e: Expr, name: (a: Expr) => string): string => {
  const attributes = e.attributes === undefined ? '' : e.primitive.show?.(e.attributes) ?? ''
  return [e.primitive.name, ...e.args.map(name), attributes].filter((s) => s !== '').join(' ')
}

/**
 * One line a node, arguments first: `%2 = add %0 %1 : [3]`.
 * @example
 * ```ts
 * import { mul, print, variable } from 'tikhonov/expr'
 * const w = variable('w', [2])
 * print([mul(w, w)]) // => "%0 = variable 'w' [2] : [2]\n%1 = mul %0 %0 : [2]"
 * ```
 */
export const print = (roots: readonly Expr[]): string => {
  const order = topological(roots)
  const names = new Map(order.map((e, i) => [e, `%${i}`]))
  return order.map((e) => `${names.get(e)} = ${describe(e, (a) => names.get(a) ?? '?')} : ${showShape(e.shape)}`).join('\n')
}
