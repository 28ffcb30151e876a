/** Matrix products as kernels. */
import type { Transposed } from '../../expr/matmul.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import type { Writer } from './assemble.js'
import { i32, type I } from './instructions.js'
import { block, scratchOf, type Pieces } from './block.js'
import { range, type Emit, type Kernel, type Site } from './kernel.js'
import { pack, roomOf, type Panel } from './pack.js'
import { layoutOf, planOf, type Product } from './plan.js'
import { vectorsOf } from './tile.js'

/** Nanoseconds for one multiplication and addition, and for packing one number. */
const [flop, packed] = [0.08, 0.3]

/** Above so many nanoseconds each, a few matrices are shared out one after the other. */
const large = 100_000


/** The units from … to, numbered through the pieces: `body` is given where each begins. */
const spans = (w: Writer, from: I, to: I, parts: readonly Pieces[], body: (part: Pieces, at: I) => void): void => {
  const firstOf = parts.map((_, i) => parts.slice(0, i).reduce((sum, p) => sum + p.count, 0))
  parts.forEach((part, i) => {
    const first = firstOf[i]
    const [begin, end] = parts.length === 1 ? [from, to]
      : [w.keep(i32.max(from, first)), w.keep(i32.min(to, first + part.count))]
    w.range(begin, end, 1, (unit) => { body(part, i32.add(i32.mul(unit, part.size), part.from - first * part.size)) })
  })
}

const unitsOf = (parts: readonly Pieces[]): number => parts.reduce((sum, p) => sum + p.count, 0)

/** Packs a factor whole, panel behind panel, each with room for its k: what a kernel after it reads. */
export const packing = (
  site: Site, at: number, to: number, parts: readonly Pieces[], panel: Omit<Panel, 'width'>
): Kernel => ({
  entry: site.write(range, (w, [from, end]) => {
    spans(w, from, end, parts, (part, i) => {
      w.call(pack(site, { ...panel, width: part.size }), [
        i32.add(i32.mul(i, panel.along ? panel.stride : 4), at), i32.add(i32.mul(i, roomOf(panel.depth) * 4), to)
      ])
    })
  }),
  extent: unitsOf(parts),
  cost: packed * panel.depth * parts.reduce((sum, p) => sum + p.size * p.count, 0)
})

/**
 * The kernels of a product, in order. Every element is one sum over k from the first to the last, or, by inner products, four such sums
 * added up: the shape decides which, so the bytes do not depend on how the work is split.
 */
export const productKernels = (site: Site, p: Product): readonly Kernel[] => {
  const { m, n, k, at } = p
  if (p.lead * m * n === 0) return []
  const { strides, leads } = layoutOf(p)
  const cost = flop * m * n * k
  if (p.lead > 1 && p.lead < 8 && cost > large) {
    return Array.from({ length: p.lead }, (_, i) => i * 4).flatMap((i) => productKernels(site, {
      ...p, lead: 1, at: { a: at.a + i * leads.a, b: at.b + i * leads.b, c: at.c + i * leads.c }, strides
    }))
  }
  const { by, units, block: blockOf, reading, down, across } = planOf(site, p)
  const room = Math.ceil(Math.max(...units.map(({ size }) => scratchOf(blockOf(size)))) / 16) * 16
  const scratch = room === 0 ? 0 : site.take(room * site.threads)
  const [isA, isB] = [reading.a === 'packed', reading.b === 'packed']
  const aAt = isA ? site.take(m * roomOf(k) + 16) : at.a
  const numbers = vectorsOf(n) * 4 * roomOf(k) + 16
  const packB = (to: number): Kernel => packing(site, at.b, to, across, { depth: k, stride: strides.b * 4, along: p.b, whole: true })
  const held = isB ? p.once?.(`${at.b} ${JSON.stringify([across, k, strides.b, p.b])}`, numbers, packB) : undefined
  const bAt = held ?? (isB ? site.take(numbers) : at.b)
  const before = [
    ...(isA ? [packing(site, at.a, aAt, down, { depth: k, stride: strides.a * 4, along: false, whole: false })] : []),
    ...(isB && held === undefined ? [packB(bAt)] : [])
  ]
  const row = p.accumulate !== true && p.bias !== undefined
  // How far apart, in bytes, the parts of neighbouring rows, columns or matrices are.
  const apart = by === 'columns' ? { a: 0, b: isB ? roomOf(k) * 4 : p.b ? strides.b * 4 : 4, c: 4, start: 4 }
    : by === 'rows' ? { a: isA ? roomOf(k) * 4 : p.a ? 4 : strides.a * 4, b: 0, c: strides.c * 4, start: row ? 0 : strides.c * 4 }
    : { a: leads.a * 4, b: leads.b * 4, c: leads.c * 4, start: row ? 0 : leads.c * 4 }
  const entry = site.write(range, (w, [from, to, slot]) => {
    const own = w.keep(i32.add(i32.mul(slot, room * 4), scratch))
    spans(w, from, to, units, ({ size }, i) => {
      const of = (place: number, bytes: number) => (bytes === 0 ? place : i32.add(i32.mul(i, bytes), place))
      const start = of(row ? p.bias : at.c, apart.start)
      w.call(block(site, blockOf(size)), [of(aAt, apart.a), of(bAt, apart.b), start, of(at.c, apart.c), own])
    })
  })
  const within = (reading.a === 'packing' ? m * k : 0) + (reading.b === 'packing' ? n * k : 0)
  return [...before, { entry, extent: unitsOf(units), cost: p.lead * (cost + packed * within) }]
}

/** Emits `matmul`. */
export const matmul: Emit = (site, e) => {
  const { a, b } = (e as Expr<Transposed>).attributes
  const [m, n] = e.shape.slice(-2)
  const k = e.args[0].shape.slice(-2)[a ? 0 : 1]
  const at = { a: site.at(e.args[0]), b: site.at(e.args[1]), c: site.at(e) }
  const once = e.shape.length === 2 ? site.once?.(e.args[1]) : undefined
  return productKernels(site, { lead: sizeOf(e.shape.slice(0, -2)), m, n, k, a, b, at, once })
}
