/** Rows by number: read, and added up. */
import { sizeOf } from '../../expr/shape.js'
import type { Writer } from './assemble.js'
import { f32, f4, i32, type I, type Local, type V } from './instructions.js'
import { stored } from './copy.js'
import { range, type Emit } from './kernel.js'

/** The number of row at a place, and whether there is such a row: whole, and one of `rows`. */
const rowAt = (w: Writer, at: I, address: number, rows: number): { readonly row: Local<'i'>; readonly found: Local<'i'> } => {
  const index = w.keep(f32.load(at, address))
  const row = w.keep(i32.ofFloat(index))
  return { row, found: w.keep(i32.and(f32.equal(f32.ofInt(row), index), i32.less(row, rows))) }
}

/** Stores a run of numbers, and no others. */
export const put = (w: Writer, numbers: number, target: I, to: number, vector: (i: I, offset: number) => V): void => {
  if (numbers >= 4) stored(w, numbers, target, to, vector)
  else w.storePart(target, to, vector(i32.of(0), 0), numbers)
}

/** Rows of x by number; NaN where there is none. */
export const gather: Emit = (site, e) => {
  const [x, indices] = e.args
  const [from, numbers, to, width] = [site.at(x), site.at(indices), site.at(e), sizeOf(x.shape.slice(1))]
  if (sizeOf(e.shape) === 0) return []
  const entry = site.write(range, (w, [begin, end]) => {
    w.range(begin, end, 1, (u) => {
      const { row, found } = rowAt(w, i32.mul(u, 4), numbers, x.shape[0])
      const [there, here] = [w.keep(i32.mul(row, width * 4)), w.keep(i32.mul(u, width * 4))]
      w.when(found, () => { put(w, width, here, to, (i, offset) => f4.load(i32.add(there, i), from + offset)) })
      w.when(i32.not(found), () => { put(w, width, here, to, () => w.all(Number.NaN)) })
    })
  })
  return [{ entry, extent: sizeOf(indices.shape), cost: sizeOf(indices.shape) * (2 + width * 0.08) }]
}

/**
 * Each row the sum of those of x that bear its number, added in their order, as the reference adds. A range of rows looks at all numbers
 * and takes its own; what is no row is nobody's.
 */
export const scatterAdd: Emit = (site, e) => {
  const [x, indices] = e.args
  const [from, numbers, to] = [site.at(x), site.at(indices), site.at(e)]
  const [rows, count] = [e.shape[0], sizeOf(indices.shape)]
  const width = sizeOf(e.shape.slice(1))
  if (sizeOf(e.shape) === 0) return []
  const entry = site.write(range, (w, [begin, end]) => {
    const there = w.keep(i32.of(from))
    w.clear(i32.add(i32.mul(begin, width * 4), to), i32.mul(i32.sub(end, begin), width * 4))
    w.range(0, count * 4, 4, (at) => {
      const { row, found } = rowAt(w, at, numbers, rows)
      w.when(i32.and(found, i32.less(i32.sub(row, begin), i32.sub(end, begin))), () => {
        const here = w.keep(i32.add(i32.mul(row, width * 4), to))
        const even = width - (width % 4)
        if (even > 0) {
          w.range(0, even * 4, 16, (i) => {
            const cell = w.keep(i32.add(here, i))
            w.store(cell, 0, f4.add(f4.load(cell), f4.load(i32.add(there, i))))
          })
        }
        if (even < width) w.storePart(here, even * 4, f4.add(f4.load(here, even * 4), f4.load(there, even * 4)), width - even)
      })
      there.set(i32.add(there, width * 4))
    })
  })
  return [{ entry, extent: rows, cost: rows * width * 0.06 + count * (1.5 + width * 0.15) }]
}
