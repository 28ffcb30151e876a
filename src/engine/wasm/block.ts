/** A block of a product: tiles over some rows and columns, block after block of the inner dimension, what is strided packed before. */
import type { Writer } from './assemble.js'
import { i32, type I } from './instructions.js'
import type { FunctionCode } from './encode.js'
import type { Site } from './kernel.js'
import { pack, roomOf } from './pack.js'
import { inner, tallest, tile, vectorsOf } from './tile.js'

/** So many pieces of one size, the first of them at `from`. */
export interface Pieces { readonly size: number; readonly from: number; readonly count: number }

/**
 * How tiles find a factor: as it lies, packed by a kernel before, or packed by the block itself into scratch memory. The left one is
 * packed where it is stored transposed only.
 */
export type Reading = 'lying' | 'packed' | 'packing'

/** Sizes of a block [rows, k]·[k, columns], and how its factors are stored and read. Strides in numbers. */
export interface Block {
  readonly rows: number
  /** Panels of columns: the result is written panel after panel. */
  readonly across: readonly Pieces[]
  readonly k: number
  /** Which factors are stored transposed. */
  readonly a: boolean
  readonly b: boolean
  /** From one stored row to the next. */
  readonly strides: { readonly a: number; readonly b: number; readonly c: number }
  readonly reading: { readonly a: Reading; readonly b: Reading }
  /** What the sums start from: 0, one row for all, or what is there. */
  readonly start: 'zero' | 'row' | 'result'
  /** By inner products: b is stored transposed and not packed. */
  readonly inner: boolean
  /** No piece of the inner dimension is longer. */
  readonly depth: number
}

const laid = (parts: readonly { readonly size: number; readonly count: number }[]): readonly Pieces[] =>
  parts.reduce<readonly Pieces[]>((done, { size, count }) => {
    const last = done.at(-1)
    return count === 0 ? done : [...done, { size, count, from: last === undefined ? 0 : last.from + last.size * last.count }]
  }, [])

/** As many of a size as there is room for, and what remains. */
export const cut = (total: number, size: number): readonly Pieces[] => {
  const count = Math.floor(total / size)
  return laid([{ size, count }, { size: total - count * size, count: total > count * size ? 1 : 0 }])
}

/** Rows in tiles of a height, without tiles of one or two rows where it can be had. */
export const heights = (rows: number, height: number): readonly Pieces[] => {
  const rest = rows % height
  if (height < 3 || rest === 0 || rest > 2 || rows < height) return cut(rows, height)
  const last = height + rest
  const low = Math.floor(last / 2)
  return laid([{ size: height, count: (rows - last) / height }, { size: last - low, count: low === last - low ? 2 : 1 },
    { size: low, count: low === last - low ? 0 : 1 }])
}

/** Columns in panels of two vectors, or more where rows are few; three where there would be one, if tiles may then be lower. */
export const panels = (rows: number, columns: number, lower: boolean): readonly Pieces[] => {
  const vectors = vectorsOf(columns)
  if (rows <= 2) return cut(columns, 4 * Math.min(Math.ceil(vectors / Math.ceil(vectors / (rows === 1 ? 8 : 4))), vectors))
  if (rows < 16 && rows % 3 === 0 && lower) return cut(columns, 12)
  if (vectors % 2 === 0 || vectors < 3 || !lower) return cut(columns, 8)
  const pairs = (vectors - 3) / 2
  return laid([{ size: 8, count: pairs }, { size: columns - 8 * pairs, count: 1 }])
}

/** Pieces of the inner dimension: none longer than `depth`, all but the last the same multiple of four. */
const depths = (k: number, depth: number): readonly Pieces[] => {
  const each = Math.max(4, roomOf(Math.ceil(k / Math.max(1, Math.ceil(k / depth)))))
  return k === 0 ? [{ size: 0, from: 0, count: 1 }] : cut(k, Math.min(each, k))
}


const over = (w: Writer, { size, from, count }: Pieces, body: (at: I) => void): void => {
  if (count === 1) body(i32.of(from))
  else w.range(from, from + size * count, size, body)
}

/** How tall the tiles of a block are for a panel of so many columns. Packed rows come in one height for all. */
const heightOf = (site: Site, { rows, reading }: Block, columns: number): number =>
  Math.min(rows, tallest(reading.a === 'lying' ? vectorsOf(columns) : 2, site))

/** Where a block keeps what, in numbers from the begin of its scratch memory. */
const roomsOf = (t: Block) => {
  const parts = depths(t.k, t.depth)
  const width = t.across.reduce((sum, p) => sum + vectorsOf(p.size) * 4 * p.count, 0)
  const sums = parts.length > 1 || parts[0].count > 1 ? t.rows * width : 0
  const a = t.reading.a === 'packing' ? t.rows * roomOf(parts[0].size) + 16 : 0
  const b = t.reading.b === 'packing' ? 4 * Math.max(...t.across.map((p) => vectorsOf(p.size))) * roomOf(parts[0].size) + 16 : 0
  return { parts, width, a: sums, b: sums + a, size: sums + a + b }
}

/** Scratch memory of a block, in numbers. */
export const scratchOf = (t: Block): number => (t.inner ? 0 : roomsOf(t).size)

