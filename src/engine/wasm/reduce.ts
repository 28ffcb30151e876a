/**
 * Sums and largest values over axes. A sum is taken in float64, as the reference takes it. What is added up in one go is fixed by the
 * shape: where few results have many summands, the summands are cut into parts, whose partial results a second kernel joins in order.
 */
import type { Expr } from '../../expr/node.js'
import { sizeOf, stridesOf, type Shape } from '../../expr/shape.js'
import type { Writer } from './assemble.js'
import { f32, f4, f8, i32, v, type F, type I, type Local, type V } from './instructions.js'
import { narrowed } from './doubles.js'
import { range, type Emit, type Kernel, type Site } from './kernel.js'
import { countOf, joined, placesOf, type Axis } from './strides.js'
import { together } from './together.js'

/** What has been met so far in each of four lanes. */
type Sofar = readonly Local<'v'>[]

/** A way to reduce. */
interface Reducing {
  /** What nothing reduces to. */
  readonly nothing: number
  /** Vectors that hold what has been met. */
  readonly width: number
  readonly begin: (w: Writer) => Sofar
  readonly take: (w: Writer, sofar: Sofar, x: V) => void
  readonly join: (sofar: Sofar, other: readonly V[]) => void
  /** Of four lanes, one result. */
  readonly total: (w: Writer, sofar: Sofar) => F
  /** A result for each lane. */
  readonly lanes: (w: Writer, sofar: Sofar) => V
}

const fresh = (w: Writer, x: V, n: number): Sofar => Array.from({ length: n }, () => w.keep(x))

/** Sums in float64: two numbers of each of two vectors. */
export const summation: Reducing = {
  nothing: 0,
  width: 2,
  begin: (w) => fresh(w, v.zero, 2),
  take: (w, [low, high], x) => {
    const four = w.keep(x)
    low.set(f8.add(low, f4.promoteLow(four)))
    high.set(f8.add(high, f4.promoteLow(v.shuffle(four, four, [2, 3, 2, 3]))))
  },
  join: (sofar, other) => { sofar.forEach((x, i) => { x.set(f8.add(x, other[i])) }) },
  total: (w, [low, high]) => f8.total(w.keep(f8.add(low, high))),
  lanes: (w, [low, high]) => narrowed(w, [low, high])
}

const largest: Reducing = {
  nothing: -Infinity,
  width: 1,
  begin: (w) => fresh(w, w.all(-Infinity), 1),
  take: (_, [most], x) => { most.set(f4.max(most, x)) },
  join: ([most], [other]) => { most.set(f4.max(most, other)) },
  total: (_, [most]) => [1, 2, 3].reduce<F>((m, lane) => f32.max(m, f4.lane(most, lane)), f4.lane(most, 0)),
  lanes: (_, [most]) => most
}

/** Summands that are added up in one go, where there are many. */
const block = 4096

/** Reduced axes as loops around each other, with the first one's range given. */
const nested = (w: Writer, axes: readonly Axis[], base: I, from: I, to: I, inside: (at: I) => void): void => {
  const [first, ...rest] = axes
  const at = w.keep(i32.add(base, i32.mul(from, first.steps[0])))
  w.range(from, to, 1, () => {
    if (rest.length === 0) inside(at)
    else nested(w, rest, at, i32.of(0), i32.of(rest[0].size), inside)
    at.set(i32.add(at, first.steps[0]))
  })
}

/** One kind of unit of a reduction: which results it makes, how it meets its summands and what it does with them. */
interface Plan {
  /** Where the summands of each unit begin in x, and its results in y. */
  readonly units: readonly Axis[]
  /** The reduced axes that are loops, outermost first. */
  readonly loops: readonly Axis[]
  /** The reduced axis that is contiguous: how many numbers of it; 0 where results lie side by side. */
  readonly run: number
  /** Results side by side, where no run is reduced. */
  readonly columns: number
}

