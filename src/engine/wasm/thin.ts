/**
 * The two products of a convolution's adjoint behind a max pool, over the winners only. For each winner whose value is not 0 its patch is
 * met once: vectors of a patch in registers, lists of winners run past them.
 */
import type { Expr } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import { f4, i32, i4, v, type I, type Local, type V, type Writer } from './assemble.js'
import type { FunctionCode } from './encode.js'
import { range, type Emit, type Kernel, type Site } from './kernel.js'
import { transpose } from './pack.js'
import { rowsOf, type Rows } from './patches.js'
import { contest, poolOf, type Cells, type Pool } from './pooling.js'
import type { Behind } from './winners.js'

/** An entry of a list: where something lies, and what it is multiplied by. */
const entry = 8

/** The vectors of a patch: bytes from its first number, and how many of their lanes belong to it. */
interface Vectors {
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

const vectorsOf = (rows: Rows): Vectors => {
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

/** Ones in the first so many lanes. */
const first = (lanes: number): V => v.constant([0, 1, 2, 3].map((lane) => (lane < lanes ? -1 : 0)) as [number, number, number, number])

/** Goes through a list: where each entry points, and its value in four lanes. */
const through = (w: Writer, list: I, end: I, base: I, body: (at: I, value: V) => void): void => {
  w.range(list, end, entry, (e) => { body(w.keep(i32.add(i32.load(e), base)), w.keep(f4.loadSplat(e, 4))) })
}

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
    w.call(block, [list, end, i32.add(base, i32.of(start)), i32.add(sums, i32.of(begin * 16))])
  }
})

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
    w.call(block, [list, end, i32.add(base, i32.of(begin * 16)), i32.add(to, i32.of(start))])
  }
})

/** Where the patch of each place begins in its image, in bytes. */
const patchesAt = (rows: Rows): readonly number[] =>
  Array.from({ length: rows.places * rows.along }, (_, p) =>
    (rows.below[Math.floor(p / rows.along) * rows.cells] * rows.row + (p % rows.along) * rows.stride) * 4)

