/**
 * Convolutions without patches: a product whose left factor is read where the images lie, a run of each patch after the other. Tiles are
 * those of other products: some places by some filters in registers.
 */
import { variable } from '../../expr/leaf.js'
import { evaluate } from '../../expr/evaluate.js'
import { matmul, type Transposed } from '../../expr/matmul.js'
import { node, type Expr, type Primitive } from '../../expr/node.js'
import { patches } from '../../expr/patches.js'
import { reshape } from '../../expr/reshape.js'
import { sameShape, sizeOf, type Shape } from '../../expr/shape.js'
import { placesOf, type WholeWindow } from '../../expr/window.js'
import { f4, i32, v, type I } from './instructions.js'
import { panels, type Pieces } from './block.js'
import type { FunctionCode } from './encode.js'
import { put } from './gather.js'
import { range, type Emit, type Site } from './kernel.js'
import { roomOf } from './pack.js'
import { rowsOf, type Rows } from './patches.js'
import { packing } from './product.js'
import { addTerms } from './terms.js'
import { tallest, vectorsOf } from './tile.js'

const asMatrix = (e: Expr, axes: number): Shape => [sizeOf(e.shape.slice(0, axes)), sizeOf(e.shape.slice(axes))]

/** Images by a kernel [numbers of a patch, filters], whose window stays inside: [places of all images, filters]. */
const convolutionPrimitive: Primitive<WholeWindow> = {
  name: 'convolution',
  shape: ([x, kernel], window) => [x[0] * sizeOf(placesOf(x.slice(1, -1), window)), kernel[1]],
  evaluate: (values, { args: [x, kernel], attributes }) => {
    const p = patches(variable('x', x.shape), attributes)
    const graph = matmul(reshape(p, asMatrix(p, x.shape.length - 1)), variable('kernel', kernel.shape))
    return (out) => { out.set(evaluate(graph, { x: values[0], kernel: values[1] })) }
  },
  adjoint: () => []
}

/** Bytes from one row of cells to the next in an image; `undefined` where they differ. */
const stepOf = ({ below, cells, row }: Rows): number | undefined => {
  const steps = Array.from({ length: cells - 1 }, (_, k) => (below[k + 1] - below[k]) * row * 4)
  return steps.every((s) => s === steps[0]) ? steps[0] ?? 0 : undefined
}

/** A product of patches as a convolution, where runs of a patch lie side by side and there are enough places in a row. */
export const convolved = (e: Expr): Expr | undefined => {
  const { a, b } = (e as Expr<Transposed>).attributes
  const [left, kernel] = e.args
  const p = left.primitive.name === 'reshape' ? left.args[0] : left
  if (a || b || p.primitive.name !== 'patches' || sizeOf(e.shape) === 0 || kernel.shape.length !== 2) return undefined
  const { args: [x], attributes: window } = p as Expr<WholeWindow>
  if (window.padding !== 'valid' || !sameShape(left.shape, asMatrix(p, x.shape.length - 1))) return undefined
  const rows = rowsOf(x.shape, window)
  return rows.runs === 1 && rows.along >= 4 && stepOf(rows) !== undefined ? node(convolutionPrimitive, [x, kernel], window) : undefined
}

