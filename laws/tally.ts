/** Laws of what sums up reports. */
import fc from 'fast-check'
import type { monoid } from 'fp-ts'
import type { Stat, Tally } from 'tikhonov/report'
import type { Report } from 'tikhonov/training'
import { dyadic } from './arbitraries/index.js'
import { about, every, law, same, suite, type Suite } from './kit/index.js'

/** What tallies reports: one by one, and stretches one after the other. */
export interface Tallying {
  readonly tallyOf: (report: Report) => Tally
  readonly tallyMonoid: monoid.Monoid<Tally>
}

const named = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), dyadic(), { maxKeys: names.length })

const report: fc.Arbitrary<Report> = fc.record({
  data: dyadic(), total: dyadic(), penalties: named(['dense/0/kernel/l1', 'dense/0/kernel/l2']), metrics: named(['accuracy']),
  probes: named(['dense/0/kernel/zeros', 'dense/0/bias/zeros']), hyper: named(['lambda'])
})
const reports = fc.array(report, { maxLength: 4 })

/** What a number was over some reports, those that have it. */
const statOf = (values: readonly number[]): Stat => ({
  count: values.length, first: values[0], last: values[values.length - 1], min: Math.min(...values), max: Math.max(...values),
  sum: values.reduce((a, b) => a + b, 0)
})

/**
 * The laws of a tally: a monoid; each number is told by itself, whatever is beside it: how often it was, its first, last, smallest and
 * largest value and its sum.
 * @example
 * ```ts
 * import { check, tallyLaws } from 'tikhonov/laws'
 * import { tallyMonoid, tallyOf } from 'tikhonov/report'
 * check(tallyLaws({ tallyMonoid, tallyOf })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const tallyLaws = (tallying: Tallying): Suite => {
  const { tallyOf, tallyMonoid: { concat, empty } } = tallying
  const tally = (all: readonly Report[]): Tally => all.reduce((sum, r) => concat(sum, tallyOf(r)), empty)
  return suite('tally', tallying, [
    law('unit', 'concat(empty, t) = t = concat(t, empty)', [reports], (xs) =>
      every(about('left', same(concat(empty, tally(xs)), tally(xs))), about('right', same(concat(tally(xs), empty), tally(xs))))),
    law('associative', 'concat(concat(a, b), c) = concat(a, concat(b, c))', [reports, reports, reports], (xs, ys, zs) =>
      same(concat(concat(tally(xs), tally(ys)), tally(zs)), concat(tally(xs), concat(tally(ys), tally(zs))))),
    law('each number by itself', 'tally(xs)[path] = (count, first, last, min, max, Σ) of path', [reports], (xs) => {
      const { steps, losses, penalties, metrics, probes, hyper } = tally(xs)
      const kinds = [
        [losses, ({ data, total }: Report) => ({ data, total })], [penalties, (r: Report) => r.penalties],
        [metrics, (r: Report) => r.metrics], [probes, (r: Report) => r.probes], [hyper, (r: Report) => r.hyper]
      ] as const
      const wanted = kinds.map(([, of]) => Object.fromEntries([...new Set(xs.flatMap((r) => Object.keys(of(r))))].sort()
        .map((path) => [path, statOf(xs.flatMap((r) => Object.entries(of(r)).flatMap(([p, v]) => (p === path ? [v] : []))))])))
      const sorted = kinds.map(([found]) => Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1))))
      return every(about('steps', same(steps, xs.length)), same(sorted, wanted))
    })
  ])
}
