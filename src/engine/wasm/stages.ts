/**
 * The order of work: element-wise nodes of one shape and one level become one pass over memory, together with the sums of what they
 * compute; what else there is is a stage of its own. A node's level is one more than that of anything it reaches through a node that is
 * not element-wise, so that a pass never waits for itself; a node that can wait until its values are used in a pass waits.
 */
import { topological } from '../../expr/graph.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf, stridesOf, type Shape } from '../../expr/shape.js'
import { operations } from './operations.js'
import { startOf } from './reading.js'

/** A fused pass over the elements of a shape, with sums over all of them; or one node. */
export type Stage =
  | { readonly _tag: 'Pass'; readonly nodes: readonly Expr[]; readonly sums: readonly Expr[]; readonly shape: Shape }
  | { readonly _tag: 'Node'; readonly node: Expr }

/** Whether a node is computed element by element from values of its own shape. */
export const isElementwise = (e: Expr): boolean => e.primitive.name in operations

/** How many elements into its source another name for the same memory begins; `undefined` for what is none. */
export const aliasFrom = (e: Expr): number | undefined => {
  if (e.primitive.name === 'reshape') return 0
  if (e.primitive.name !== 'slice') return undefined
  const [x] = e.args
  const cut = e.shape.findLastIndex((d, a) => d !== x.shape[a])
  if (e.shape.slice(0, Math.max(cut, 0)).some((d) => d !== 1)) return undefined
  return stridesOf(x.shape).reduce((n, stride, a) => n + stride * startOf(e)[a], 0)
}

/** Whether a node computes nothing: another name for the same memory. */
export const isAlias = (e: Expr): boolean => aliasFrom(e) !== undefined

/** Whether a node is given: a constant, a variable, a hyper-parameter. */
export const isLeaf = (e: Expr): boolean => e.args.length === 0 && e.primitive.name !== 'bits'

/** Whether a node is the sum of all that a pass computes of one value. */
const isFusedSum = (e: Expr): boolean =>
  e.primitive.name === 'sum' && sizeOf(e.shape) === 1 && sizeOf(e.args[0].shape) > 1 && isElementwise(e.args[0])

/** Whether a node is read where its source lies, or may be: it is written out only where it must be. */
const isView = (e: Expr): boolean => ['reshape', 'slice', 'broadcast'].includes(e.primitive.name)

/** How many levels `user` stands above what it reads, at least: a view of a pass's value is had when that pass is done. */
const above = (user: Expr, read: Expr): number => (isElementwise(user) ? 0 : isView(user) ? (isElementwise(read) ? 1 : 0) : 1)

/** The earliest level of each node. */
const earliest = (order: readonly Expr[]): ReadonlyMap<Expr, number> => {
  const levels = new Map<Expr, number>()
  for (const e of order) {
    const least = e.args.length === 0 && !isLeaf(e) ? 1 : 0
    levels.set(e, Math.max(least, ...e.args.map((a) => (levels.get(a) ?? 0) + above(e, a))))
  }
  return levels
}

const keyOf = (level: number, e: Expr): string => `${level}:${e.shape.join()}`

const known = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}

/** The level of each node: the earliest, or a later one where a pass that uses it, or reads what it reads, takes it along. */
const levelsOf = (order: readonly Expr[], roots: readonly Expr[]): ReadonlyMap<Expr, number> => {
  const soonest = earliest(order)
  const at = (e: Expr): number => soonest.get(e) ?? 0
  // One more than the last: what is only reported may follow the last pass that it shares reading with.
  const top = Math.max(0, ...soonest.values()) + 1
  const users = new Map<Expr, Expr[]>()
  const readers = new Map<string, Set<Expr>>()
  for (const e of order) {
    for (const a of e.args) known(users, a, () => []).push(e)
    if (isElementwise(e)) for (const a of e.args) known(readers, keyOf(at(e), e), () => new Set()).add(a)
  }
  const kept = new Set(roots.filter((r) => sizeOf(r.shape) > 1))
  const levels = new Map<Expr, number>()
  const chosen = (e: Expr, latest: number): number => {
    if (isFusedSum(e) || isView(e) || sizeOf(e.shape) === 1) return latest
    if (!isElementwise(e)) return at(e)
    if (users.get(e)?.some((u) => isElementwise(u) && levels.get(u) === latest) === true) return latest
    const shared = (level: number) => e.args.some((a) => readers.get(keyOf(level, e))?.has(a) === true)
    return Array.from({ length: latest - at(e) }, (_, i) => latest - i).find(shared) ?? at(e)
  }
  for (let i = order.length - 1; i >= 0; i--) {
    const e = order[i]
    const latest = kept.has(e) ? at(e) : (users.get(e) ?? []).reduce((least, u) => Math.min(least, (levels.get(u) ?? 0) - above(u, e)), top)
    levels.set(e, isLeaf(e) ? 0 : latest > at(e) ? chosen(e, latest) : at(e))
  }
  return levels
}

/** The stages of a graph, each after what it needs. */
export const stagesOf = (roots: readonly Expr[]): readonly Stage[] => {
  const order = topological(roots)
  const levels = levelsOf(order, roots)
  const at = (e: Expr): number => levels.get(e) ?? 0
  const singles = new Map<number, Expr[]>()
  const passes = new Map<number, Map<string, Expr[]>>()
  const sums = new Map<string, Expr[]>()
  for (const e of order) {
    if (isElementwise(e)) known(known(passes, at(e), () => new Map<string, Expr[]>()), e.shape.join(), () => []).push(e)
    else if (isFusedSum(e)) known(sums, keyOf(at(e.args[0]), e.args[0]), () => []).push(e)
    else known(singles, at(e), () => []).push(e)
  }
  return Array.from({ length: Math.max(0, ...levels.values()) + 1 }, (_, level) => level).flatMap((level): readonly Stage[] => [
    ...(singles.get(level) ?? []).map((node): Stage => ({ _tag: 'Node', node })),
    ...[...(passes.get(level)?.values() ?? [])].map((nodes): Stage =>
      ({ _tag: 'Pass', nodes, sums: sums.get(keyOf(level, nodes[0])) ?? [], shape: nodes[0].shape }))
  ])
}
