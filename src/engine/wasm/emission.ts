/** A graph as functions and the order in which to call them, over one block of memory. */
import { topological } from '../../expr/graph.js'
import { constantValues, pathOf } from '../../expr/leaf.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf, stridesOf } from '../../expr/shape.js'
import { indexMap } from '../../expr/tabulate.js'
import { drawOf, type Draw } from '../../random/bits.js'
import { bitsFunction } from './bits.js'
import type { FunctionCode } from './encode.js'
import { checkFunction, checksItself, copyFunction, outsideOf, passFunction, writtenOut } from './pass.js'
import { productFunctions, scratchOf } from './product.js'
import { copyByTable, layoutOfSum, sumColumns, sumRows } from './reduce.js'
import { isAlias, readingOf, stagesOf } from './stages.js'

/** Addresses from one growing block. Reads and stores past the end of a tensor stay within its slack; the first 64 bytes are nobody's. */
export interface Allocator {
  readonly take: (size: number) => number
  readonly pages: () => number
}

const slack = 64

/** An empty block. */
export const allocator = (): Allocator => {
  let next = 64
  return {
    take: (size) => {
      const at = next
      next += Math.ceil((size * 4 + slack) / 16) * 16
      return at
    },
    pages: () => Math.ceil(next / 65536) + 1
  }
}

/** What is done, in order: an emitted function, or a primitive's reference evaluation over the same memory. */
export type Action = { readonly _tag: 'Call'; readonly name: string } | { readonly _tag: 'Fill'; readonly node: Expr }

/** What is put into memory once. */
export interface Table { readonly at: number; readonly words: Int32Array }

/** A draw and where its rows' keys and places are looked up. */
export interface Drawn { readonly at: number; readonly draw: Draw; readonly rows: number }

/** Emitted code, and what it expects in memory. */
export interface Emission {
  readonly functions: readonly FunctionCode[]
  readonly actions: readonly Action[]
  readonly tables: readonly Table[]
  readonly draws: readonly Drawn[]
  readonly places: ReadonlyMap<Expr, number>
}

/** Roots that are kept from step to step: where each goes, that subnormals in it become 0, that it must be finite. */
export interface Outlet { readonly root: Expr; readonly at: number; readonly decaying: boolean }

/** What emission is told: names begin with `prefix`, functions are numbered from `index`; where leaves lie, where kept roots go. */
export interface Request {
  readonly prefix: string
  readonly index: number
  readonly memory: Allocator
  readonly flag: number
  readonly given: ReadonlyMap<Expr, number>
  readonly outlets: readonly Outlet[]
  readonly others: readonly Expr[]
}

const transposed = (e: Expr) => (e as Expr<{ readonly a: boolean; readonly b: boolean }>).attributes
const axesOf = (e: Expr): readonly number[] => (e as Expr<{ readonly axes: readonly number[] }>).attributes.axes

/** Where each element of a view lies in its source; `undefined` for what is no view of one source. */
const viewOf = (e: Expr): Int32Array | undefined => {
  const [x] = e.args
  const strides = x === undefined ? [] : stridesOf(x.shape)
  switch (e.primitive.name) {
    case 'transpose': return indexMap(e.shape, (e as Expr<{ readonly order: readonly number[] }>).attributes.order.map((a) => strides[a]))
    case 'slice': {
      const { start } = (e as Expr<{ readonly start: readonly number[] }>).attributes
      return indexMap(e.shape, strides, start.reduce((base, s, a) => base + s * strides[a], 0))
    }
    case 'broadcast': {
      const missing = e.shape.length - x.shape.length
      return indexMap(e.shape, e.shape.map((_, a) => (a < missing || x.shape[a - missing] === 1 ? 0 : strides[a - missing])))
    }
    default: return undefined
  }
}

const sizes = (e: Expr) => {
  const { a, b } = transposed(e)
  const [m, n] = e.shape.slice(-2)
  const [p, q] = e.args[0].shape.slice(-2)
  return { lead: sizeOf(e.shape.slice(0, -2)), m, n, k: a ? p : q, a, b }
}

/** The broadcasts that a pass reads where their source lies. */
const readInPlace = (nodes: readonly Expr[]): ReadonlySet<Expr> => {
  const out = writtenOut(nodes)
  return new Set(outsideOf(nodes).filter((e) => readingOf(e) !== undefined && !out.includes(e)))
}

