/** The gradient of a convolution's kernel behind a max pool: Σ over winners of value·patch. */
import type { Expr } from '../../expr/node.js'
import type { Writer } from './assemble.js'
import type { FunctionCode } from './encode.js'
import { watch, type Watch } from './finite.js'
import { f4, i32, i4, v, type I } from './instructions.js'
import { range, type Emit, type Kernel, type Site } from './kernel.js'
import { transpose } from './pack.js'
import { rowsOf } from './patches.js'
import { contest, poolOf } from './pooling.js'
import { cellsAt, entry, heights, patchesAt, patchesBelow, perCell, through, vectorsOf, zeros, type Vectors } from './thin.js'
import type { Behind } from './winners.js'

/** sums += Σ value·(vectors of the patch at the entry). Parameters: list, end, base of the patches, sums, which lie in a row. */
const gathering = (site: Site, patch: Vectors): FunctionCode => site.write(['i', 'i', 'i', 'i'], (w, [list, end, base, sums]) => {
  for (const { first: begin, count } of patch.blocks) {
    const start = patch.offsets[begin]
    const steps = patch.offsets.slice(begin, begin + count).map((o) => o - start)
    const block = site.shared(`gathering ${steps.join()}`, () => site.write(['i', 'i', 'i', 'i'], (u, [l, e, from, to]) => {
      const all = steps.map((_, i) => u.keep(f4.load(to, i * 16)))
      through(u, l, e, from, (at, value) => { all.forEach((sum, i) => { sum.set(u.madd(f4.load(at, steps[i]), value, sum)) }) })
      all.forEach((sum, i) => { u.store(to, i * 16, sum) })
    }))
    w.call(block, [list, end, i32.add(base, start), i32.add(sums, begin * 16)])
  }
})

/** Looks at `numbers` from `at` on. */
const lookAt = (w: Writer, { look }: Watch, at: I, address: number, numbers: number): void => {
  if (numbers < 4) look(v.and(f4.load(at, address), v.first(numbers)))
  else {
    const whole = numbers - (numbers % 4)
    w.range(0, whole * 4, 16, (i) => { look(f4.load(w.keep(i32.add(at, i)), address)) })
    if (whole < numbers) look(f4.load(at, address + (numbers - 4) * 4))
  }
}

/** Winners in a list, about, so that loading and storing sums costs little; and parts of a batch at most. */
const [lively, mostShards] = [48, 8]

