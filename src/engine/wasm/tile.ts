/**
 * Tiles of a product. Rows × vectors of four columns live in registers while the inner dimension runs. A tile is a function of its own,
 * with sizes and strides as literals: its loop is tested at the top, and nothing but stores comes after it, or V8 spills.
 */
import { f32, f4, i32, v, type F, type V } from './instructions.js'
import type { FunctionCode } from './encode.js'
import type { Site } from './kernel.js'
import { transpose } from './pack.js'
import { addTerms } from './terms.js'

/** c[rows, columns] = start + Σ a[·, depth]·b[depth, ·]. Steps are in bytes. */
export interface Tile {
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** From one row of a to the next, and from one k to the next. */
  readonly a: readonly [row: number, depth: number]
  /** From one k to the next; columns lie one behind the other. */
  readonly b: number
  /** From one row of what the sums start from to the next, 0: one row for all. Without it they start from 0. */
  readonly start: number | undefined
  readonly c: number
}

/** Four numbers at once. */
export const vectorsOf = (columns: number): number => Math.ceil(columns / 4)

/**
 * How many rows a tile of so many vectors may have: sums, one factor of each row or column, and two more fit 14 registers; where an
 * instruction multiplies and adds, one less is needed.
 */
export const tallest = (vectors: number, { write: { fused } }: Pick<Site, 'write'>): number =>
  (vectors <= 1 ? 8 : vectors === 2 ? (fused ? 6 : 5) : vectors === 3 ? 3 : vectors <= 4 ? 2 : 1)

const zero = v.zero
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

/** A tile whose columns lie side by side. Parameters: a, b, start, c. */
export const tile = (site: Pick<Site, 'write' | 'shared'>, t: Tile): FunctionCode => site.shared(`tile ${JSON.stringify(t)}`, () =>
  site.write(['i', 'i', 'i', 'i'], (w, [a, b, start, c]) => {
    const vectors = upTo(vectorsOf(t.columns))
    const step = t.start
    const sums = upTo(t.rows).map((r) => vectors.map((q) => w.keep(step === undefined ? zero : f4.load(start, r * step + q * 16))))
    addTerms(site, w, sums, t.depth, { a, b, rows: t.a[0], depth: [t.a[1], t.b] }, c)
    sums.forEach((row, r) => { row.forEach((sum, q) => { w.storePart(c, r * t.c + q * 16, sum, Math.min(4, t.columns - q * 4)) }) })
  }))

/** The lanes of a vector added up. */
const alone = (x: V): F => f32.add(f32.add(f4.lane(x, 0), f4.lane(x, 1)), f32.add(f4.lane(x, 2), f4.lane(x, 3)))

/** Inner products: c[rows, columns] = start + Σ a[·, k]·b[·, k], where k runs along the rows of both; four terms at a time. */
export interface Inner {
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly a: number
  readonly b: number
  readonly start: number | undefined
  readonly c: number
}

/** A tile of inner products. Parameters: a, b, start, c. */
export const inner = (site: Site, t: Inner): FunctionCode => site.shared(`inner ${JSON.stringify(t)}`, () =>
  site.write(['i', 'i', 'i', 'i'], (w, [a, b, start, c]) => {
    const step = t.start
    const sums = upTo(t.rows).map(() => upTo(t.columns).map(() => w.keep(zero)))
    const rest = t.depth % 4
    const terms = (a4: (r: number) => V, b4: (q: number) => V) => {
      const held = sums.map((_, r) => w.keep(a4(r)))
      upTo(t.columns).forEach((q) => {
        const streamed = w.keep(b4(q))
        held.forEach((x, r) => { sums[r][q].set(w.madd(x, streamed, sums[r][q])) })
      })
    }
    w.walk((t.depth - rest) / 4, [[b, 16], [a, 16]], () => { terms((r) => f4.load(a, r * t.a), (q) => f4.load(b, q * t.b)) })
    if (rest > 0) {
      // What is read past the end of a row may be NaN, in either factor.
      const live = w.keep(v.constant([-1, rest > 1 ? -1 : 0, rest > 2 ? -1 : 0, 0]))
      const [left, right] = [a, b].map((p) => w.keep(i32.add(p, 16)))
      terms((r) => v.and(f4.load(left, r * t.a), live), (q) => v.and(f4.load(right, q * t.b), live))
    }
    // The lanes of a sum are added up in one order, four sums at once or one alone.
    const total = (row: readonly V[]): V => {
      if (row.length < 4) return row.reduceRight((done, sum, q) => f4.withLane(done, q, alone(sum)), zero)
      const [lane0, lane1, lane2, lane3] = transpose(w, row).map((x) => w.keep(x))
      return f4.add(f4.add(lane0, lane1), f4.add(lane2, lane3))
    }
    sums.forEach((row, r) => {
      upTo(vectorsOf(t.columns)).forEach((q) => {
        const four = row.slice(q * 4, q * 4 + 4)
        const added = total(four)
        w.storePart(c, r * t.c + q * 16, step === undefined ? added : f4.add(f4.load(start, r * step + q * 16), added), four.length)
      })
    })
  }))
