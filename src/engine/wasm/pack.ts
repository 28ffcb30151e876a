/** Panels of a factor, laid out in the order in which tiles read them: all rows (or columns) of a tile for one k, then for the next. */
import type { Writer } from './assemble.js'
import { f4, v, type V } from './instructions.js'
import type { FunctionCode } from './encode.js'
import type { Site } from './kernel.js'

/**
 * A panel of `width` rows or columns for `depth` k. `whole`: rounded up to whole vectors, as columns are. `along`: k runs along the rows
 * of memory, which are `stride` bytes apart, else the width does; such a panel is whole.
 */
export interface Panel {
  readonly width: number
  readonly depth: number
  readonly stride: number
  readonly along: boolean
  readonly whole: boolean
}

/** k for which a panel has room: packing writes four at a time. */
export const roomOf = (depth: number): number => Math.ceil(depth / 4) * 4

/** Four vectors as the rows of a matrix, transposed. */
export const transpose = (w: Writer, [p, q, r, s]: readonly V[]): readonly V[] => {
  const [low, high] = [v.shuffle(p, q, [0, 4, 1, 5]), v.shuffle(p, q, [2, 6, 3, 7])].map((x) => w.keep(x))
  const [LOW, HIGH] = [v.shuffle(r, s, [0, 4, 1, 5]), v.shuffle(r, s, [2, 6, 3, 7])].map((x) => w.keep(x))
  return [
    v.shuffle(low, LOW, [0, 1, 4, 5]), v.shuffle(low, LOW, [2, 3, 6, 7]),
    v.shuffle(high, HIGH, [0, 1, 4, 5]), v.shuffle(high, HIGH, [2, 3, 6, 7])
  ]
}

/** Packs a panel. Parameters: from, to. It reads up to 12 bytes past the end of a row. */
export const pack = (site: Site, p: Panel): FunctionCode => site.shared(`pack ${JSON.stringify(p)}`, () =>
  site.write(['i', 'i'], (w, [from, to]) => {
    const step = (p.whole ? Math.ceil(p.width / 4) * 4 : p.width) * 4
    const fours = Array.from({ length: Math.ceil(p.width / 4) }, (_, i) => i * 4)
    if (p.along) {
      w.walk(Math.ceil(p.depth / 4), [[from, 16], [to, step * 4]], () => {
        fours.forEach((at) => {
          // Rows past the last may lie past the end of memory.
          const rows = [0, 1, 2, 3].map((i) => w.keep(f4.load(from, Math.min(at + i, p.width - 1) * p.stride)))
          transpose(w, rows).forEach((x, row) => { w.store(to, row * step + at * 4, x) })
        })
      })
    } else {
      w.walk(p.depth, [[from, p.stride], [to, step]], () => {
        fours.forEach((at) => { w.storePart(to, at * 4, f4.load(from, at * 4), p.whole ? 4 : Math.min(4, p.width - at)) })
      })
    }
  }))