/** Where the patch below the first cell of each pooled place begins, and how much further those below the others do. */
const patchesBelow = (rows: Rows, pool: Pool) => {
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
const zeros = (at: readonly number[]): Int32Array => Int32Array.from({ length: at.length * 2 }, (_, i) => (i % 2 === 0 ? at[i / 2] : 0))

/** Not 0 in some lane, once one of `numbers` from `at` on is not finite. */
const notFinite = (w: Writer, at: I, address: number, numbers: number): V => {
  const seen = w.keep(v.constant([0, 0, 0, 0]))
  const look = (x: V) => { seen.set(f4.add(seen, f4.mul(x, w.all(0)))) }
  if (numbers < 4) look(v.and(f4.load(at, address), first(numbers)))
  else {
    const whole = numbers - (numbers % 4)
    w.range(0, whole * 4, 16, (i) => { look(f4.load(w.keep(i32.add(at, i)), address)) })
    if (whole < numbers) look(f4.load(at, address + (numbers - 4) * 4))
  }
  return f4.differ(seen, seen)
}

/** The first cells of the rows of a pooled place, for a row of places of an image. */
const heights = (w: Writer, pool: Pool, table: number, image: I, row: I): readonly Local<'i'>[] =>
  Array.from({ length: pool.high }, (_, h) => w.keep(i32.add(image, i32.load(i32.mul(row, i32.of(pool.high * 4)), table + h * 4))))

/** The cells of a pooled place, `across` bytes along their rows. */
const cellsAt = (w: Writer, pool: Pool, highs: readonly Local<'i'>[], across: I): Cells => (visit) => {
  highs.forEach((high, h) => {
    const begin = w.keep(i32.add(high, across))
    Array.from({ length: pool.wide }, (_, k) => k).forEach((k) => { visit(begin, k * pool.pixel, w.allInt(h * pool.wide + k)) })
  })
}

/** In each lane the number that belongs to its cell. */
const perCell = (w: Writer, cell: V, numbers: readonly number[]): V =>
  numbers.map((n, k) => v.and(i4.equal(cell, w.allInt(k)), w.allInt(n))).reduce((a, b) => v.or(a, b))

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
    const own = w.keep(i32.add(i32.mul(slot, i32.of(room)), i32.of(lists)))
    const winner = { value: w.local('v'), cell: w.local('v') }
    w.range(begin, end, 1, (u) => {
      const shard = w.keep(i32.add(i32.mul(u, i32.of(fours * 4 * bytes.sums)), i32.of(sums)))
      w.clear(shard, i32.of(fours * 4 * bytes.sums))
      const firstImage = w.keep(i32.mul(u, i32.of(part)))
      w.range(firstImage, w.keep(i32.min(i32.add(firstImage, i32.of(part)), i32.of(pool.images))), group, (g) => {
        const last = w.keep(i32.min(i32.add(g, i32.of(group)), i32.of(pool.images)))
        w.range(g, last, 1, (image) => {
          const at = w.keep(i32.mul(image, i32.of(bytes.image)))
          w.when(v.any(notFinite(w, at, from, bytes.image / 4)), () => {
            w.range(0, filters, 1, (f) => {
              w.call(add, [
                i32.of(none), i32.of(none + rows.places * rows.along * entry), i32.add(at, i32.of(from)),
                i32.add(shard, i32.mul(f, i32.of(bytes.sums)))
              ])
            })
          })
        })
        w.range(0, fours * 16, 16, (c) => {
          const ends = [0, 1, 2, 3].map((lane) => w.keep(i32.add(own, i32.of(lane * bytes.list))))
          w.range(g, last, 1, (image) => {
            const channels = w.keep(i32.add(i32.mul(image, i32.of(pool.image)), c))
            const result = w.keep(i32.add(i32.mul(image, i32.of(bytes.pooled)), c))
            const picture = w.keep(i32.mul(image, i32.of(bytes.image)))
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
                result.set(i32.add(result, i32.of(pool.pixel)))
                place.set(i32.add(place, i32.of(4)))
              })
            })
          })
          const lane0 = w.keep(i32.add(shard, i32.mul(c, i32.of(bytes.sums / 4))))
          ends.forEach((stop, lane) => {
            w.call(add, [i32.add(own, i32.of(lane * bytes.list)), stop, i32.of(from), i32.add(lane0, i32.of(lane * bytes.sums))])
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
      const there = w.keep(i32.mul(u, i32.of(bytes * 4)))
      const here = w.keep(i32.mul(u, i32.of(16)))
      const vector = (count: number) => {
        const sums = [0, 1, 2, 3].map((lane) => w.keep(f4.load(there, from + lane * bytes)))
        w.range(1, shards, 1, (s) => {
          const at = w.keep(i32.add(there, i32.mul(s, i32.of(fours * 4 * bytes))))
          sums.forEach((sum, lane) => { sum.set(f4.add(sum, f4.load(at, from + lane * bytes))) })
        })
        transpose(w, sums).slice(0, count).forEach((row, i) => { w.storePart(here, to + i * filters * 4, row, lanes) })
        there.set(i32.add(there, i32.of(16)))
        here.set(i32.add(here, i32.of(count * filters * 4)))
      }
      w.range(0, patch.runs, 1, () => {
        if (run >= 4) w.range(0, Math.floor(run / 4), 1, () => { vector(4) })
        if (patch.rest < 4) vector(patch.rest)
      })
    }
    w.range(begin, w.keep(i32.min(end, i32.of(Math.floor(filters / 4)))), 1, (u) => { body(u, 4) })
    if (rest > 0) w.when(i32.equal(end, i32.of(fours)), () => { body(i32.of(fours - 1), rest) })
  })
  return { entry: code, extent: fours, cost: shards * fours * patch.offsets.length * 2.5 }
}

/** A kernel [numbers of a patch, filters] with a row of vectors for each filter, and for each four whether all are finite. */
const turned = (site: Site, { from, to, flags, filters, patch, run }: Omit<Joining, 'shards'> & { readonly flags: number }): Kernel => {
  const bytes = patch.offsets.length * 16
  const code = site.write(range, (w, [begin, end]) => {
    w.range(begin, end, 1, (u) => {
      const there = w.keep(i32.mul(u, i32.of(16)))
      const here = w.keep(i32.mul(u, i32.of(bytes * 4)))
      const seen = w.keep(v.constant([0, 0, 0, 0]))
      const vector = (count: number) => {
        const rows = [0, 1, 2, 3].map((i) => w.keep(i < count ? f4.load(there, from + i * filters * 4) : w.all(0)))
        rows.slice(0, count).forEach((row) => { seen.set(f4.add(seen, f4.mul(row, w.all(0)))) })
        transpose(w, rows).forEach((column, lane) => { w.store(here, to + lane * bytes, column) })
        there.set(i32.add(there, i32.of(count * filters * 4)))
        here.set(i32.add(here, i32.of(16)))
      }
      w.range(0, patch.runs, 1, () => {
        if (run >= 4) w.range(0, Math.floor(run / 4), 1, () => { vector(4) })
        if (patch.rest < 4) vector(patch.rest)
      })
      w.store(i32.mul(u, i32.of(16)), flags, seen)
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
    const ends = w.keep(i32.add(i32.mul(slot, i32.of(room)), i32.of(buckets)))
    const bucket = (k: number) => i32.add(ends, i32.of(cells * 4 + k * bytes.bucket))
    const winner = { value: w.local('v'), cell: w.local('v') }
    w.range(begin, end, 1, (u) => {
      const image = w.keep(i32.add(i32.mul(u, i32.of(bytes.image)), i32.of(to)))
      w.clear(image, i32.of(bytes.image))
      const seen = w.keep(v.constant([0, 0, 0, 0]))
      w.range(0, filters * 4, 16, (i) => { seen.set(f4.add(seen, f4.load(i, flags))) })
      w.when(v.any(f4.differ(seen, seen)), () => {
        w.range(0, rows.places * rows.along * 4, 4, (p) => {
          w.call(add, [i32.of(none), i32.of(none + filters * entry), i32.of(packed), i32.add(image, i32.load(p, everywhere))])
        })
      })
      const [channels, result] = [w.keep(i32.mul(u, i32.of(pool.image))), w.keep(i32.mul(u, i32.of(bytes.pooled)))]
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
            const filter = w.keep(i32.mul(c, i32.of(bytes.row / 4)))
            for (let lane = 0; lane < 4; lane++) {
              const chosen = w.keep(i32.add(ends, i4.lane(which, lane)))
              const at = w.keep(i32.load(chosen))
              w.storeInt(at, 0, i32.add(filter, i32.of(lane * bytes.row)))
              w.storeLane(at, 4, four, lane)
              w.storeInt(chosen, 0, i32.add(at, i4.lane(live, lane)))
            }
          })
          const here = w.keep(i32.add(image, i32.load(place)))
          for (let k = 0; k < cells; k++) {
            const stop = w.keep(i32.load(ends, k * 4))
            w.when(i32.less(bucket(k), stop), () => {
              w.call(add, [bucket(k), stop, i32.of(packed), i32.add(here, i32.of(below.further[k]))])
            })
          }
          result.set(i32.add(result, i32.of(pool.pixel)))
          place.set(i32.add(place, i32.of(4)))
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
