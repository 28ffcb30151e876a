/** What nobody reads of the loops of a graph, gone: stacked outputs first, then states, items and constants that only these needed. */
import { rootsOf, withRoots, type Body } from './body.js'
import { rebuild, topological, withArgs } from './graph.js'
import { loopOf, partsOf, trimmed, withLoop, type Loop } from './loop.js'
import type { Expr } from './node.js'
import { slice } from './view.js'

/** Elements of a flat value that are read: `size` of them, from `start` on. */
interface Window { readonly start: number; readonly size: number }

/** A smaller loop: its arguments, and where an element of the old flat value that is still there lies in the new one. */
export interface PrunedScan { readonly scan: Expr; readonly moved: (at: number) => number }

/** The states that are read or that something read is made from. */
const living = ({ states, next, outputs }: Body, read: readonly boolean[]): readonly boolean[] => {
  const reached = new Set(topological([...next.filter((_, k) => read[k]), ...outputs]))
  const more = states.map((s, k) => read[k] || reached.has(s))
  return more.every((live, k) => live === read[k]) ? read : living({ states, items: [], constants: [], next, outputs }, more)
}

/**
 * A scan without the parts of its flat value that `keep` denies: `final` says of each state, `outputs` of each stacked output, whether
 * it is read. A state stays where something that is read is made from it.
 */
export const prunedScan = (e: Expr, keep: { readonly final: readonly boolean[]; readonly outputs: readonly boolean[] }): PrunedScan => {
  const loop = loopOf(e)
  const dropped = keep.outputs.includes(false) || keep.final.includes(false)
  if (loop === undefined || !dropped) return { scan: e, moved: (at) => at }
  const { body } = loop
  const outputs = body.outputs.filter((_, j) => keep.outputs[j])
  const live = living({ ...body, outputs }, keep.final)
  const only = <A>(xs: readonly A[]): readonly A[] => xs.filter((_, k) => live[k])
  const from = body.items.length
  const args = e.args.filter((_, i) => live[i - from] ?? true)
  const smaller: Loop = { ...loop, body: { ...body, states: only(body.states), next: only(body.next), outputs } }
  const thin = trimmed(smaller, args)
  const parts = partsOf(loop)
  const kept = [...only(parts.final), ...parts.outputs.filter((_, j) => keep.outputs[j])]
  const moved = (at: number): number => kept.reduce((n, { offset, size }) => n + Math.min(Math.max(at - offset, 0), size), 0)
  return { scan: withLoop(e, thin.loop, thin.args), moved }
}

const startOf = (e: Expr): number => (e as Expr<{ readonly start: readonly number[] }>).attributes.start[0]

/** The same graph with its scans pruned to what is read of them. Values stay. */
export const prune = (roots: readonly Expr[]): readonly Expr[] => {
  const order = topological(roots)
  if (!order.some((e) => loopOf(e) !== undefined)) return roots
  const needed = new Set(roots)
  const whole = new Set(roots)
  const windows = new Map<Expr, Window[]>()
  const read = (a: Expr, by: Expr) => {
    needed.add(a)
    if (loopOf(a) === undefined) return
    if (by.primitive.name === 'slice') windows.set(a, [...windows.get(a) ?? [], { start: startOf(by), size: by.shape[0] }])
    else whole.add(a)
  }
  const thin = new Map<Expr, PrunedScan>()
  for (let i = order.length - 1; i >= 0; i--) {
    const e = order[i]
    const loop = loopOf(e)
    if (!needed.has(e)) continue
    if (loop !== undefined && !whole.has(e)) {
      const isRead = ({ offset, size }: { readonly offset: number; readonly size: number }): boolean =>
        windows.get(e)?.some((w) => w.size > 0 && w.start < offset + size && offset < w.start + w.size) ?? false
      const { final, outputs } = partsOf(loop)
      thin.set(e, prunedScan(e, { final: final.map(isRead), outputs: outputs.map(isRead) }))
    }
    for (const a of (thin.get(e)?.scan ?? e).args) read(a, e)
  }
  return rebuild(roots, (e, args) => {
    if (!needed.has(e)) return e
    const pruned = thin.get(e)
    const by = new Map(e.args.map((a, i) => [a, args[i]]))
    if (pruned !== undefined) return withArgs(pruned.scan, pruned.scan.args.map((a) => by.get(a) ?? a))
    const source = e.primitive.name === 'slice' ? thin.get(e.args[0]) : undefined
    return source === undefined ? withArgs(e, args) : slice(args[0], [source.moved(startOf(e))], e.shape)
  })
}

/** The same loop with its body's roots rewritten. */
export const rewritten = (e: Expr, rewrite: (roots: readonly Expr[]) => readonly Expr[]): Expr => {
  const loop = loopOf(e)
  if (loop === undefined) return e
  const before = rootsOf(loop.body)
  const after = rewrite(before)
  if (after.every((r, i) => r === before[i])) return e
  const thin = trimmed({ ...loop, body: withRoots(loop.body, after) }, e.args)
  return withLoop(e, thin.loop, thin.args)
}