/** The gradient of a kernel: Σ over winners of value·patch, for each filter. A unit is a part of the batch, fixed by the shape. */
export const winnersKernel: Emit = (site, e) => {
  const [x, y, d] = e.args
  const { window, pool: pooling } = (e as Expr<Behind>).attributes
  const [rows, pool] = [rowsOf(x.shape, window), poolOf(y.shape, pooling)]
  const patch = vectorsOf(rows)
  const [from, values, pooled, to] = [site.at(x), site.at(y), site.at(d), site.at(e)]
  const filters = e.shape[1]
  const fours = Math.ceil(filters / 4)
  const places = pool.rows * pool.along
  const group = Math.min(pool.images, Math.max(1, Math.round(lively / places)))
  const part = Math.ceil(Math.ceil(pool.images / group) / mostShards) * group
  const shards = Math.ceil(pool.images / part)
  const bytes = {
    sums: patch.offsets.length * 16, list: group * places * entry, image: rows.pixels * rows.row * 4, pooled: places * pool.pixel
  }
  const sums = site.take((shards * fours * 4 * bytes.sums) / 4)
  const room = bytes.list * 4
  const lists = site.take((room * site.threads) / 4)
  const below = patchesBelow(rows, pool)
  const [begins, upper, none] = [site.table(below.begins), site.table(pool.upper), site.table(zeros(patchesAt(rows)))]
  const add = gathering(site, patch)
  const code = site.write(range, (w, [begin, end, slot]) => {
    const own = w.keep(i32.add(i32.mul(slot, room), lists))
    const winner = { value: w.local('v'), cell: w.local('v') }
    w.range(begin, end, 1, (u) => {
      const shard = w.keep(i32.add(i32.mul(u, fours * 4 * bytes.sums), sums))
      w.clear(shard, fours * 4 * bytes.sums)
      const firstImage = w.keep(i32.mul(u, part))
      w.range(firstImage, w.keep(i32.min(i32.add(firstImage, part), pool.images)), group, (g) => {
        const last = w.keep(i32.min(i32.add(g, group), pool.images))
        w.range(g, last, 1, (image) => {
          const at = w.keep(i32.mul(image, bytes.image))
          const watched = watch(w)
          lookAt(w, watched, at, from, bytes.image / 4)
          w.when(v.any(watched.found), () => {
            w.range(0, filters, 1, (f) => {
              w.call(add, [
                none, none + rows.places * rows.along * entry, i32.add(at, from),
                i32.add(shard, i32.mul(f, bytes.sums))
              ])
            })
          })
        })
        w.range(0, fours * 16, 16, (c) => {
          const ends = [0, 1, 2, 3].map((lane) => w.keep(i32.add(own, lane * bytes.list)))
          w.range(g, last, 1, (image) => {
            const channels = w.keep(i32.add(i32.mul(image, pool.image), c))
            const result = w.keep(i32.add(i32.mul(image, bytes.pooled), c))
            const picture = w.keep(i32.mul(image, bytes.image))
            const place = w.keep(i32.of(begins))
            w.range(0, pool.rows, 1, (row) => {
              const highs = heights(w, pool, upper, channels, row)
              w.range(0, pool.along * (pool.step ?? 0), pool.step ?? 1, (across) => {
                contest(w, values, cellsAt(w, pool, highs, across), winner)
                const four = w.keep(f4.load(result, pooled))
                const begun = i4.splat(i32.add(picture, i32.load(place)))
                const at = w.keep(i4.add(begun, perCell(w, winner.cell, below.further)))
                const live = w.keep(v.and(f4.differ(four, w.all(0)), w.allInt(entry)))
                ends.forEach((to4, lane) => {
                  w.storeLane(to4, 0, at, lane)
                  w.storeLane(to4, 4, four, lane)
                  to4.set(i32.add(to4, i4.lane(live, lane)))
                })
                result.set(i32.add(result, pool.pixel))
                place.set(i32.add(place, 4))
              })
            })
          })
          const lane0 = w.keep(i32.add(shard, i32.mul(c, bytes.sums / 4)))
          ends.forEach((stop, lane) => {
            w.call(add, [i32.add(own, lane * bytes.list), stop, from, i32.add(lane0, lane * bytes.sums)])
          })
        })
      })
    })
  })
  const entries = pool.images * places * filters
  return [
    { entry: code, extent: shards, cost: entries * (2 + patch.offsets.length * 0.2) },
    joining(site, { from: sums, to, shards, filters, patch, run: rows.run })
  ]
}

interface Joining {
  readonly from: number
  readonly to: number
  readonly shards: number
  readonly filters: number
  readonly patch: Vectors
  readonly run: number
}

/** Adds up the sums of all parts and lays them out as a matrix [numbers of a patch, filters]; a unit is four filters. */
const joining = (site: Site, { from, to, shards, filters, patch, run }: Joining): Kernel => {
  const fours = Math.ceil(filters / 4)
  const bytes = patch.offsets.length * 16
  const rest = filters % 4
  const code = site.write(range, (w, [begin, end]) => {
    const body = (u: I, lanes: number) => {
      const there = w.keep(i32.mul(u, bytes * 4))
      const here = w.keep(i32.mul(u, 16))
      const vector = (count: number) => {
        const sums = [0, 1, 2, 3].map((lane) => w.keep(f4.load(there, from + lane * bytes)))
        w.range(1, shards, 1, (s) => {
          const at = w.keep(i32.add(there, i32.mul(s, fours * 4 * bytes)))
          sums.forEach((sum, lane) => { sum.set(f4.add(sum, f4.load(at, from + lane * bytes))) })
        })
        transpose(w, sums).slice(0, count).forEach((row, i) => { w.storePart(here, to + i * filters * 4, row, lanes) })
        there.set(i32.add(there, 16))
        here.set(i32.add(here, count * filters * 4))
      }
      w.range(0, patch.runs, 1, () => {
        if (run >= 4) w.range(0, Math.floor(run / 4), 1, () => { vector(4) })
        if (patch.rest < 4) vector(patch.rest)
      })
    }
    w.range(begin, w.keep(i32.min(end, Math.floor(filters / 4))), 1, (u) => { body(u, 4) })
    if (rest > 0) w.when(i32.equal(end, fours), () => { body(i32.of(fours - 1), rest) })
  })
  return { entry: code, extent: fours, cost: shards * fours * patch.offsets.length * 2.5 }
}
