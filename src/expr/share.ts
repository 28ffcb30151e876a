/** Common sub-expressions: equal nodes become one. */
import { topological, withArgs } from './graph.js'
import type { Expr } from './node.js'

/**
 * The graph with equal nodes merged: same primitive, same attributes (−0 is not 0), same arguments.
 * @example
 * ```ts
 * import { mul, share, variable } from 'tikhonov/expr'
 * const square = () => mul(variable('x', [2]), variable('x', [2]))
 * const [a, b] = share([square(), square()])
 * const merged = a === b
 * merged // => true
 * ```
 */
export const share = (roots: readonly Expr[]): readonly Expr[] => {
  const made = new Map<Expr, Expr>()
  const known = new Map<string, Expr>()
  const numbers = new Map<Expr, number>()
  for (const e of topological(roots)) {
    const args = e.args.map((a) => made.get(a) ?? a)
    const text = e.attributes === undefined ? '' : e.primitive.show?.(e.attributes)
    const key = text === undefined ? undefined : `${e.primitive.name}(${args.map((a) => numbers.get(a)).join()}) ${text} ${e.shape.join()}`
    const found = key === undefined ? undefined : known.get(key)
    const one = found?.primitive === e.primitive ? found : withArgs(e, args)
    made.set(e, one)
    if (!numbers.has(one)) numbers.set(one, numbers.size)
    if (key !== undefined && found === undefined) known.set(key, one)
  }
  return roots.map((r) => made.get(r) ?? r)
}
