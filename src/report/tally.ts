/** What a run reported, summed up: a fold of reports over a monoid that merges nothing of what they keep apart. */
import type { monoid } from 'fp-ts'
import type { Report } from '../engine/engine.js'
import { mapByPath, type ByPath } from '../part/path.js'

/** One reported number over some steps. */
export interface Stat {
  /** In how many reports it was. */
  readonly count: number
  readonly first: number
  readonly last: number
  readonly min: number
  readonly max: number
  readonly sum: number
}

/** All that some reports told, each number by itself. */
export interface Tally {
  readonly _tag: 'Tally'
  readonly steps: number
  /** Data loss and total, as `data` and `total`. */
  readonly losses: ByPath<Stat>
  readonly penalties: ByPath<Stat>
  readonly metrics: ByPath<Stat>
  readonly probes: ByPath<Stat>
  readonly hyper: ByPath<Stat>
}

const one = (value: number): Stat => ({ count: 1, first: value, last: value, min: value, max: value, sum: value })

const joined = (a: Stat, b: Stat): Stat => ({
  count: a.count + b.count, first: a.first, last: b.last, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), sum: a.sum + b.sum
})

const stats = (values: ByPath<number>): ByPath<Stat> => mapByPath(values, one)

const merged = (a: ByPath<Stat>, b: ByPath<Stat>): ByPath<Stat> => ({
  ...a, ...Object.fromEntries(Object.entries(b).map(([path, stat]) => [path, a[path] === undefined ? stat : joined(a[path], stat)]))
})

/**
 * The tally of one report.
 * @example
 * ```ts
 * import { tallyOf } from 'tikhonov/report'
 * tallyOf({ data: 2, penalties: { 'w/l2': 0.5 }, total: 2.5, metrics: {}, probes: {}, hyper: {} }).penalties['w/l2']
 * // => { count: 1, first: 0.5, last: 0.5, min: 0.5, max: 0.5, sum: 0.5 }
 * ```
 */
export const tallyOf = ({ data, total, penalties, metrics, probes, hyper }: Report): Tally => ({
  _tag: 'Tally', steps: 1, losses: stats({ data, total }), penalties: stats(penalties), metrics: stats(metrics), probes: stats(probes),
  hyper: stats(hyper)
})

/**
 * One stretch of a run after the other, as a Monoid of fp-ts; the empty tally is its unit. Laws: `tallyLaws`.
 * @example
 * ```ts
 * import { tallyMonoid } from 'tikhonov/report'
 * tallyMonoid.empty.steps // => 0
 * ```
 */
export const tallyMonoid: monoid.Monoid<Tally> = {
  concat: (a, b) => ({
    _tag: 'Tally', steps: a.steps + b.steps, losses: merged(a.losses, b.losses), penalties: merged(a.penalties, b.penalties),
    metrics: merged(a.metrics, b.metrics), probes: merged(a.probes, b.probes), hyper: merged(a.hyper, b.hyper)
  }),
  empty: { _tag: 'Tally', steps: 0, losses: {}, penalties: {}, metrics: {}, probes: {}, hyper: {} }
}

/**
 * The tally of many reports: the fold of `tallyOf` over `tallyMonoid`. With `scan` or `reduce` of RxJS the same goes over a stream.
 * @example
 * ```ts
 * import { tally } from 'tikhonov/report'
 * const report = (data: number) => ({ data, penalties: {}, total: data, metrics: {}, probes: {}, hyper: {} })
 * const { count, first, last, sum } = tally([4, 1, 0.25].map(report)).losses.data
 * ;[count, first, last, sum] // => [3, 4, 0.25, 5.25]
 * ```
 */
export const tally = (reports: Iterable<Report>): Tally =>
  Array.from(reports).reduce((sum, report) => tallyMonoid.concat(sum, tallyOf(report)), tallyMonoid.empty)
