/** Matrix products as kernels: by panels of columns, by blocks of rows, or by the leading index, whichever shares the work evenly. */
import type { Transposed } from '../../expr/matmul.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import { i32, type I, type Writer } from './assemble.js'
import { block, cut, heights, panels, scratchOf, type Block, type Pieces, type Reading } from './block.js'
import { range, type Emit, type Kernel, type Site } from './kernel.js'
import { pack, roomOf } from './pack.js'
import { tallest, vectorsOf } from './tile.js'

/** One number for each of the two factors and the result. */
interface Three { readonly a: number; readonly b: number; readonly c: number }

/**
 * A product [m, k]·[k, n], `lead` times. A factor may be a slice of something larger: its rows then lie `strides` apart, its matrices
 * `leads` apart. What it writes must be none of what it reads.
 */
export interface Product {
  readonly lead: number
  readonly m: number
  readonly n: number
  readonly k: number
  /** Which factors are stored transposed. */
  readonly a: boolean
  readonly b: boolean
  /** Where they lie, in bytes. */
  readonly at: Three
  /** Numbers from one stored row to the next; else rows lie one behind the other. */
  readonly strides?: Partial<Three>
  /** Numbers from one matrix to the next; else matrices lie one behind the other. */
  readonly leads?: Partial<Three>
  /** Where a row lies that is added to every row of the result: n numbers. */
  readonly bias?: number
  /** Adds to what is there. Such a kernel must not be done again. */
  readonly accumulate?: boolean
}

/** Nanoseconds for one multiplication and addition, and for packing one number. */
const [flop, packed] = [0.08, 0.3]

/** Longest piece of the inner dimension. */
const depth = 512

const stored = ({ m, n, k, a, b, strides, leads }: Product) => {
  const s = { a: strides?.a ?? (a ? m : k), b: strides?.b ?? (b ? k : n), c: strides?.c ?? n }
  return { strides: s, leads: { a: leads?.a ?? s.a * (a ? k : m), b: leads?.b ?? s.b * (b ? n : k), c: leads?.c ?? s.c * m } }
}

const plus = (x: I, n: number): I => (n === 0 ? x : i32.add(x, i32.of(n)))

/** The pieces of 0 … total that lie in a range of units: `body` is given where a piece begins. */
const spans = (w: Writer, from: I, to: I, parts: readonly Pieces[], body: (part: Pieces, at: I) => void): void => {
  parts.reduce((before, part) => {
    const [first, end] = [i32.of(before), i32.of(before + part.count)]
    const run = (begin: I, stop: I) => {
      w.range(begin, stop, 1, (unit) => { body(part, plus(i32.mul(i32.add(unit, i32.of(-before)), i32.of(part.size)), part.from)) })
    }
    if (parts.length === 1) run(from, to)
    else run(w.keep(from), w.keep(i32.min(to, end)))
    return before + part.count
  }, 0)
}

const unitsOf = (parts: readonly Pieces[]): number => parts.reduce((sum, p) => sum + p.count, 0)

/** Packs a factor whole, panel behind panel, each with room for its k: what a kernel after it reads. */
const packing = (
  site: Site, at: number, to: number, parts: readonly Pieces[],
  { k, stride, along, whole }: { readonly k: number; readonly stride: number; readonly along: boolean; readonly whole: boolean }
): Kernel => ({
  entry: site.write(range, (w, [from, end]) => {
    spans(w, from, end, parts, (part, i) => {
      w.call(pack(site, { width: part.size, depth: k, stride: stride * 4, along, whole }), [
        plus(i32.mul(i, i32.of(along ? stride * 4 : 4)), at), plus(i32.mul(i, i32.of(roomOf(k) * 4)), to)
      ])
    })
  }),
  extent: unitsOf(parts),
  cost: packed * k * parts.reduce((sum, p) => sum + p.size * p.count, 0)
})

/** Whether b, stored transposed, is read by inner products: few rows do not pay for packing it, short rows do not pay for inner ones. */
const isInner = ({ m, k, b }: Product): boolean => b && m <= (k >= 48 ? 16 : k >= 16 ? 6 : 3)

