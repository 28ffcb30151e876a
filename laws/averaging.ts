/** Laws of weight averaging, and of hyper-parameters that wait for a plateau. */
import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { chain, descend, type GradientTransform } from 'tikhonov/optimizers'
import type { Plateaus } from 'tikhonov/training'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import { along, eachElement, fewCourses, fewParameters, filled, gradients, moments, points, type Moment, type Point } from './trajectory.js'

/** How much the weights that step s began with count after step t, before they are divided by their sum; steps begin with 0. */
export type AverageShare = (s: number, t: number) => number

const path = Object.keys(fewParameters)
/** The average of a moment, by parameter: the slots whose path ends with the parameter's and whose shape it has. */
const averageOf = ({ slots }: Moment): Point => Object.fromEntries(path.map((each) =>
  [each, Object.entries(slots).find(([slot]) => slot.endsWith(`/averageOfWeights/${each}`))?.[1] ?? []]))

/**
 * The laws of weight averaging: the steps are those without it, bit for bit; constant weights are their average, bit for bit, from the
 * first step on; the average is Σ share·w / Σ share over the weights that the steps so far began with.
 * @example
 * ```ts
 * import { averagingLaws, check } from 'tikhonov/laws'
 * import { emaOfWeights } from 'tikhonov/optimizers'
 * check(averagingLaws(emaOfWeights(0.5), (s, t) => 0.5 ** (t - s))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const averagingLaws = (average: GradientTransform, share: AverageShare): Suite => {
  const [plain, course] = [moments(descend), moments(chain(descend, average))]
  const still = filled(fewParameters, 0)
  return suite('weight averaging', average, [
    law('changes no step', 'd′ = d', [gradients(), points()], (given, from) =>
      same(course(along(given, from)).map(({ at }) => at), plain(along(given, from)).map(({ at }) => at)), { mostRuns: fewCourses }),
    law('of constant weights', 'w constant ⇒ a = w', [points()], (from) =>
      every(...course(along([still, still, still], from)).map((moment, t) => about(`after ${t}`, same(averageOf(moment), from)))),
      { mostRuns: fewCourses }),
    law('is the mean stated', 'aₜ = Σ share(s, t)·wₛ / Σ share(s, t)', [gradients(), gradients(), points()], (first, then, from) => {
      const met = course(along([...first, ...then], from))
      return every(...met.slice(1).map((moment, t) => {
        const shares = met.slice(0, t + 1).map((_, s) => share(s, t))
        const sum = shares.reduce((a, b) => a + b, 0)
        const mean = eachElement(from, (_, i, at) => shares.reduce((a, by, s) => a + (by / sum) * met[s].at[at][i], 0))
        return about(`after ${t + 1}`, near(averageOf(moment), mean, { absolute: 1e-12 * 512 }))
      }))
    }, { mostRuns: fewCourses })
  ])
}

/** What a law gives to a plateau: where to begin, the factor, the least value and the patience. */
export type ByPlateau = (initial: number, options: {
  readonly factor: number, readonly minimum: number, readonly patience: number
}) => E.Either<unknown, Plateaus>

/**
 * The laws of waiting for a plateau: the value falls by the factor exactly when the last `patience` reports since it last fell, or since
 * the best, bettered nothing; it never rises, and it never goes below the minimum, where it stays.
 * @example
 * ```ts
 * import { check, plateauLaws } from 'tikhonov/laws'
 * import { plateau } from 'tikhonov/training'
 * check(plateauLaws(plateau)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const plateauLaws = (make: ByPlateau): Suite => {
  const values = (reports: readonly number[], patience: number, minimum: number, factor = 0.5): readonly number[] => {
    const made = make(1, { factor, minimum, patience })
    if (E.isLeft(made)) return []
    const { start, next } = made.right
    return reports.reduce((all, report) => [...all, next(all[all.length - 1], report)], [start]).map(({ value }) => value)
  }
  const reports = fc.array(fc.oneof(fc.nat({ max: 6 }), fc.constant(NaN)), { minLength: 8, maxLength: 24, size: 'max' })
  const patience = fc.integer({ min: 1, max: 4 })
  return suite('plateau', make, [
    law('falls after so many reports without a better one', 'value ← factor·value when waited = p', [reports, patience], (given, p) => {
      const better = given.map((x, i) => given.slice(0, i).every((y) => Number.isNaN(y) || x < y) && !Number.isNaN(x))
      const { falls } = better.reduce<{ readonly waited: number, readonly falls: readonly number[] }>(({ waited, falls: so }, good) => {
        const now = good ? 0 : waited + 1
        const fell = now === p
        return { waited: fell ? 0 : now, falls: [...so, so[so.length - 1] + (fell ? 1 : 0)] }
      }, { waited: 0, falls: [0] })
      return same(values(given, p, 0), falls.map((n) => 0.5 ** n))
    }),
    law('stays at its minimum', 'value ≥ minimum, and once there for ever', [reports, patience], (given, p) => {
      const flat = given.map(() => 1)
      const found = values([...flat, ...flat, ...given], p, 0.375)
      return every(same(found.filter((v) => v < 0.375), []), same(found.every((v, i) => i === 0 || v <= found[i - 1]), true),
        same(new Set(found.slice(found.indexOf(0.375))), new Set([0.375])))
    })
  ])
}