/** Inner products over a block: 1 × 8 or 2 × 4 of them at once. */
const innerBlock = (site: Site, t: Block): FunctionCode => site.shared(`block ${JSON.stringify(t)}`, () =>
  site.write(['i', 'i', 'i', 'i', 'i'], (w, [a, b, start, c]) => {
    const [ra, rb, rc] = [t.strides.a * 4, t.strides.b * 4, t.strides.c * 4]
    const startStep = t.start === 'zero' ? undefined : t.start === 'row' ? 0 : rc
    const height = Math.min(t.rows, 2)
    for (const column of t.across) {
      over(w, column, (j) => {
        for (const row of cut(t.rows, height)) {
          const code = inner(site, { rows: row.size, columns: column.size, depth: t.k, a: ra, b: rb, start: startStep, c: rc })
          over(w, row, (i) => {
            w.call(code, [
              i32.add(a, i32.mul(i, ra)), i32.add(b, i32.mul(j, rb)),
              i32.add(start, i32.add(i32.mul(i, startStep ?? 0), i32.mul(j, 4))), i32.add(c, i32.add(i32.mul(i, rc), i32.mul(j, 4)))
            ])
          })
        }
      })
    }
  }))

/** Tiles over a block. */
const tiledBlock = (site: Site, t: Block): FunctionCode => site.shared(`block ${JSON.stringify(t)}`, () =>
  site.write(['i', 'i', 'i', 'i', 'i'], (w, [a, b, start, c, scratch]) => {
    const rooms = roomsOf(t)
    const [sa, sb, rc] = [t.strides.a * 4, t.strides.b * 4, t.strides.c * 4]
    const startStep = t.start === 'zero' ? undefined : t.start === 'row' ? 0 : rc
    const [packedA, packedB] = [i32.add(scratch, rooms.a * 4), i32.add(scratch, rooms.b * 4)]
    const sumsStep = rooms.width * 4
    const part = (d: I, size: number, first: boolean, last: boolean) => {
      const kept = w.keep(d)
      const aAt = t.reading.a === 'lying' ? w.keep(i32.add(a, i32.mul(kept, t.a ? sa : 4))) : a
      if (t.reading.a === 'packing') {
        const from = w.keep(i32.add(a, i32.mul(kept, sa)))
        for (const row of heights(t.rows, heightOf(site, t, 8))) {
          const code = pack(site, { width: row.size, depth: size, stride: sa, along: false, whole: false })
          over(w, row, (i) => { w.call(code, [i32.add(from, i32.mul(i, 4)), i32.add(packedA, i32.mul(i, roomOf(size) * 4))]) })
        }
      }
      for (const column of t.across) {
        const width = vectorsOf(column.size) * 4
        over(w, column, (j) => {
          const lyingB = () => i32.add(b, i32.add(i32.mul(kept, t.b ? 4 : sb), i32.mul(j, t.b ? sb : 4)))
          if (t.reading.b === 'packing') {
            w.call(pack(site, { width: column.size, depth: size, stride: sb, along: t.b, whole: true }), [lyingB(), packedB])
          }
          const bAt = w.keep(t.reading.b === 'packing' ? packedB
            : t.reading.b === 'lying' ? lyingB()
            : i32.add(b, i32.add(i32.mul(j, roomOf(t.k) * 4), i32.mul(kept, width * 4))))
          for (const row of heights(t.rows, heightOf(site, t, column.size))) {
            const code = tile(site, {
              rows: row.size, columns: last ? column.size : width, depth: size,
              a: t.reading.a !== 'lying' ? [4, row.size * 4] : t.a ? [4, sa] : [sa, 4],
              b: t.reading.b === 'lying' ? sb : width * 4,
              start: first ? startStep : sumsStep,
              c: last ? rc : sumsStep
            })
            over(w, row, (i) => {
              const inSums = () => i32.add(scratch, i32.add(i32.mul(i, sumsStep), i32.mul(j, 4)))
              w.call(code, [
                t.reading.a === 'lying' ? i32.add(aAt, i32.mul(i, t.a ? 4 : sa))
                : t.reading.a === 'packing' ? i32.add(packedA, i32.mul(i, roomOf(size) * 4))
                : i32.add(a, i32.add(i32.mul(i, roomOf(t.k) * 4), i32.mul(kept, row.size * 4))),
                bAt,
                !first ? inSums() : i32.add(start, i32.add(i32.mul(i, startStep ?? 0), i32.mul(j, 4))),
                last ? i32.add(c, i32.add(i32.mul(i, rc), i32.mul(j, 4))) : inSums()
              ])
            })
          }
        })
      }
    }
    // The first piece starts from what is given, the last goes to the result; those between are a loop.
    const one = (p: Pieces, i: number) => ({ size: p.size, from: p.from + p.size * i, count: 1 })
    const all = rooms.parts.flatMap((p) => [
      one(p, 0), { size: p.size, from: p.from + p.size, count: p.count - 2 }, ...(p.count > 1 ? [one(p, p.count - 1)] : [])
    ]).filter((p) => p.count > 0)
    all.forEach((p, i) => { over(w, p, (d) => { part(d, p.size, i === 0, i === all.length - 1) }) })
  }))

/**
 * A block as a function of where its factors, what its sums start from, its result and its scratch memory lie. Products of the
 * same sizes in other places share it.
 */
export const block = (site: Site, t: Block): FunctionCode => (t.inner ? innerBlock : tiledBlock)(site, t)
