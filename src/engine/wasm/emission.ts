/** A graph as kernels and the order in which to run them, over one block of memory. */
import { topological } from '../../expr/graph.js'
import { constantValues, pathOf } from '../../expr/leaf.js'
import type { Expr } from '../../expr/node.js'
import { loopOf } from '../../expr/loop.js'
import { sizeOf } from '../../expr/shape.js'
import { drawOf, type Draw } from '../../random/bits.js'
import type { Write } from './assemble.js'
import { bitsKernel } from './bits.js'
import { emitters } from './emitters.js'
import type { FunctionCode } from './encode.js'
import { checkKernel } from './finite.js'
import type { Kernel, Site } from './kernel.js'
import { looped } from './loops.js'
import { planned, type Allocator, type Lived } from './memory.js'
import { copyKernel, type Moving } from './moving.js'
import { passKernels } from './pass.js'
import { inputsOf, movesAlong } from './reading.js'
import { aliasFrom, isAlias, isLeaf, stagesOf, type Stage } from './stages.js'

/**
 * What is done, in order: a kernel, a primitive's reference evaluation over the same memory, or a loop, whose step is told by the whole
 * number that lies at its clock.
 */
export type Action =
  | { readonly _tag: 'Run'; readonly kernel: Kernel }
  | { readonly _tag: 'Fill'; readonly node: Expr; readonly at: (e: Expr) => number }
  | { readonly _tag: 'Loop'; readonly clock: number; readonly length: number; readonly reverse: boolean; readonly body: readonly Action[] }

/** What is put into memory once. */
export interface Table { readonly at: number; readonly words: Int32Array }

/** A draw and where its rows' keys and places are looked up. */
export interface Drawn { readonly at: number; readonly draw: Draw; readonly rows: number }

/** Roots that are kept from step to step: where each goes in each generation, and that subnormals in it become 0. */
export interface Outlet { readonly root: Expr; readonly at: readonly number[]; readonly decaying: boolean }

/**
 * What emission is told. Of the code there are as many generations as `given` has maps: they differ in where these leaves lie and where
 * the outlets go.
 */
export interface Request {
  readonly write: Write
  readonly threads: number
  readonly memory: Allocator
  /** Where a kept root that is not finite is told; nowhere unless told. */
  readonly flag?: number
  readonly given: readonly ReadonlyMap<Expr, number>[]
  readonly outlets: readonly Outlet[]
  readonly others: readonly Expr[]
  /** Leaves that are read where they lie at this step of a loop. */
  readonly items?: readonly Stepping[]
  /** Roots that are stacked over the steps of a loop. */
  readonly stacks?: readonly Stepping[]
  /** What is done once for all steps of a loop. */
  readonly once?: Site['once']
  /** Functions that code around this has, by their keys, and that it is given. */
  readonly functions?: Map<string, FunctionCode>
}

/** A node that has a place of its own at each step of a loop. */
export interface Stepping { readonly node: Expr; readonly place: Moving }

/** Emitted code, and what it expects in memory. */
export interface Emission {
  /** For each generation. */
  readonly actions: readonly (readonly Action[])[]
  readonly tables: readonly Table[]
  readonly draws: readonly Drawn[]
  /** Where a node lies in a generation, where it lies anywhere. */
  readonly at: (generation: number, e: Expr) => number
  /** Graphs within: the bodies of loops, with where their nodes lie. */
  readonly inner: readonly { readonly roots: readonly Expr[]; readonly at: (e: Expr) => number }[]
}

/** What a stage reads and what it writes. */
interface Touched { readonly reads: readonly Expr[]; readonly writes: readonly Expr[] }

const sourceOf = (e: Expr): Expr => (isAlias(e) ? sourceOf(e.args[0]) : e)

