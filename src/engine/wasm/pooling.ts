/**
 * Reading at, and adding to, the largest value below each place of a window, four channels at a time. Beyond the edge the window sees the
 * nearest pixel inside again: it covers that one too, and what is met twice never wins a second time.
 */
import type { Expr } from '../../expr/node.js'
import { sizeOf, stridesOf, type Shape } from '../../expr/shape.js'
import { paddingBefore, placesOf, type WholeWindow } from '../../expr/window.js'
import type { Writer } from './assemble.js'
import { f4, i32, i4, v, type I, type Local, type V } from './instructions.js'
import { range, type Emit, type Site } from './kernel.js'

/** For each place and each cell of the window there the pixel below it, or the one nearest to it. */
const nearest = (spatial: Shape, window: WholeWindow): Int32Array => {
  const [places, before] = [placesOf(spatial, window), paddingBefore(spatial, window)]
  const steps = stridesOf([...places, ...window.size])
  return spatial.reduce((pixels, width, a) => pixels.map((pixel, i) => {
    const place = Math.floor(i / steps[a]) % places[a]
    const cell = Math.floor(i / steps[a + spatial.length]) % window.size[a]
    return pixel * width + Math.min(Math.max(place * window.strides[a] + cell - before[a], 0), width - 1)
  }), new Int32Array(sizeOf([...places, ...window.size])))
}

/** A window over images: rows are all axes but the last. */
export interface Pool {
  readonly images: number
  readonly channels: number
  /** Rows of places and places along a row. */
  readonly rows: number
  readonly along: number
  /** Rows of cells and cells along a row. */
  readonly high: number
  readonly wide: number
  /** Bytes of an image, and of a pixel. */
  readonly image: number
  readonly pixel: number
  /** Bytes into an image where each row of cells begins, for each row of places. */
  readonly upper: Int32Array
  /** Bytes into a row where each cell lies, for each place along it. */
  readonly inner: Int32Array
  /** Bytes from one place to the next where all of them lie inside. */
  readonly step: number | undefined
  /** No pixel lies below two places, or twice below one. */
  readonly apart: boolean
  /** Every pixel lies below a place. */
  readonly covers: boolean
}

/** A window over images of this shape. */
export const poolOf = (shape: Shape, window: WholeWindow): Pool => {
  const [images, channels, spatial] = [shape[0], shape[shape.length - 1], shape.slice(1, -1)]
  const last = spatial.length - 1
  const part = (from: number, to: number) => {
    const of = (s: Shape) => s.slice(from, to)
    return nearest(of(spatial), { ...window, size: of(window.size), strides: of(window.strides), dilation: of(window.dilation) })
  }
  const { size, strides, padding } = window
  const places = placesOf(spatial, window)
  const before = paddingBefore(spatial, window)
  const stays = spatial.map((d, a) => padding === 'valid' || (before[a] === 0 && (places[a] - 1) * strides[a] + size[a] <= d))
  const pixel = channels * 4
  return {
    images, channels, rows: sizeOf(places.slice(0, last)), along: places[last], high: sizeOf(size.slice(0, last)), wide: size[last],
    image: sizeOf(spatial) * pixel, pixel,
    upper: part(0, last).map((p) => p * spatial[last] * pixel), inner: part(last, last + 1).map((p) => p * pixel),
    step: stays[last] ? strides[last] * pixel : undefined,
    apart: stays.every((s) => s) && size.every((k, a) => k <= strides[a]),
    covers: spatial.every((d, a) => size[a] === strides[a] && places[a] * strides[a] === d)
  }
}

/** The winner so far: its value, and its number among the cells. */
export interface Winner { readonly value: Local<'v'>; readonly cell: Local<'v'> }

/** Goes through the cells of a place, row-major, with where they lie in x and their numbers. */
export type Cells = (body: (at: I, offset: number, cell: V) => void) => void

/** Cells that are written out one by one; more are a loop. */
export const few = 9

/** Sets `winner` to the first of the largest, NaN counting as larger than any. Nothing yet is −∞ in the first cell. */
export const contest = (w: Writer, x: number, cells: Cells, { value, cell }: Winner): void => {
  value.set(w.all(-Infinity))
  cell.set(w.allInt(0))
  cells((at, offset, number) => {
    const other = w.keep(f4.load(at, x + offset))
    const better = w.keep(v.andNot(f4.equal(value, value), f4.atMost(other, value)))
    value.set(v.select(better, other, value))
    cell.set(v.select(better, number, cell))
  })
}

/**
 * Visits the places of one row: for each, and each four channels, `body` is given the cells, where the place lies in the pooled images
 * and how many channels mean something.
 */