/** Begins, takes and ends the units of a plan. */
const kernelsOf = (site: Site, how: Reducing, x: number, y: number, { units, loops, run, columns }: Plan): readonly Kernel[] => {
  const count = countOf(units)
  const outer = loops.length === 0 ? Math.max(run, 1) : loops[0].size
  const summands = Math.max(1, countOf(loops) * Math.max(run, 1))
  const vectors = run > 0 ? Math.max(1, Math.min(4, Math.floor(run / 4))) : Math.ceil(columns / 4)
  // Cut where there are too few results to go round: never by the number of threads.
  const each = Math.max(1, Math.round(block / (summands / outer) / 16)) * 16
  const parts = count * Math.ceil(columns / 4) < 16 && summands >= 2 * block ? Math.ceil(outer / each) : 1
  const [from, to] = [placesOf(site, units, 0), placesOf(site, units, 1)]
  const bytes = (run > 0 ? 1 : vectors) * how.width * 16
  const partial = parts > 1 ? site.take((count * parts * bytes) / 4) : 0

  /** Meets the summands `first` … `last` of the outermost loop, or of the run. */
  const meet = (w: Writer, base: I, all: readonly Sofar[], first: I, last: I, isLast: I): void => {
    const side = (at: I) => { all.forEach((sofar, c) => { how.take(w, sofar, f4.load(at, x + c * 16)) }) }
    if (run === 0) {
      if (loops.length === 0) side(base)
      else nested(w, loops, base, first, last, side)
      return
    }
    const step = vectors * 4
    const even = run - (run % step)
    const rest = (at: I) => {
      Array.from({ length: Math.ceil((run - even) / 4) }, (_, i) => even + i * 4).forEach((i, k) => {
        const live = [0, 1, 2, 3].map((lane) => (i + lane < run ? -1 : 0)) as [number, number, number, number]
        const four = f4.load(at, x + i * 4)
        how.take(w, all[k % vectors], live[3] === -1 ? four : v.select(v.constant(live), four, w.all(how.nothing)))
      })
    }
    const numbers = (base: I, first: I, last: I) => {
      const at = w.keep(i32.add(base, i32.mul(first, 4)))
      w.range(first, last, step, () => {
        all.forEach((sofar, i) => { how.take(w, sofar, f4.load(at, x + i * 16)) })
        at.set(i32.add(at, step * 4))
      })
    }
    if (loops.length > 0) {
      nested(w, loops, base, first, last, (at) => {
        if (even > 0) numbers(at, i32.of(0), i32.of(even))
        rest(at)
      })
    } else {
      numbers(base, first, w.keep(i32.min(last, even)))
      if (even < run) w.when(isLast, () => { rest(base) })
    }
  }

  const end = (w: Writer, unit: I, all: readonly Sofar[]): void => {
    const place = w.keep(to(w, unit))
    if (run > 0) w.storeFloat(place, y, how.total(w, all[0]))
    else all.forEach((sofar, c) => { w.storePart(place, y + c * 16, how.lanes(w, sofar), Math.min(4, columns - c * 4)) })
  }

  const first = site.write(range, (w, [begin, stop]) => {
    w.range(begin, stop, 1, (u) => {
      const unit = parts === 1 ? u : w.keep(i32.div(u, parts))
      const part = parts === 1 ? i32.of(0) : w.keep(i32.rem(u, parts))
      const all = Array.from({ length: vectors }, () => how.begin(w))
      const start = parts === 1 ? i32.of(0) : w.keep(i32.mul(part, each))
      const limit = parts === 1 ? i32.of(outer) : w.keep(i32.min(i32.add(start, each), outer))
      meet(w, w.keep(from(w, unit)), all, start, limit, parts === 1 ? i32.of(1) : i32.equal(part, parts - 1))
      if (run > 0) all.slice(1).forEach((other) => { how.join(all[0], other) })
      if (parts === 1) end(w, unit, all)
      else {
        const place = w.keep(i32.mul(u, bytes))
        all.slice(0, run > 0 ? 1 : vectors).flat().forEach((x, i) => { w.store(place, partial + i * 16, x) })
      }
    })
  })
  const kernels = [{ entry: first, extent: count * parts, cost: count * (summands * columns * 0.18 + parts * 4) }]
  if (parts === 1) return kernels
  const second = site.write(range, (w, [begin, stop]) => {
    w.range(begin, stop, 1, (unit) => {
      const all = Array.from({ length: run > 0 ? 1 : vectors }, () => how.begin(w))
      const place = w.keep(i32.mul(unit, parts * bytes))
      w.range(0, parts, 1, () => {
        all.forEach((sofar, c) => {
          how.join(sofar, sofar.map((_, i) => f4.load(place, partial + (c * how.width + i) * 16)))
        })
        place.set(i32.add(place, bytes))
      })
      end(w, unit, all)
    })
  })
  return [...kernels, { entry: second, extent: count, cost: count * parts * vectors * 2 }]
}

