/**
 * Patches of images, and images from patches. A window that reaches beyond the edge is lowered before to one that stays inside a larger
 * image, so that what is copied or added is always a run: a row of the window where its cells lie side by side, else a pixel.
 */
import type { Expr } from '../../expr/node.js'
import { sizeOf, type Shape } from '../../expr/shape.js'
import { cellsOf, placesOf, type WholeWindow } from '../../expr/window.js'
import type { Writer } from './assemble.js'
import { f4, i32, type I } from './instructions.js'
import { put } from './gather.js'
import { range, type Emit } from './kernel.js'

/** Where rows of patches lie under rows of images; numbers of float32. */
export interface Rows {
  /** Rows of pixels of an image, and rows of places: all axes but the last. */
  readonly pixels: number
  readonly places: number
  /** For each row of places and each row of cells there the row of pixels below it. */
  readonly below: Int32Array
  /** Rows of cells of a window. */
  readonly cells: number
  /** One row of pixels. */
  readonly row: number
  /** Places along a row, and from one to the next in the image. */
  readonly along: number
  readonly stride: number
  /** Runs in a row of cells, from one to the next in the image, and how long they are. */
  readonly runs: number
  readonly apart: number
  readonly run: number
  /** One patch. */
  readonly patch: number
}

/** Where a window that stays inside stands in images of this shape. */
export const rowsOf = (image: Shape, window: WholeWindow): Rows => {
  const [spatial, channels] = [image.slice(1, -1), image[image.length - 1]]
  const { size, strides, dilation } = window
  const last = spatial.length - 1
  const places = placesOf(spatial, window)
  const outer: WholeWindow = { ...window, size: size.slice(0, last), strides: strides.slice(0, last), dilation: dilation.slice(0, last) }
  const whole = dilation[last] === 1
  return {
    pixels: sizeOf(spatial.slice(0, last)), places: sizeOf(places.slice(0, last)), below: cellsOf(spatial.slice(0, last), outer),
    cells: sizeOf(outer.size), row: spatial[last] * channels, along: places[last], stride: strides[last] * channels,
    runs: whole ? 1 : size[last], apart: dilation[last] * channels, run: whole ? size[last] * channels : channels,
    patch: sizeOf(size) * channels
  }
}

/** Goes through the places of a row and the runs of each, in bytes: `there` in the image, `here` in the patches. */
const runsOf = (w: Writer, rows: Rows, there: I, here: I, body: (there: I, here: I) => void): void => {
  const along = (pixel: I, patch: I): void => {
    const [p, q] = [w.keep(pixel), w.keep(patch)]
    w.range(0, rows.along, 1, () => {
      body(p, q)
      p.set(i32.add(p, rows.stride * 4))
      q.set(i32.add(q, rows.patch * 4))
    })
  }
  if (rows.runs === 1) along(there, here)
  else {
    w.range(0, rows.runs, 1, (k) => {
      along(i32.add(there, i32.mul(k, rows.apart * 4)), i32.add(here, i32.mul(k, rows.run * 4)))
    })
  }
}

/** Which image a row belongs to, and which row of it that is. */
const split = (w: Writer, unit: I, rows: number): readonly [image: I, row: I] => {
  if (rows === 1) return [unit, i32.of(0)]
  const image = w.keep(i32.div(unit, rows))
  return [image, w.keep(i32.sub(unit, i32.mul(image, rows)))]
}

/** What lies below the window at each place; a unit is a row of places. */
export const patches: Emit = (site, e) => {
  const [x] = e.args
  if (sizeOf(e.shape) === 0) return []
  const rows = rowsOf(x.shape, (e as Expr<WholeWindow>).attributes)
  const [from, to, table] = [site.at(x), site.at(e), site.table(rows.below.map((pixel) => pixel * rows.row * 4))]
  const entry = site.write(range, (w, [begin, end]) => {
    w.range(begin, end, 1, (u) => {
      const [image, place] = split(w, u, rows.places)
      const base = w.keep(i32.mul(image, rows.pixels * rows.row * 4))
      const row = w.keep(i32.mul(place, rows.cells * 4))
      const here = w.keep(i32.mul(u, rows.along * rows.patch * 4))
      w.range(0, rows.cells * 4, 4, (k) => {
        const there = w.keep(i32.add(base, i32.load(i32.add(row, k), table)))
        runsOf(w, rows, there, here, (p, q) => { put(w, rows.run, q, to, (i, offset) => f4.load(i32.add(p, i), from + offset)) })
        here.set(i32.add(here, rows.runs * rows.run * 4))
      })
    })
  })
  const size = sizeOf(e.shape)
  return [{ entry, extent: x.shape[0] * rows.places, cost: (size / rows.run) * (1 + rows.run * 0.1) }]
}

/** Adds a run of numbers to others. */
const added = (w: Writer, numbers: number, to: I, at: number, from: I, x: number): void => {
  const four = (here: I, there: I, offset: number, lanes = 4) => {
    w.storePart(here, at + offset, f4.add(f4.load(here, at + offset), f4.load(there, x + offset)), lanes)
  }
  const whole = numbers - (numbers % 4)
  if (whole > 64) {
    w.range(0, whole * 4, 16, (i) => { four(w.keep(i32.add(to, i)), w.keep(i32.add(from, i)), 0) })
  } else for (let n = 0; n < whole; n += 4) four(to, from, n * 4)
  if (whole < numbers) four(to, from, whole * 4, numbers - whole)
}

/** For each row of pixels and each row of cells the row of places where they lie upon each other, −1 where there is none. */
const aboveOf = ({ pixels, cells, below }: Rows): Int32Array => {
  const above = new Int32Array(pixels * cells).fill(-1)
  below.forEach((pixel, i) => { above[pixel * cells + (i % cells)] = Math.floor(i / cells) })
  return above
}

/** Each pixel the sum of what lies above it in the patches; a unit is a row of pixels, which looks for its summands in one order. */
export const foldPatches: Emit = (site, e) => {
  const [x] = e.args
  if (sizeOf(e.shape) === 0) return []
  const rows = rowsOf(e.shape, (e as Expr<{ readonly window: WholeWindow }>).attributes.window)
  const [from, to] = [site.at(x), site.at(e)]
  const bytes = { row: rows.row * 4, places: rows.along * rows.patch * 4, cells: rows.runs * rows.run * 4 }
  const table = site.table(aboveOf(rows).map((place, i) => (place < 0 ? -1 : place * bytes.places + (i % rows.cells) * bytes.cells)))
  const entry = site.write(range, (w, [begin, end]) => {
    w.clear(i32.add(i32.mul(begin, bytes.row), to), i32.mul(i32.sub(end, begin), bytes.row))
    w.range(begin, end, 1, (u) => {
      const [image, pixel] = split(w, u, rows.pixels)
      const base = w.keep(i32.mul(image, rows.places * bytes.places))
      const row = w.keep(i32.mul(pixel, rows.cells * 4))
      const there = w.keep(i32.mul(u, bytes.row))
      w.range(0, rows.cells * 4, 4, (k) => {
        const offset = w.keep(i32.load(i32.add(row, k), table))
        w.when(i32.less(offset, 0x7fffffff), () => {
          runsOf(w, rows, there, w.keep(i32.add(base, offset)), (p, q) => { added(w, rows.run, p, to, q, from) })
        })
      })
    })
  })
  const size = sizeOf(x.shape)
  return [{ entry, extent: e.shape[0] * rows.pixels, cost: (size / rows.run) * (1 + rows.run * 0.25) + sizeOf(e.shape) * 0.1 }]
}
