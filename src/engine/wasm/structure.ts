/** What a graph is, apart from which objects it is made of: two graphs of one structure compile to the same code. */
import { topological } from '../../expr/graph.js'
import type { Expr, Primitive } from '../../expr/node.js'

const numbers = new WeakMap<Primitive<never>, number>()
let count = 0

/** A number for a primitive: two of the same name need not do the same. */
const numberOf = (p: Primitive<never>): number => {
  const known = numbers.get(p)
  if (known !== undefined) return known
  count += 1
  numbers.set(p, count)
  return count
}

/** The structure of a graph as text, or `undefined` where a node's attributes cannot be written down. */
export const structureOf = (roots: readonly Expr[]): string | undefined => {
  const order = topological(roots)
  const names = new Map(order.map((e, i) => [e, i]))
  const lines = order.map(({ primitive, args, attributes, shape }) => {
    const text = attributes === undefined ? '' : primitive.show?.(attributes)
    return text === undefined ? undefined : `${numberOf(primitive)} ${args.map((a) => names.get(a)).join()} ${text} ${shape.join()}`
  })
  return lines.includes(undefined) ? undefined : [...lines, roots.map((r) => names.get(r)).join()].join('\n')
}

/** The newest so many answers, by key; no key, no memory. */
export const newest = <A>(most: number) => {
  const known = new Map<string, A>()
  return (key: string | undefined, make: () => A): A => {
    if (key === undefined) return make()
    const found = known.get(key) ?? make()
    known.delete(key)
    known.set(key, found)
    if (known.size > most) for (const oldest of [...known.keys()].slice(0, known.size - most)) known.delete(oldest)
    return found
  }
}
