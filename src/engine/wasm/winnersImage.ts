/** The gradient of images behind a convolution and a max pool: each winner's value times its filter, added where its patch lies. */
import type { Expr } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import type { FunctionCode } from './encode.js'
import { watch } from './finite.js'
import { f4, i32, i4, v } from './instructions.js'
import { range, type Emit, type Kernel, type Site } from './kernel.js'
import { transpose } from './pack.js'
import { rowsOf } from './patches.js'
import { contest, poolOf } from './pooling.js'
import { cellsAt, entry, heights, patchesAt, patchesBelow, through, vectorsOf, zeros, type Vectors } from './thin.js'
import type { Behind } from './winners.js'

/** The patch += Σ value·(vectors at the entry, which lie in a row). Parameters: list, end, base of the vectors, the patch. */
const scattering = (site: Site, patch: Vectors): FunctionCode => site.write(['i', 'i', 'i', 'i'], (w, [list, end, base, to]) => {
  for (const { first: begin, count } of patch.blocks) {
    const start = patch.offsets[begin]
    const steps = patch.offsets.slice(begin, begin + count).map((o) => o - start)
    const lanes = patch.lanes.slice(begin, begin + count)
    const key = `scattering ${steps.join()} ${lanes.join()}`
    const block = site.shared(key, () => site.write(['i', 'i', 'i', 'i'], (u, [l, e, from, at]) => {
      const all = steps.map((step) => u.keep(f4.load(at, step)))
      through(u, l, e, from, (there, value) => { all.forEach((sum, i) => { sum.set(u.madd(f4.load(there, i * 16), value, sum)) }) })
      all.forEach((sum, i) => { u.storePart(at, steps[i], sum, lanes[i]) })
    }))
    w.call(block, [list, end, i32.add(base, begin * 16), i32.add(to, start)])
  }
})

interface Turning {
  readonly from: number
  readonly to: number
  readonly flags: number
  readonly filters: number
  readonly patch: Vectors
  readonly run: number
}

/** A kernel [numbers of a patch, filters] with a row of vectors for each filter, and for each four whether all are finite. */
const turned = (site: Site, { from, to, flags, filters, patch, run }: Turning): Kernel => {
  const bytes = patch.offsets.length * 16
  const code = site.write(range, (w, [begin, end]) => {
    w.range(begin, end, 1, (u) => {
      const there = w.keep(i32.mul(u, 16))
      const here = w.keep(i32.mul(u, bytes * 4))
      const { look, seen } = watch(w)
      const vector = (count: number) => {
        const rows = [0, 1, 2, 3].map((i) => w.keep(i < count ? f4.load(there, from + i * filters * 4) : w.all(0)))
        look(...rows.slice(0, count))
        transpose(w, rows).forEach((column, lane) => { w.store(here, to + lane * bytes, column) })
        there.set(i32.add(there, count * filters * 4))
        here.set(i32.add(here, 16))
      }
      w.range(0, patch.runs, 1, () => {
        if (run >= 4) w.range(0, Math.floor(run / 4), 1, () => { vector(4) })
        if (patch.rest < 4) vector(patch.rest)
      })
      w.store(i32.mul(u, 16), flags, seen)
    })
  })
  return { entry: code, extent: filters / 4, cost: filters * patch.offsets.length }
}

/** The gradient of images: each winner's value times its filter, added where its patch lies. A unit is an image. */
export const winnersImage: Emit = (site, e) => {
  const [y, d, kernel] = e.args
  const { window, pool: pooling } = (e as Expr<Behind>).attributes
  const [rows, pool] = [rowsOf(e.shape, window), poolOf(y.shape, pooling)]
  const patch = vectorsOf(rows)
  const [values, pooled, to] = [site.at(y), site.at(d), site.at(e)]
  const filters = pool.channels
  const cells = pool.high * pool.wide
  const bytes = {
    row: patch.offsets.length * 16, image: rows.pixels * rows.row * 4, pooled: pool.rows * pool.along * pool.pixel, bucket: filters * entry
  }
  const [packed, flags] = [site.take((filters * bytes.row) / 4), site.take(filters)]
  // Ends of the buckets, the buckets.
  const room = Math.ceil((cells * 4 + cells * bytes.bucket) / 16) * 16
  const buckets = site.take((room * site.threads) / 4)
  const below = patchesBelow(rows, pool)
  const [begins, upper] = [site.table(below.begins), site.table(pool.upper)]
  const filterRows = Array.from({ length: filters }, (_, f) => f * bytes.row)
  const [none, everywhere] = [site.table(zeros(filterRows)), site.table(Int32Array.from(patchesAt(rows)))]
  const add = scattering(site, patch)
  const code = site.write(range, (w, [begin, end, slot]) => {
    const ends = w.keep(i32.add(i32.mul(slot, room), buckets))
    const bucket = (k: number) => i32.add(ends, cells * 4 + k * bytes.bucket)
    const winner = { value: w.local('v'), cell: w.local('v') }
    w.range(begin, end, 1, (u) => {
      const image = w.keep(i32.add(i32.mul(u, bytes.image), to))
      w.clear(image, bytes.image)
      const seen = w.keep(v.zero)
      w.range(0, filters * 4, 16, (i) => { seen.set(f4.add(seen, f4.load(i, flags))) })
      w.when(v.any(f4.differ(seen, seen)), () => {
        w.range(0, rows.places * rows.along * 4, 4, (p) => {
          w.call(add, [none, none + filters * entry, packed, i32.add(image, i32.load(p, everywhere))])
        })
      })
      const [channels, result] = [w.keep(i32.mul(u, pool.image)), w.keep(i32.mul(u, bytes.pooled))]
      const place = w.keep(i32.of(begins))
      w.range(0, pool.rows, 1, (row) => {
        const highs = heights(w, pool, upper, channels, row)
        w.range(0, pool.along * (pool.step ?? 0), pool.step ?? 1, (across) => {
          for (let k = 0; k < cells; k++) w.storeInt(ends, k * 4, bucket(k))
          w.range(0, filters * 4, 16, (c) => {
            contest(w, values, cellsAt(w, pool, highs, w.keep(i32.add(across, c))), winner)
            const four = w.keep(f4.load(w.keep(i32.add(result, c)), pooled))
            const which = w.keep(i4.shiftLeft(winner.cell, 2))
            const live = w.keep(v.and(f4.differ(four, w.all(0)), w.allInt(entry)))
            const filter = w.keep(i32.mul(c, bytes.row / 4))
            for (let lane = 0; lane < 4; lane++) {
              const chosen = w.keep(i32.add(ends, i4.lane(which, lane)))
              const at = w.keep(i32.load(chosen))
              w.storeInt(at, 0, i32.add(filter, lane * bytes.row))
              w.storeLane(at, 4, four, lane)
              w.storeInt(chosen, 0, i32.add(at, i4.lane(live, lane)))
            }
          })
          const here = w.keep(i32.add(image, i32.load(place)))
          for (let k = 0; k < cells; k++) {
            const stop = w.keep(i32.load(ends, k * 4))
            w.when(i32.less(bucket(k), stop), () => {
              w.call(add, [bucket(k), stop, packed, i32.add(here, below.further[k])])
            })
          }
          result.set(i32.add(result, pool.pixel))
          place.set(i32.add(place, 4))
        })
      })
    })
  })
  const winners = sizeOf(d.shape)
  return [
    turned(site, { from: site.at(kernel), to: packed, flags, filters, patch, run: rows.run }),
    { entry: code, extent: pool.images, cost: winners * (3 + patch.offsets.length * 0.2) }
  ]
}
