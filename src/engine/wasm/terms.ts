/** The inner dimension of a tile: sums in registers, to which a product is added for each k. */
import type { Writer } from './assemble.js'
import { f4, i32, v, type I, type Local, type V } from './instructions.js'
import type { Site } from './kernel.js'

/** A value that is asked for by two operations more. */
const later = (x: V): V => f4.sqrt(f4.sqrt(x))

/**
 * Ends a term of a loop that has several. V8 orders a block from its end: an operation comes just before the last that asks for its
 * result, and loads keep their order. Sums are asked for at the end of the turn only, so all that it loads would come first, and spill. A
 * seam asks for them, in a branch that is never taken, because no `address` is odd: V8 then places group after group of sums, each with
 * what is loaded for it, all products before the additions, as multipliers and adders like it best. No two seams of a function have the
 * same number.
 */
const seam = (w: Writer, number: number, address: I, groups: readonly (readonly V[])[]): void => {
  w.when(i32.equal(address, 2 * number + 1), () => {
    w.store(address, 0, groups.map((sums) => sums.reduce(v.and)).reduce((before, sums) => v.and(sums, later(before))))
  })
}

/** So many k in one turn of a loop. */
const turn = 4

/** Where factors lie, and bytes from one to the next: of rows, whose numbers count for all columns, and of four columns side by side. */
export interface Factors {
  readonly a: Local<'i'>
  readonly b: Local<'i'>
  /** From one row of a to the next, and from one k to the next. */
  readonly rows: number
  readonly depth: readonly [a: number, b: number]
}

/**
 * sums[row][vector] += Σ a[row, ·]·b[·, vector] over `count` k, the first first; the pointers are moved behind them. Several
 * k are taken in one turn, since in each V8 asks whether the program is to stop, which costs a tenth; a fused operation leaves time for
 * that. `address` is one that stays as it is.
 */
export const addTerms = (
  { write }: Pick<Site, 'write'>, w: Writer, sums: readonly (readonly Local<'v'>[])[], count: number, { a, b, rows, depth }: Factors,
  address: I
): void => {
  if (count === 0) return
  // V8 computes these addresses once if they are used before the loop, too.
  sums.slice(1).forEach((_, r) => { w.keep(f4.loadSplat(a, (r + 1) * rows)) })
  const columns = sums[0].map((_, q) => sums.map((row) => row[q]))
  // The fewer are held, the more are streamed.
  const byRows = sums.length >= columns.length
  const groups = byRows ? sums : columns
  const term = (k: number) => {
    const left = (_: unknown, r: number) => w.keep(f4.loadSplat(a, r * rows))
    const right = (_: unknown, q: number) => w.keep(f4.load(b, k * depth[1] + q * 16))
    const held = byRows ? columns.map(right) : sums.map(left)
    groups.forEach((group, i) => {
      const streamed = byRows ? left(group, i) : right(group, i)
      group.forEach((sum, j) => { sum.set(w.madd(streamed, held[j], sum)) })
    })
  }
  const each = write.fused ? 1 : turn
  const rest = count % each
  const move = (p: Local<'i'>, by: number) => { p.set(i32.add(p, by)) }
  const walk = (turns: number, of: number, first: number) => {
    w.walk(turns, [[b, depth[1] * of], [a, depth[0]]], () => {
      Array.from({ length: of }, (_, k) => k).forEach((k) => {
        if (k > 0) move(a, depth[0])
        term(k)
        if (each > 1) seam(w, first + k, address, groups)
      })
    })
    move(a, depth[0])
    move(b, depth[1] * of)
  }
  if (rest > 0) walk(rest, 1, each)
  if (count > rest) walk((count - rest) / each, each, 0)
}