/** The same number everywhere. */
const constantly = (site: Site, y: number, size: number, x: number): Kernel => ({
  entry: site.write(range, (w, [from, to]) => {
    w.range(from, to, 1, (i) => { w.storeFloat(i32.mul(i, 4), y, f32.of(x)) })
  }),
  extent: size,
  cost: size
})

/** Results of one unit where they lie side by side: four vectors. */
const abreast = 16

const reducing = (how: Reducing): Emit => (site, e) => {
  const [x] = e.args
  const { axes } = (e as Expr<{ readonly axes: readonly number[] }>).attributes
  if (sizeOf(e.shape) === 0) return []
  if (sizeOf(x.shape) === 0) return [constantly(site, site.at(e), sizeOf(e.shape), how.nothing)]
  const [from, to] = [site.at(x), site.at(e)]
  const all = axesOf(x.shape, e.shape, axes)
  const last = all.at(-1)
  const kept = all.filter((a) => !a.reduced)
  const loops = all.filter((a) => a.reduced)
  if (last === undefined || last.reduced) {
    const run = last?.size ?? 1
    return kernelsOf(site, how, from, to, { units: kept, loops: loops.slice(0, -1), run, columns: 1 })
  }
  const [full, rest] = [Math.floor(last.size / abreast), last.size % abreast]
  const outer = kept.slice(0, -1)
  const plans: readonly Plan[] = [
    ...(full > 0 ? [{ units: [...outer, { size: full, steps: [abreast * 4, abreast * 4] }], loops, run: 0, columns: abreast }] : []),
    ...(rest > 0 ? [{ units: outer, loops, run: 0, columns: rest }] : [])
  ]
  const made = plans.map((p) => {
    const shift = p.columns === abreast ? 0 : full * abreast * 4
    return kernelsOf(site, how, from + shift, to + shift, p)
  })
  return [...together(site, made.map((k) => k[0])), ...together(site, made.flatMap((k) => k.slice(1)))]
}

/** The axes of x with their steps in x and in the result, kept ones joined with kept ones, reduced ones with reduced ones. */
const axesOf = (shape: Shape, result: Shape, reduced: readonly number[]): readonly (Axis & { readonly reduced: boolean })[] => {
  const [strides, steps] = [stridesOf(shape), stridesOf(result)]
  const kept = shape.map((_, a) => a).filter((a) => !reduced.includes(a))
  const all = shape.map((size, a) => ({
    size, steps: [strides[a] * 4, reduced.includes(a) ? 0 : steps[kept.indexOf(a)] * 4], reduced: reduced.includes(a)
  })).filter((a) => a.size !== 1)
  const runs = all.reduce<readonly (typeof all)[]>((done, next) => {
    const group = done.at(-1)
    return group?.at(-1)?.reduced === next.reduced ? [...done.slice(0, -1), [...group, next]] : [...done, [next]]
  }, [])
  return runs.flatMap((group) => joined(group).map((a) => ({ ...a, reduced: group[0].reduced })))
}

/** Σ over axes. */
export const sum: Emit = reducing(summation)

/** The largest over axes; NaN where one is; −∞ over nothing. */
export const reduceMax: Emit = reducing(largest)
