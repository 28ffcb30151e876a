/**
 * The adjoint of a convolution behind a max pool, over the winners only: what its two products share. For each winner whose value is not
 * 0 its patch is met once: vectors of a patch in registers, lists of winners run past them.
 */
import type { Writer } from './assemble.js'
import { f4, i32, i4, v, type I, type Local, type V } from './instructions.js'
import type { Rows } from './patches.js'
import type { Cells, Pool } from './pooling.js'

/** An entry of a list: where something lies, and what it is multiplied by. */
export const entry = 8

/** The vectors of a patch: bytes from its first number, and how many of their lanes belong to it. */
export interface Vectors {
  readonly offsets: readonly number[]
  readonly lanes: readonly number[]
  /** Runs of numbers side by side, vectors of one, numbers in its last one. */
  readonly runs: number
  readonly each: number
  readonly rest: number
  /** As many vectors as are held in registers at once: the first of them, and how many. */
  readonly blocks: readonly { readonly first: number; readonly count: number }[]
}

/** Sums that are held at once; with a factor, a product and an address they fill the registers. */
const held = 12

export const vectorsOf = (rows: Rows): Vectors => {
  const each = Math.ceil(rows.run / 4)
  const begins = Array.from({ length: rows.cells * rows.runs }, (_, i) =>
    ((rows.below[Math.floor(i / rows.runs)] - rows.below[0]) * rows.row + (i % rows.runs) * rows.apart) * 4)
  const rest = rows.run - (each - 1) * 4
  const total = begins.length * each
  // Blocks of whole runs, or parts of one: then few blocks differ.
  const whole = each <= held ? each * Math.max(1, Math.floor(held / each)) : Math.ceil(each / Math.ceil(each / held))
  const period = each <= held ? total : each
  const blocks = Array.from({ length: total / period }, (_, p) => p * period).flatMap((begin) =>
    Array.from({ length: Math.ceil(period / whole) }, (_, b) => ({ first: begin + b * whole, count: Math.min(whole, period - b * whole) })))
  return {
    offsets: begins.flatMap((begin) => Array.from({ length: each }, (_, j) => begin + j * 16)),
    lanes: begins.flatMap(() => Array.from({ length: each }, (_, j) => (j < each - 1 ? 4 : rest))),
    runs: begins.length, each, rest, blocks
  }
}

/** Goes through a list: where each entry points, and its value in four lanes. */
export const through = (w: Writer, list: I, end: I, base: I, body: (at: I, value: V) => void): void => {
  w.range(list, end, entry, (e) => { body(w.keep(i32.add(i32.load(e), base)), w.keep(f4.loadSplat(e, 4))) })
}

/** Where the patch of each place begins in its image, in bytes. */
export const patchesAt = (rows: Rows): readonly number[] =>
  Array.from({ length: rows.places * rows.along }, (_, p) =>
    (rows.below[Math.floor(p / rows.along) * rows.cells] * rows.row + (p % rows.along) * rows.stride) * 4)

/** Where the patch below the first cell of each pooled place begins, and how much further those below the others do. */
export const patchesBelow = (rows: Rows, pool: Pool) => {
  const at = patchesAt(rows)
  const pixel = (q: number, k: number): number => {
    const [row, place] = [Math.floor(q / pool.along), q % pool.along]
    return (pool.upper[row * pool.high + Math.floor(k / pool.wide)] + pool.inner[place * pool.wide + (k % pool.wide)]) / pool.pixel
  }
  const cells = Array.from({ length: pool.high * pool.wide }, (_, k) => k)
  return {
    begins: Int32Array.from({ length: pool.rows * pool.along }, (_, q) => at[pixel(q, 0)]),
    further: cells.map((k) => at[pixel(0, k)] - at[pixel(0, 0)])
  }
}

/** A list of so many entries with the value 0. */
export const zeros = (at: readonly number[]): Int32Array =>
  Int32Array.from({ length: at.length * 2 }, (_, i) => (i % 2 === 0 ? at[i / 2] : 0))

/** The first cells of the rows of a pooled place, for a row of places of an image. */
export const heights = (w: Writer, pool: Pool, table: number, image: I, row: I): readonly Local<'i'>[] =>
  Array.from({ length: pool.high }, (_, h) => w.keep(i32.add(image, i32.load(i32.mul(row, pool.high * 4), table + h * 4))))

/** The cells of a pooled place, `across` bytes along their rows. */
export const cellsAt = (w: Writer, pool: Pool, highs: readonly Local<'i'>[], across: I): Cells => (visit) => {
  highs.forEach((high, h) => {
    const begin = w.keep(i32.add(high, across))
    Array.from({ length: pool.wide }, (_, k) => k).forEach((k) => { visit(begin, k * pool.pixel, w.allInt(h * pool.wide + k)) })
  })
}

/** In each lane the number that belongs to its cell. */
export const perCell = (w: Writer, cell: V, numbers: readonly number[]): V =>
  numbers.map((n, k) => v.and(i4.equal(cell, w.allInt(k)), w.allInt(n))).reduce((a, b) => v.or(a, b))