/** Emits a graph. */
export const emission = ({ prefix, index, memory, flag, given, outlets, others }: Request): Emission => {
  const roots = [...outlets.map((o) => o.root), ...others]
  const stages = stagesOf(roots)
  const places = new Map<Expr, number>(given)
  const tables: Table[] = []
  const draws: Drawn[] = []
  const functions: FunctionCode[] = []
  const actions: Action[] = []
  const isLeaf = (e: Expr) => e.args.length === 0 && drawOf(e) === undefined

  // A kept root is computed where it goes, unless it is a leaf, another name, or kept twice: then it is copied there.
  const direct = new Map<Expr, Outlet>()
  for (const o of outlets) if (!isLeaf(o.root) && !isAlias(o.root) && !direct.has(o.root)) direct.set(o.root, o)
  for (const [root, o] of direct) places.set(root, o.at)

  const place = (e: Expr): number => {
    const known = places.get(e)
    if (known !== undefined) return known
    const at = isAlias(e) ? place(e.args[0]) : memory.take(sizeOf(e.shape))
    places.set(e, at)
    return at
  }
  const name = () => `${prefix}${functions.length}`
  const call = (code: readonly FunctionCode[]) => {
    functions.push(...code)
    actions.push({ _tag: 'Call', name: code[code.length - 1].name })
  }

  const needed = new Set<Expr>(roots)
  for (const s of stages) {
    const inPlace = s._tag === 'Pass' ? readInPlace(s.nodes) : undefined
    for (const a of s._tag === 'Node' ? s.node.args : outsideOf(s.nodes)) needed.add(inPlace?.has(a) === true ? a.args[0] : a)
  }

  const single = (e: Expr): void => {
    const draw = drawOf(e)
    const size = sizeOf(e.shape)
    const reduced = e.primitive.name === 'sum' ? layoutOfSum(e.args[0].shape, axesOf(e)) : undefined
    if (isLeaf(e) || isAlias(e)) place(e)
    else if (!needed.has(e)) return
    else if (draw !== undefined) {
      const rows = draw.address === 'perExample' ? draw.shape[0] : 1
      const at = memory.take(rows * 3)
      draws.push({ at, draw, rows })
      call([bitsFunction(name(), at, place(e), rows, rows === 0 ? 0 : size / rows)])
    } else if (e.primitive.name === 'matmul' && size > 0 && !(transposed(e).a && transposed(e).b)) {
      const p = { ...sizes(e), at: { a: place(e.args[0]), b: place(e.args[1]), c: place(e) } }
      call(productFunctions(name(), p, index + functions.length, memory.take(scratchOf(p))))
    } else if (reduced !== undefined && reduced._tag !== 'Mixed' && sizeOf(e.args[0].shape) > 0) {
      call([(reduced._tag === 'Rows' ? sumRows : sumColumns)(name(), place(e.args[0]), place(e), reduced.rows, reduced.width)])
    } else {
      const view = viewOf(e)
      if (view !== undefined && view.length > 0) {
        const from = place(e.args[0])
        const words = view.map((i) => from + i * 4)
        const at = memory.take(words.length)
        tables.push({ at, words })
        call([copyByTable(name(), at, place(e), words.length)])
      } else {
        e.args.forEach(place)
        place(e)
        actions.push({ _tag: 'Fill', node: e })
      }
    }
  }

  const decaying = new Set([...direct.values()].filter((o) => o.decaying).map((o) => o.root))
  const unchecked = new Set<Expr>(direct.keys())
  for (const s of stages) {
    if (s._tag === 'Node') single(s.node)
    else if (sizeOf(s.shape) > 0) {
      const stored = s.nodes.filter((n) => needed.has(n))
      const inPlace = readInPlace(s.nodes)
      outsideOf(s.nodes).forEach((a) => { place(inPlace.has(a) ? a.args[0] : a) })
      stored.forEach(place)
      call([passFunction(name(), s.nodes, s.shape, place, { stored, decaying, checked: new Set(direct.keys()), flag })])
      if (checksItself(s.nodes, s.shape)) stored.forEach((e) => unchecked.delete(e))
    }
  }
  for (const o of outlets) {
    const from = place(o.root)
    if (from !== o.at) call([copyFunction(name(), from, o.at, sizeOf(o.root.shape))])
  }
  for (const e of unchecked) call([checkFunction(name(), place(e), sizeOf(e.shape), flag)])
  topological(roots).filter((e) => isLeaf(e)).forEach(place)
  others.forEach(place)
  return { functions, actions, tables, draws, places }
}

/** The constants of a graph, by where they lie. */
export const constantsOf = (
  roots: readonly Expr[],
  places: ReadonlyMap<Expr, number>
): readonly { readonly at: number; readonly values: Float32Array }[] =>
  topological(roots).flatMap((e) => {
    const values = constantValues(e)
    const at = places.get(e)
    return values === undefined || at === undefined ? [] : [{ at, values: Float32Array.from(values) }]
  })

/** The variables and hypers of a graph, by path. */
export const leavesOf = (
  roots: readonly Expr[],
  places: ReadonlyMap<Expr, number>
): readonly { readonly path: string; readonly at: number; readonly size: number; readonly node: Expr }[] =>
  topological(roots).flatMap((node) => {
    const path = pathOf(node)
    const at = places.get(node)
    return path === undefined || at === undefined ? [] : [{ path, at, size: sizeOf(node.shape), node }]
  })