/** Some places of a row by some filters. Steps are in bytes. */
interface Tile {
  readonly places: number
  readonly filters: number
  /** From a place to the next. */
  readonly stride: number
  /** Runs of a patch, numbers in one, from one to the next. */
  readonly runs: number
  readonly run: number
  readonly step: number
  /** From a row of the result to the next. */
  readonly c: number
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

/** Parameters: the first patch, the packed kernel, the result. */
const tile = (site: Site, t: Tile): FunctionCode => site.shared(`convolution ${JSON.stringify(t)}`, () =>
  site.write(['i', 'i', 'i'], (w, [a, b, c]) => {
    const vectors = upTo(vectorsOf(t.filters))
    const width = vectors.length * 16
    const sums = upTo(t.places).map(() => vectors.map(() => w.keep(v.zero)))
    const run = () => { addTerms(site, w, sums, t.run, { a, b, rows: t.stride, depth: [4, width] }, c) }
    if (t.runs === 1) run()
    else {
      w.range(0, t.runs, 1, () => {
        run()
        a.set(i32.add(a, t.step - t.run * 4))
      })
    }
    sums.forEach((row, r) => { row.forEach((sum, q) => { w.storePart(c, r * t.c + q * 16, sum, Math.min(4, t.filters - q * 4)) }) })
  }))

/** Places in as few tiles as there must be, as equal as they can be. */
const evenly = (places: number, most: number): readonly Pieces[] => {
  const count = Math.ceil(places / most)
  const low = Math.floor(places / count)
  const more = places - low * count
  return [{ size: low + 1, from: 0, count: more }, { size: low, from: more * (low + 1), count: count - more }].filter((p) => p.count > 0)
}

/** Places that one unit has at least, so that a packed panel is used often. */
const least = 64

/** Numbers of a run below which the patches of a row are laid side by side first: a loop over fewer is not worth its beginning. */
const short = 16

/** A unit is some rows of places of one image. */
export const convolution: Emit = (site, e) => {
  const [x, kernel] = e.args
  const rows = rowsOf(x.shape, (e as Expr<WholeWindow>).attributes)
  const step = stepOf(rows)
  if (sizeOf(e.shape) === 0 || step === undefined) return undefined
  const [from, to] = [site.at(x), site.at(e)]
  const [k, filters] = kernel.shape
  const across = panels(least, filters, true)
  const packed = site.take(vectorsOf(filters) * 4 * roomOf(k) + 16)
  const gathers = rows.run < short
  const room = gathers ? Math.ceil((rows.along * k) / 4) * 4 : 0
  const gathered = gathers ? site.take(room * site.threads) : 0
  const read = gathers ? { stride: k * 4, runs: 1, run: k, step: 0 } : { stride: rows.stride * 4, runs: rows.cells, run: rows.run, step }
  const high = Math.min(rows.places, Math.ceil(least / rows.along))
  const blocks = Math.ceil(rows.places / high)
  const bytes = { image: rows.pixels * rows.row * 4, row: rows.along * filters * 4 }
  const table = site.table(Int32Array.from({ length: rows.places }, (_, p) => rows.below[p * rows.cells] * rows.row * 4))
  const entry = site.write(range, (w, [begin, end, slot]) => {
    const own = w.keep(i32.add(i32.mul(slot, room * 4), gathered))
    /** The patches of a row, one behind the other. */
    const gather = (a: I): void => {
      const [there, here] = [w.keep(a), w.keep(own)]
      w.range(0, rows.cells, 1, () => {
        const [p, q] = [w.keep(there), w.keep(here)]
        w.range(0, rows.along, 1, () => {
          put(w, rows.run, q, 0, (i, offset) => f4.load(i32.add(p, i), offset))
          p.set(i32.add(p, rows.stride * 4))
          q.set(i32.add(q, k * 4))
        })
        there.set(i32.add(there, step))
        here.set(i32.add(here, rows.run * 4))
      })
    }
    /** A row of places by a panel of filters. */
    const tiles = (a: I, c: I, j: I, panel: Pieces): void => {
      const b = w.keep(i32.add(i32.mul(j, roomOf(k) * 4), packed))
      const result = w.keep(i32.add(c, i32.mul(j, 4)))
      for (const piece of evenly(rows.along, tallest(vectorsOf(panel.size), site))) {
        const code = tile(site, { places: piece.size, filters: panel.size, c: filters * 4, ...read })
        w.range(piece.from, piece.from + piece.size * piece.count, piece.size, (place) => {
          w.call(code, [
            i32.add(a, i32.mul(place, read.stride)), b, i32.add(result, i32.mul(place, filters * 4))
          ])
        })
      }
    }
    const allPanels = (body: (j: I, panel: Pieces) => void) => {
      for (const panel of across) w.range(panel.from, panel.from + panel.size * panel.count, panel.size, (j) => { body(j, panel) })
    }
    w.range(begin, end, 1, (u) => {
      const image = w.keep(i32.div(u, blocks))
      const first = w.keep(i32.mul(i32.sub(u, i32.mul(image, blocks)), high))
      const last = w.keep(i32.min(i32.add(first, high), rows.places))
      const picture = w.keep(i32.add(i32.mul(image, bytes.image), from))
      const result = w.keep(i32.add(i32.mul(image, rows.places * bytes.row), to))
      const row = (body: (a: I, c: I) => void) => {
        w.range(first, last, 1, (place) => {
          body(w.keep(i32.add(picture, i32.load(i32.mul(place, 4), table))),
            w.keep(i32.add(result, i32.mul(place, bytes.row))))
        })
      }
      if (gathers) {
        row((a, c) => {
          gather(a)
          allPanels((j, panel) => { tiles(own, c, j, panel) })
        })
      } else allPanels((j, panel) => { row((a, c) => { tiles(a, c, j, panel) }) })
    })
  })
  return [
    packing(site, site.at(kernel), packed, across, { depth: k, stride: filters * 4, along: false, whole: true }),
    { entry, extent: x.shape[0] * blocks, cost: sizeOf(e.shape) * k * 0.08 }
  ]
}
