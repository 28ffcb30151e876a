/**
 * A fused pass: all element-wise nodes of one shape and level in one loop, each value in a register, each input read once; sums of
 * what is computed are taken on the way.
 */
import type { Expr } from '../../expr/node.js'
import { sizeOf, type Shape } from '../../expr/shape.js'
import type { Write } from './assemble.js'
import { raise, watch } from './finite.js'
import { flushed } from './flush.js'
import { f4, i32, v, type I, type Local, type V } from './instructions.js'
import { range, type Kernel, type Site } from './kernel.js'
import { shiftOf, type Moving } from './moving.js'
import { operations } from './operations.js'
import { summation } from './reduce.js'
import { inputsOf, movesAlong, numberOf, outsideOf, widthOf } from './reading.js'

/** What happens to the values of a pass beside their computation. */
export interface Keeping {
  /** Where a source lies that moves from step to step of a loop. */
  readonly moving: (e: Expr) => Moving | undefined
  /** Nodes that are stacked over the steps of a loop. */
  readonly stacked: readonly { readonly node: Expr; readonly to: Moving }[]
  /** Nodes that others read. */
  readonly stored: readonly Expr[]
  /** Sums of all elements of a node of the pass. */
  readonly sums: readonly Expr[]
  /** Nodes whose subnormals become 0. */
  readonly decaying: ReadonlySet<Expr>
  /** Nodes that must be finite: where one is not, the float32 at `flag` becomes NaN. */
  readonly checked: ReadonlySet<Expr>
  readonly flag: number
}

/** Nanoseconds an element, about; what is not here takes a tenth. */
const costs: Readonly<Record<string, number>> = {
  exp: 1, log: 1.2, log1p: 1.5, tanh: 2.3, sigmoid: 1.3, softplus: 2.5, erf: 2.5, erfinv: 4, sin: 2.5, cos: 2.5, pow: 5, sqrt: 0.4,
  div: 0.4, reciprocal: 0.4
}

/** How many elements are summed apart, before the sums of all such blocks are added up: fixed, so that threads do not matter. */
const block = 4096

/** How many vectors are added in float32 before they go to a sum in float64. */
const run = 16

/** A sum on its way: four numbers in float32, what went before in float64. */
interface Summing { readonly of: Expr; readonly four: Local<'v'>; readonly before: readonly Local<'v'>[] }

/** Adds up what blocks left. */
const adding = (write: Write, from: number, blocks: number, to: number): Kernel => ({
  entry: write(range, (w) => {
    const all = summation.begin(w)
    w.range(0, blocks * 32, 32, (at) => { summation.join(all, [f4.load(at, from), f4.load(at, from + 16)]) })
    w.storeFloat(0, to, summation.total(w, all))
  }),
  extent: 1,
  cost: blocks
})

/** Operations that make of −0 what they make of 0, but for the sign of a 0. */
const linear: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'neg'])

/** Sums of a pass in which −0 is as good as 0, since the sign of a 0 ends where it is flushed: there, + 0 does nothing. */
const unsignedOf = (nodes: readonly Expr[], keeps: ReadonlySet<Expr>, decaying: ReadonlySet<Expr>): ReadonlySet<Expr> => {
  const signs = new Set(keeps)
  for (const e of [...nodes].reverse()) {
    if (decaying.has(e)) signs.delete(e)
    if (signs.has(e) || !linear.has(e.primitive.name)) e.args.forEach((a) => { signs.add(a) })
  }
  return new Set(nodes.filter((e) => e.primitive.name === 'add' && !signs.has(e)))
}

