/** Traversals of the graph, with an explicit stack: depth is no limit. Every interpreter is a fold over the topological list. */
import { pathOf } from './leaf.js'
import { isInvalid, problemOf, type Expr, type ShapeProblem } from './node.js'

/**
 * Every node that the roots need, once, arguments before what uses them. What is beneath an end is passed over.
 * @example
 * ```ts
 * import { add, mul, topological, variable } from 'tikhonov/expr'
 * const x = variable('x', [])
 * topological([add(mul(x, x), x)]).map((e) => e.primitive.name) // => ['variable', 'mul', 'add']
 * ```
 */
export const topological = (roots: readonly Expr[], ends: (e: Expr) => boolean = () => false): readonly Expr[] => {
  const order: Expr[] = []
  const seen = new Set<Expr>()
  for (const root of roots) {
    const stack: { readonly node: Expr; next: number }[] = seen.has(root) ? [] : [{ node: root, next: 0 }]
    seen.add(root)
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      if (top.next === top.node.args.length || ends(top.node)) {
        order.push(top.node)
        stack.pop()
      } else {
        const arg = top.node.args[top.next++]
        if (!seen.has(arg)) {
          seen.add(arg)
          stack.push({ node: arg, next: 0 })
        }
      }
    }
  }
  return order
}

/** The same graph with each node made anew from its rebuilt arguments; the arguments of an end are left as they are. */
export const rebuild = (
  roots: readonly Expr[],
  make: (node: Expr, args: readonly Expr[]) => Expr,
  ends?: (e: Expr) => boolean
): readonly Expr[] => {
  const made = new Map<Expr, Expr>()
  const of = (e: Expr): Expr => made.get(e) ?? e
  for (const e of topological(roots, ends)) made.set(e, make(e, e.args.map(of)))
  return roots.map(of)
}

/** A node with other arguments of the same shapes. */
export const withArgs = (e: Expr, args: readonly Expr[]): Expr => (args.every((a, i) => a === e.args[i]) ? e : { ...e, args })

/** The graph with some nodes replaced, by identity. */
export const replace = (roots: readonly Expr[], by: ReadonlyMap<Expr, Expr>): readonly Expr[] =>
  rebuild(roots, (e, args) => by.get(e) ?? withArgs(e, args), (e) => by.has(e))

/**
 * Everything that does not fit in these graphs: operation, shapes, message. Empty where all fits.
 * @example
 * ```ts
 * import { matmul, problems, tanh, variable } from 'tikhonov/expr'
 * const misfit = matmul(variable('x', [30, 2]), variable('w', [3, 1]))
 * problems([tanh(misfit)]).map((p) => p.message) // => ['inner sizes 2 and 3 differ']
 * ```
 */
export const problems = (roots: readonly Expr[]): readonly ShapeProblem[] =>
  roots.some(isInvalid) ? topological(roots).flatMap((e) => problemOf(e) ?? []) : []

/**
 * The graph with some variables replaced, by path.
 * @example
 * ```ts
 * import { constant, evaluate, mul, substitute, variable } from 'tikhonov/expr'
 * const w = variable('w', [2])
 * const [doubled] = substitute([mul(2, w)], { w: constant([1, 5]) })
 * evaluate(doubled) // => [2, 10]
 * ```
 */
export const substitute = (roots: readonly Expr[], by: Readonly<Record<string, Expr>>): readonly Expr[] =>
  rebuild(roots, (e, args) => by[pathOf(e) ?? ''] ?? withArgs(e, args))