const places = (site: Site, pool: Pool) => {
  const upper = site.table(pool.upper)
  const inner = pool.step === undefined ? site.table(pool.inner) : 0
  const unrolled = pool.high * pool.wide <= few
  return (w: Writer, image: I, row: I, pooled: I, body: (cells: Cells, at: I, lanes: number) => void): void => {
    const rowAt = w.keep(i32.mul(row, pool.high * 4))
    const highs = unrolled ? Array.from({ length: pool.high }, (_, k) => w.keep(i32.add(image, i32.load(rowAt, upper + k * 4)))) : []
    const at = w.keep(pooled)
    w.range(0, pool.along, 1, (place) => {
      const placeAt = w.keep(i32.mul(place, pool.step ?? pool.wide * 4))
      // The begin of each cell, or of each row where cells lie side by side.
      const columns = unrolled && pool.step === undefined
        ? Array.from({ length: pool.wide }, (_, k) => w.keep(i32.load(placeAt, inner + k * 4))) : []
      const channels = (c: I, lanes: number) => {
        const cells: Cells = (visit) => {
          if (unrolled) {
            highs.forEach((high, h) => {
              const begin = w.keep(i32.add(pool.step === undefined ? high : i32.add(high, placeAt), c))
              Array.from({ length: pool.wide }, (_, k) => k).forEach((k) => {
                const number = w.allInt(h * pool.wide + k)
                if (pool.step === undefined) visit(w.keep(i32.add(begin, columns[k])), 0, number)
                else visit(begin, k * pool.pixel, number)
              })
            })
            return
          }
          const number = w.keep(w.allInt(0))
          w.range(0, pool.high * 4, 4, (h) => {
            const begin = w.keep(i32.add(i32.add(image, c), i32.load(i32.add(rowAt, h), upper)))
            w.range(0, pool.wide, 1, (k) => {
              const column = pool.step === undefined
                ? i32.load(i32.add(placeAt, i32.mul(k, 4)), inner) : i32.add(placeAt, i32.mul(k, pool.pixel))
              visit(w.keep(i32.add(begin, column)), 0, number)
              number.set(i4.add(number, w.allInt(1)))
            })
          })
        }
        body(cells, w.keep(i32.add(at, c)), lanes)
      }
      const whole = pool.channels - (pool.channels % 4)
      if (whole === 4) channels(i32.of(0), 4)
      else if (whole > 0) w.range(0, whole * 4, 16, (c) => { channels(c, 4) })
      if (whole < pool.channels) channels(i32.of(whole * 4), pool.channels - whole)
      at.set(i32.add(at, pool.pixel))
    })
  }
}

/** Nanoseconds for four channels of a cell. */
const compared = 1.5

/** At each place the value of v where x is largest; a unit is a row of places. */
export const pick: Emit = (site, e) => {
  const [x, values] = e.args
  if (sizeOf(e.shape) === 0) return []
  const pool = poolOf(x.shape, (e as Expr<WholeWindow>).attributes)
  const [from, read, to] = [site.at(x), site.at(values), site.at(e)]
  const visit = places(site, pool)
  const entry = site.write(range, (w, [begin, end]) => {
    const winner = { value: w.local('v'), cell: w.local('v') }
    const chosen = w.local('v')
    w.range(begin, end, 1, (u) => {
      const image = w.keep(i32.div(u, pool.rows))
      const row = w.keep(i32.sub(u, i32.mul(image, pool.rows)))
      const pooled = i32.mul(u, pool.along * pool.pixel)
      visit(w, w.keep(i32.mul(image, pool.image)), row, pooled, (cells, at, lanes) => {
        contest(w, from, cells, winner)
        if (x === values) w.storePart(at, to, winner.value, lanes)
        else {
          chosen.set(w.all(0))
          cells((there, offset, cell) => {
            chosen.set(v.select(i4.equal(winner.cell, cell), f4.load(there, read + offset), chosen))
          })
          w.storePart(at, to, chosen, lanes)
        }
      })
    })
  })
  const fours = pool.images * pool.rows * pool.along * Math.ceil(pool.channels / 4)
  return [{ entry, extent: pool.images * pool.rows, cost: fours * (2 + pool.high * pool.wide * compared) }]
}

/** dy where x is largest below each place, 0 elsewhere; a unit is an image, or a row of places where each pixel lies below one place. */
export const unpool: Emit = (site, e) => {
  const [x, dy] = e.args
  if (sizeOf(e.shape) === 0) return []
  const pool = poolOf(x.shape, (e as Expr<WholeWindow>).attributes)
  const [from, read, to] = [site.at(x), site.at(dy), site.at(e)]
  const visit = places(site, pool)
  const units = pool.apart && pool.covers ? pool.images * pool.rows : pool.images
  const entry = site.write(range, (w, [begin, end]) => {
    const winner = { value: w.local('v'), cell: w.local('v') }
    const row = (unit: I, image: I, number: I) => {
      const pooled = i32.mul(unit, pool.along * pool.pixel)
      visit(w, image, number, pooled, (cells, at, lanes) => {
        contest(w, from, cells, winner)
        // −0 becomes 0, as if it had been added to 0.
        const given = w.keep(f4.add(f4.load(at, read), w.all(0)))
        cells((there, offset, cell) => {
          const part = v.and(given, i4.equal(winner.cell, cell))
          w.storePart(there, to + offset, pool.apart ? part : f4.add(f4.load(there, to + offset), part), lanes)
        })
      })
    }
    w.range(begin, end, 1, (u) => {
      if (pool.apart && pool.covers) {
        const image = w.keep(i32.div(u, pool.rows))
        row(u, w.keep(i32.mul(image, pool.image)), w.keep(i32.sub(u, i32.mul(image, pool.rows))))
      } else {
        const image = w.keep(i32.mul(u, pool.image))
        const first = w.keep(i32.mul(u, pool.rows))
        w.clear(i32.add(image, to), pool.image)
        w.range(0, pool.rows, 1, (r) => { row(w.keep(i32.add(first, r)), image, r) })
      }
    })
  })
  const fours = pool.images * pool.rows * pool.along * Math.ceil(pool.channels / 4)
  return [{ entry, extent: units, cost: fours * (2 + pool.high * pool.wide * 2 * compared) }]
}