/** The kernels of a pass: the loop, and for sums over more than one block what adds those up. */
export const passKernels = (site: Site, nodes: readonly Expr[], shape: Shape, keeping: Keeping): readonly Kernel[] => {
  const { at: address, write } = site
  const { stored, sums, decaying, checked, flag } = keeping
  const inputs = inputsOf(nodes)
  const width = widthOf(outsideOf(nodes))
  const size = sizeOf(shape)
  const keeps = new Set(stored)
  const unsigned = unsignedOf(nodes, new Set([...stored, ...keeping.stacked.map(({ node }) => node)]), decaying)
  const told = stored.filter((e) => checked.has(e))
  // A sum with what is not finite is not finite: who looks at it has looked at its terms.
  const terms = new Set(told.flatMap((e) => (['add', 'sub'].includes(e.primitive.name) ? e.args : [])))
  const watched = new Set(told.filter((e) => !terms.has(e)))
  // A unit is a vector, or a row; where sums are taken, so many of them as make a block.
  const rows = width === undefined ? Math.ceil(size / 4) : size / width
  const perUnit = width ?? 4
  const unit = sums.length === 0 ? 1 : Math.max(1, Math.floor(block / perUnit))
  const extent = Math.ceil(rows / unit)
  const partial = sums.map(() => (extent > 1 ? site.take(extent * 8) : 0))
  const each = nodes.reduce((ns, e) => ns + (costs[e.primitive.name] ?? 0.1), 0.1 * (inputs.length + stored.length))

  const entry = write(range, (w, [from, to]) => {
    const seen = w.keep(v.zero)
    const summing = sums.map((s): Summing => ({ of: s.args[0], four: w.keep(v.zero), before: summation.begin(w) }))
    const values = new Map<Expr, V>()
    // What moves is found from where it is at this step; a window has a place of its own in each row.
    const sources = new Map(inputs.map((input) => {
      const { node, source, reading } = input
      const moves = movesAlong(input) ? keeping.moving(source) : undefined
      const first = reading._tag === 'Window' ? reading.first * 4 : 0
      const shift = moves === undefined ? undefined : shiftOf(w, moves)
      return [node, { at: (moves?.at ?? address(source)) + first, shift, start: w.local('i') }] as const
    }))
    const stacks = keeping.stacked.map(({ node, to }) => ({ node, at: to.at, shift: shiftOf(w, to) }))
    for (const { node, source, reading } of inputs) {
      if (reading._tag !== 'Scalar') continue
      const number = numberOf(source)
      values.set(node, number === undefined ? w.keep(f4.loadSplat(0, address(source))) : w.all(number))
    }
    /** One vector: `lanes` of it mean something, and so many are stored. */
    const body = (at: I, column: I, lanes: number, exact: boolean) => {
      const live = (x: V): V => (lanes === 4 ? x : v.and(x, v.first(lanes)))
      for (const { node, source, reading } of inputs) {
        const number = source.shape.length === 0 ? numberOf(source) : undefined
        const from = sources.get(node)
        const shifted = (i: I): I => (from?.shift === undefined ? i : i32.add(i, from.shift))
        if (number !== undefined && reading._tag === 'Whole') values.set(node, w.all(number))
        else if (from === undefined) continue
        else if (reading._tag === 'Whole') values.set(node, w.keep(f4.load(shifted(at), from.at)))
        else if (reading._tag === 'Row') values.set(node, w.keep(f4.load(column, from.at)))
        else if (reading._tag === 'Window') values.set(node, w.keep(f4.load(i32.add(from.start, column), from.at)))
      }
      for (const e of nodes) {
        const args = e.args.map((a) => values.get(a) ?? w.all(Number.NaN))
        const made = unsigned.has(e) && args[1] === w.all(0) ? args[0] : w.keep(operations[e.primitive.name](w, args))
        const kept = decaying.has(e) ? w.keep(flushed(w, made)) : made
        values.set(e, kept)
        if (keeps.has(e)) w.storePart(at, address(e), kept, exact ? lanes : 4)
        for (const stack of stacks) if (stack.node === e) w.storePart(w.keep(i32.add(at, stack.shift)), stack.at, kept, lanes)
        for (const s of summing) if (s.of === e) s.four.set(f4.add(s.four, live(kept)))
      }
      // Added up among themselves first: an addition waits for the one before.
      const looked = [...watched].map((e) => live(values.get(e) ?? w.all(Number.NaN)))
      if (looked.length > 0) seen.set(f4.add(seen, looked.reduce((a, b) => f4.add(a, b))))
    }
    const settleAll = () => {
      for (const { four, before } of summing) {
        summation.take(w, before, four)
        four.set(v.zero)
      }
    }
    /** Vectors from one byte to another. */
    const vectors = (begin: I, end: I, at: (offset: I) => I) => {
      if (summing.length === 0) {
        w.range(begin, end, 16, (i) => { body(at(i), i, 4, false) })
        return
      }
      w.range(begin, end, 16 * run, (i) => {
        const stop = w.keep(i32.min(end, i32.add(i, 16 * run)))
        w.range(i, stop, 16, (j) => { body(at(j), j, 4, false) })
        settleAll()
      })
    }
    const flat = (begin: I, end: I) => {
      const whole = Math.floor(size / 4) * 16
      const stop = w.keep(i32.min(i32.mul(end, 16), whole))
      vectors(w.keep(i32.mul(begin, 16)), stop, (i) => i)
      if (size % 4 > 0) {
        // The rest is a vector of its own: what lies past the end is neither summed nor looked at.
        w.when(i32.equal(end, rows), () => {
          body(w.keep(i32.of(whole)), i32.of(whole), size % 4, false)
          settleAll()
        })
      }
    }
    const byRows = (begin: I, end: I, per: number) => {
      const bytes = i32.of(per * 4)
      const at = w.local('i')
      const start = w.keep(i32.mul(begin, bytes))
      const whole = per - (per % 4)
      const windows = inputs.flatMap(({ node, reading }) => {
        const from = sources.get(node)
        if (reading._tag !== 'Window' || from === undefined) return []
        const begun = i32.mul(begin, reading.whole * 4)
        from.start.set(from.shift === undefined ? begun : i32.add(begun, from.shift))
        return [{ start: from.start, bytes: reading.whole * 4 }]
      })
      w.range(w.keep(i32.mul(begin, 4)), w.keep(i32.mul(end, 4)), 4, (row) => {
        for (const { node, source, reading } of inputs) {
          if (reading._tag === 'Column') values.set(node, w.keep(f4.loadSplat(row, address(source))))
        }
        const here = (column: I): I => {
          at.set(i32.add(start, column))
          return at
        }
        if (whole > 0) vectors(w.keep(i32.of(0)), i32.of(whole * 4), here)
        if (per > whole) {
          body(here(i32.of(whole * 4)), w.keep(i32.of(whole * 4)), per - whole, true)
          settleAll()
        }
        start.set(i32.add(start, bytes))
        windows.forEach((x) => { x.start.set(i32.add(x.start, x.bytes)) })
      })
    }
    const all = (begin: I, end: I) => {
      if (width === undefined) flat(begin, end)
      else byRows(begin, end, width)
    }
    if (sums.length === 0) all(from, to)
    else {
      w.range(from, to, 1, (b) => {
        for (const l of summing.flatMap(({ before }) => before)) l.set(v.zero)
        const begin = w.keep(i32.mul(b, unit))
        all(begin, w.keep(i32.min(i32.add(begin, unit), rows)))
        summing.forEach(({ before }, k) => {
          if (extent > 1) {
            const to = w.keep(i32.mul(b, 32))
            before.forEach((x, i) => { w.store(to, partial[k] + i * 16, x) })
          } else w.storeFloat(0, address(sums[k]), summation.total(w, before))
        })
      })
    }
    if (watched.size > 0) {
      // A sum is not finite where a term is not, or where it is too large: then each number is looked at where it was stored.
      const doubtful = watch(w)
      doubtful.look(seen)
      w.when(v.any(doubtful.found), () => {
        const sure = watch(w)
        const [begin, end] = [from, to].map((n) => w.keep(i32.min(i32.mul(n, unit * perUnit * 4), size * 4)))
        for (const e of watched) w.range(begin, end, 4, (i) => { sure.look(f4.loadSplat(i, address(e))) })
        raise(w, flag, sure)
      })
    }
  })
  return [
    { entry, extent, cost: size * each },
    ...(extent > 1 ? sums.map((s, k) => adding(write, partial[k], extent, address(s))) : [])
  ]
}
