/** Laws of schedules. */
import fc from 'fast-check'
import type { Schedule } from 'tikhonov/schedules'
import { positive } from './arbitraries/index.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Suite, type Tolerance } from './kit/index.js'

/** A number of steps, 0 among them: each power of 2 up to 10⁷ as likely as another. */
const far: fc.Arbitrary<number> = positive({ smallest: 1, largest: 10_000_000 }).map((x) => Math.floor(x) - 1)

/** Steps of a run, early and late ones. */
const steps: fc.Arbitrary<number> = fc.oneof({ withCrossShrink: true }, fc.nat({ max: 400 }), far)

/** As many steps at a time as leave no power of 2 out: a schedule is a function of numbers, and cheap. */
const many = <A>(each: fc.Arbitrary<A>): fc.Arbitrary<readonly A[]> => fc.array(each, { minLength: 1, maxLength: 16, size: 'max' })

/**
 * The laws of every schedule: nothing is wrong with its options; its values are finite and ≥ 0 at every step; they depend on the step
 * alone, so that a run may be resumed, replayed or evaluated out of order.
 * @example
 * ```ts
 * import { check, scheduleLaws } from 'tikhonov/laws'
 * import { polynomial, schedule } from 'tikhonov/schedules'
 * check(scheduleLaws(polynomial(0.1, { decaySteps: 100 }))).map((verdict) => verdict._tag) // => ['Passed', 'Passed', 'Passed']
 * const endless = schedule('endless', {}, (step) => 0.1 - 0.001 * step)
 * check(scheduleLaws(endless)).map((verdict) => verdict._tag) // => ['Passed', 'Failed', 'Passed']
 * ```
 */
export const scheduleLaws = (schedule: Schedule): Suite =>
  suite('schedule', schedule, [
    law('no issues', 'issues = []', [], () => same(schedule.issues, [])),
    law('finite and non-negative', '0 ≤ at(t) < ∞', [many(steps)], (all) => every(...all.map((t) =>
      about(`at ${t}`, every(atLeast(schedule.at(t), 0), about('is finite', Number.isFinite(schedule.at(t)))))))),
    law('a function of the step', 'at(t) = at(t) after at(s)', [steps, steps], (t, s) => {
      const [first, , again] = [schedule.at(t), schedule.at(s), schedule.at(t)]
      return same(again, first)
    })
  ])

/**
 * The law of schedules that only fall. Parent: `scheduleLaws`.
 * @example
 * ```ts
 * import { check, decreasingLaws } from 'tikhonov/laws'
 * import { cosine, cosineRestarts } from 'tikhonov/schedules'
 * check(decreasingLaws(cosine(0.1, { decaySteps: 100 }))).every((verdict) => verdict._tag === 'Passed') // => true
 * const jumping = decreasingLaws(cosineRestarts(0.1, { firstDecaySteps: 10 }))
 * check(jumping).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['decreasing schedule › decreasing']
 * ```
 */
export const decreasingLaws = (schedule: Schedule): Suite =>
  suite('decreasing schedule', schedule, [
    law('decreasing', 's ≤ t ⇒ at(t) ≤ at(s)', [many(fc.tuple(steps, far))], (drawn) => {
      // Steps anywhere, and others near and far behind them.
      const all = [...new Set(drawn.flatMap(([s, later]) => [s, s + later]))].sort((s, t) => s - t)
      return every(...all.slice(1).map((t, i) =>
        about(`at ${all[i]} and ${t}`, atMost(schedule.at(t), schedule.at(all[i]) * (1 + 4 * Number.EPSILON)))))
    })
  ], [scheduleLaws(schedule)])

/** Steps at which it is known what a schedule is, and what: its first, its last before a change, its first after. */
export type Corners = readonly (readonly [step: number, value: number])[]

/**
 * The law of a schedule's values where they are known, within 1e-12 of them unless told. Parent: `scheduleLaws`.
 * @example
 * ```ts
 * import { check, cornerLaws } from 'tikhonov/laws'
 * import { constant, warmup } from 'tikhonov/schedules'
 * const corners = cornerLaws(warmup(4, constant(0.2)), [[0, 0], [2, 0.1], [4, 0.2], [1000, 0.2]])
 * check(corners).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const cornerLaws = (schedule: Schedule, corners: Corners, tolerance: Tolerance = { relative: 1e-12, absolute: 1e-15 }): Suite =>
  suite('schedule with corners', schedule, [
    law('corners', 'at(tᵢ) = valueᵢ', [], () =>
      every(...corners.map(([step, value]) => about(`at ${step}`, near(schedule.at(step), value, tolerance)))))
  ], [scheduleLaws(schedule)])