/** Emits a graph. */
export const emission = (request: Request): Emission => {
  const { write, threads, memory, flag, given, outlets, others, items = [], stacks = [], once } = request
  const functions = request.functions ?? new Map<string, FunctionCode>()
  const roots = [...outlets.map((o) => o.root), ...others, ...stacks.map((s) => s.node)]
  const stages = stagesOf(roots)

  // A kept root is computed where it goes, unless it is a leaf, another name, or kept twice: then it is copied there.
  const direct = new Map<Expr, Outlet>()
  for (const o of outlets) if (!isLeaf(o.root) && !isAlias(o.root) && !direct.has(o.root)) direct.set(o.root, o)

  const computed = new Set(stages.flatMap((s) => (s._tag === 'Pass' ? s.nodes : [])))
  // What a pass computes is stacked by it; the rest is copied.
  const stackedLater = stacks.filter((s) => !computed.has(s.node))
  const inputs = new Map(stages.map((s) => [s, s._tag === 'Pass' ? inputsOf(s.nodes) : []]))
  const readBy = (s: Stage): readonly Expr[] =>
    s._tag === 'Pass' ? (inputs.get(s) ?? []).map(({ source }) => source) : isAlias(s.node) ? [] : s.node.args
  // Last stages first: what nobody needs, such as a broadcast that is read where its source lies, is not made.
  const lasting = new Set([...outlets.map((o) => o.root), ...others, ...stackedLater.map((k) => k.node)].map(sourceOf))
  const needed = new Set(lasting)
  const kept = [...stages].reverse().filter((s) => {
    const wanted = s._tag === 'Node' ? needed.has(s.node) : true
    if (wanted) readBy(s).forEach((e) => { needed.add(sourceOf(e)) })
    return wanted && !(s._tag === 'Node' && isLeaf(s.node)) && sizeOf(s._tag === 'Node' ? s.node.shape : s.shape) > 0
  }).reverse()
  const touched = kept.map((s): Touched => ({
    reads: readBy(s).map(sourceOf),
    writes: s._tag === 'Node' ? [s.node] : [...s.nodes.filter((n) => needed.has(n)), ...s.sums]
  }))

  const own = new Set([...given.flatMap((g) => [...g.keys()]), ...direct.keys()])
  const lives = new Map<Expr, Lived<Expr>>()
  touched.forEach(({ reads, writes }, i) => {
    for (const e of writes) lives.set(e, { key: e, numbers: sizeOf(e.shape), from: i, to: lasting.has(e) ? kept.length : i })
    for (const e of reads) {
      const life = lives.get(e)
      if (life !== undefined && life.to < i) lives.set(e, { ...life, to: i })
    }
  })
  const places = new Map<Expr, number>()
  for (const e of topological(roots)) if ((isLeaf(e) || sizeOf(e.shape) === 0) && !own.has(e)) places.set(e, memory.take(sizeOf(e.shape)))
  planned([...lives.values()].filter(({ key }) => !own.has(key)), memory).forEach((at, e) => { places.set(e, at) })

  const tables: Table[] = []
  const draws: Drawn[] = []
  const inner: Emission['inner'][number][] = []
  const scratch: { readonly at: number; readonly numbers: number; stage: number }[] = []
  const decaying = new Set([...direct.values()].filter((o) => o.decaying).map((o) => o.root))
  const checked = new Set(flag === undefined ? [] : direct.keys())
  const at = (g: number, e: Expr): number => {
    const begun = aliasFrom(e)
    return begun === undefined ? given[g].get(e) ?? direct.get(e)?.at[g] ?? places.get(e) ?? 0 : at(g, e.args[0]) + begun * 4
  }
  const steppings = new Map(items.map((i) => [i.node, i.place]))
  /** Where a source lies at a step: that of its item, as far into it as its names say. */
  const moving = (e: Expr): Moving | undefined => {
    const begun = aliasFrom(e)
    const of = begun === undefined ? steppings.get(e) : moving(e.args[0])
    return of === undefined ? undefined : { ...of, at: of.at + (begun ?? 0) * 4 }
  }
  const site = (g: number, stage: number): Site => ({
    write, threads, once,
    at: (e) => at(g, e),
    take: (numbers) => {
      const free = scratch.find((s) => s.stage !== stage && s.numbers >= numbers) ?? { at: memory.take(numbers), numbers, stage }
      if (free.stage === stage) scratch.push(free)
      free.stage = stage
      return free.at
    },
    table: (words) => {
      const known = tables.find((t) => t.words.length === words.length && t.words.every((word, i) => word === words[i]))
      if (known !== undefined) return known.at
      const table = { at: memory.take(words.length), words }
      tables.push(table)
      return table.at
    },
    shared: (key, make) => {
      const made = functions.get(key) ?? make()
      functions.set(key, made)
      return made
    }
  })
  const runs = (kernels: readonly Kernel[]): readonly Action[] => kernels.map((kernel) => ({ _tag: 'Run', kernel }))
  const emitted = (s: Stage, here: Site): readonly Action[] => {
    if (s._tag === 'Pass') {
      return runs(passKernels(here, s.nodes, s.shape, {
        stored: s.nodes.filter((n) => needed.has(n)), sums: s.sums, decaying, checked, flag: flag ?? 0, moving,
        stacked: stacks.filter(({ node }) => s.nodes.includes(node)).map(({ node, place }) => ({ node, to: place }))
      }))
    }
    const draw = drawOf(s.node)
    if (draw !== undefined) {
      const rows = draw.address === 'perExample' ? draw.shape[0] : 1
      const table = memory.take(rows * 3)
      draws.push({ at: table, draw, rows })
      return runs([bitsKernel(write, table, here.at(s.node), rows, sizeOf(s.node.shape) / rows)])
    }
    const loop = loopOf(s.node)
    if (loop !== undefined) {
      const { actions, steps } = looped({ write, threads, memory, functions, emit: emission, at: here.at }, s.node, loop)
      for (const step of steps) {
        tables.push(...step.tables)
        inner.push({ roots: step.roots, at: (node) => step.at(0, node) }, ...step.inner)
      }
      return actions
    }
    const kernels = emitters[s.node.primitive.name]?.(here, s.node)
    return kernels === undefined ? [{ _tag: 'Fill', node: s.node, at: here.at }] : runs(kernels)
  }
  // Items that are not read where they lie at each step are copied to a place that stays.
  const placedItems = items.filter(({ node }) => kept.some((s) => s._tag === 'Node'
    ? readBy(s).some((a) => sourceOf(a) === node)
    : inputs.get(s)?.some((input) => sourceOf(input.source) === node && !movesAlong(input)))
    || lasting.has(node))
  const beginning = (g: number): readonly Kernel[] =>
    placedItems.map(({ node, place }) => copyKernel(write, place, at(g, node), sizeOf(node.shape)))
  const watching = new Set(kept.flatMap((s) => (s._tag === 'Pass' ? s.nodes : [])))
  const ending = (g: number): readonly Kernel[] => [
    ...outlets.flatMap((o) => {
      const size = sizeOf(o.root.shape)
      const check = flag === undefined ? [] : [checkKernel(write, o.at[g], size, flag)]
      return size === 0 ? []
        : at(g, o.root) !== o.at[g] ? [copyKernel(write, at(g, o.root), o.at[g], size), ...(isLeaf(o.root) ? [] : check)]
        : watching.has(o.root) ? [] : check
    }),
    ...stackedLater.filter(({ node }) => sizeOf(node.shape) > 0)
      .map(({ node, place }) => copyKernel(write, at(g, node), place, sizeOf(node.shape)))
  ]
  const first: (readonly Action[])[] = []
  const actions = given.map((_, g) => [
    ...runs(beginning(g)),
    ...kept.flatMap((s, i) => {
      const { reads, writes } = touched[i]
      const same = g > 0 && ![...reads, ...writes].some((e) => own.has(e))
      const made = same ? first[i] : emitted(s, site(g, g * kept.length + i))
      if (g === 0) first.push(made)
      return made
    }),
    ...runs(ending(g))
  ])
  return { actions, tables, draws, at, inner }
}

/** The constants of a graph, by where they lie. */
export const constantsOf = (
  roots: readonly Expr[],
  { at, inner }: Emission
): readonly { readonly at: number; readonly values: Float32Array }[] =>
  [{ roots, at: (e: Expr) => at(0, e) }, ...inner].flatMap((graph) => topological(graph.roots).flatMap((e) => {
    const values = constantValues(e)
    return values === undefined ? [] : [{ at: graph.at(e), values: Float32Array.from(values) }]
  }))

/** The variables and hypers of a graph, by path. */
export const leavesOf = (
  roots: readonly Expr[],
  { at }: Emission
): readonly { readonly path: string; readonly at: number; readonly size: number; readonly node: Expr }[] =>
  topological(roots).flatMap((node) => {
    const path = pathOf(node)
    return path === undefined ? [] : [{ path, at: at(0, node), size: sizeOf(node.shape), node }]
  })