/** The kernels of a product. */
export const productKernels = (site: Site, p: Product): readonly Kernel[] => {
  const { m, n, k, at } = p
  if (p.lead * m * n === 0) return []
  if (p.a && p.b) throw new Error('a product of two transposed factors is lowered before')
  const { strides, leads } = stored(p)
  const cost = flop * m * n * k
  if (p.lead > 1 && p.lead < 8 && cost > 100_000) {
    return Array.from({ length: p.lead }, (_, i) => i).flatMap((i) => productKernels(site, {
      ...p, lead: 1, at: { a: at.a + i * leads.a * 4, b: at.b + i * leads.b * 4, c: at.c + i * leads.c * 4 }, strides
    }))
  }
  const byInner = isInner(p)
  const by = p.lead > 1 ? 'lead' : n >= 64 && m <= 1024 || m <= 2 || byInner ? 'columns' : 'rows'
  const readsB = p.b ? !byInner : m >= 16 && n > 16 && n * k > 4096
  const readsA = p.a && n > 16 && m > 8 && m * k > 4096
  const own: Reading = 'packing'
  const reading: { readonly a: Reading; readonly b: Reading } = {
    a: !readsA ? 'lying' : by === 'columns' ? 'packed' : own,
    b: !readsB ? 'lying' : by === 'rows' ? 'packed' : own
  }
  const start = p.accumulate === true ? 'result' : p.bias === undefined ? 'zero' : 'row'
  const of = (rows: number, columns: readonly Pieces[]): Block =>
    ({ rows, across: columns, k, a: p.a, b: p.b, strides, reading, start, inner: byInner, depth })
  const across = byInner ? cut(n, m === 1 ? 8 : 4) : panels(m, n, !readsA)
  const shape = of(m, across)
  const height = Math.min(m, tallest(reading.a === 'lying' ? vectorsOf(across[0].size) : 2))
  const tall = height * Math.max(1, Math.min(8, Math.round(m / (16 * height))))
  const units = by === 'lead' ? [] : by === 'columns' ? across : tall === height ? heights(m, height) : cut(m, tall)
  const blockOf = (size: number): Block => (by === 'lead' ? shape : by === 'columns' ? of(m, [{ size, from: 0, count: 1 }]) : of(size, across))
  const size = Math.max(...(by === 'lead' ? [scratchOf(shape)] : units.map((u) => scratchOf(blockOf(u.size)))))
  const room = Math.ceil(size / 16) * 16
  const scratch = room === 0 ? 0 : site.take(room * site.threads)
  const [aTo, bTo] = [reading.a === 'packed' ? site.take(m * roomOf(k) + 16) : 0, reading.b === 'packed' ? site.take(vectorsOf(n) * 4 * roomOf(k) + 16) : 0]
  const before = [
    ...(reading.a === 'packed' ? [packing(site, at.a, aTo, heights(m, height), { k, stride: strides.a, along: !p.a, whole: false })] : []),
    ...(reading.b === 'packed' ? [packing(site, at.b, bTo, across, { k, stride: strides.b, along: p.b, whole: true })] : [])
  ]
  const begin = { a: reading.a === 'packed' ? aTo : at.a, b: reading.b === 'packed' ? bTo : at.b, start: start === 'row' ? p.bias ?? 0 : at.c, c: at.c }
  // What one row or one column further is, in bytes.
  const step = by === 'columns' ? {
    a: 0, b: reading.b === 'packed' ? roomOf(k) * 4 : p.b ? strides.b * 4 : 4, start: 4, c: 4
  } : {
    a: reading.a === 'packed' ? roomOf(k) * 4 : p.a ? 4 : strides.a * 4, b: 0, start: start === 'row' ? 0 : strides.c * 4, c: strides.c * 4
  }
  const entry = site.write(range, (w, [from, to, slot]) => {
    const own4 = w.keep(plus(i32.mul(slot, i32.of(room * 4)), scratch))
    const along = (key: 'a' | 'b' | 'start' | 'c', i: I, by4: number) => (by4 === 0 ? i32.of(begin[key]) : plus(i32.mul(i, i32.of(by4)), begin[key]))
    if (by === 'lead') {
      w.range(from, to, 1, (i) => {
        w.call(block(site, shape), [
          along('a', i, leads.a * 4), along('b', i, leads.b * 4), along('start', i, start === 'row' ? 0 : leads.c * 4), along('c', i, leads.c * 4), own4
        ])
      })
    } else {
      spans(w, from, to, units, (unit, i) => {
        w.call(block(site, blockOf(unit.size)), [along('a', i, step.a), along('b', i, step.b), along('start', i, step.start), along('c', i, step.c), own4])
      })
    }
  })
  const packing4 = (readsA && reading.a === own ? m * k : 0) + (readsB && reading.b === own ? n * k : 0)
  return [...before, { entry, extent: by === 'lead' ? p.lead : unitsOf(units), cost: p.lead * (cost + packed * packing4) }]
}

const axes = (e: Expr, flip: boolean): readonly [rows: number, columns: number] => {
  const [p, q] = e.shape.slice(-2)
  return flip ? [q, p] : [p, q]
}

/** Emits `matmul`. */
export const matmul: Emit = (site, e) => {
  const { a, b } = (e as Expr<Transposed>).attributes
  if (a && b) return undefined
  const [m, n] = axes(e, false)
  const [, k] = axes(e.args[0], a)
  return productKernels(site, { lead: sizeOf(e.shape.slice(0, -2)), m, n, k, a, b, at: { a: site.at(e.args[0]), b: site.at(e.args[1]), c: site.at(e) } })
}
