/** The law of optimizers that say what steps without a gradient do. */
import fc from 'fast-check'
import { constant, evaluate, variable, type Expr } from 'tikhonov/expr'
import type { ByPath } from 'tikhonov/layer'
import type { Optimizer } from 'tikhonov/optimizers'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import {
  along, applied, fewCourses, fewParameters, filled, gradients, moments, points, type Moment, type Point
} from './trajectory.js'

const largest = (points: readonly Point[]): number => Math.max(0, ...points.flatMap((p) => Object.values(p).flat()).map(Math.abs))

/**
 * The law of optimizers whose rows may wait (`sparseTrainer`): after some steps with gradients, any number of steps without are what
 * `idle` says in closed form, of the parameter and of its slots, and what it does not name stays, bit for bit; within 1e-12.
 * @example
 * ```ts
 * import { check, idleLaws } from 'tikhonov/laws'
 * import { adam, ftrl } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * check(idleLaws(ftrl(0.5, { penalty: l1(0.25) }))).map((verdict) => verdict._tag) // => ['Passed']
 * check(idleLaws(adam(0.5))).map((verdict) => verdict._tag) // => ['Failed']
 * ```
 */
export const idleLaws = ({ transform, learningRate }: Optimizer): Suite => {
  const { idle } = applied(transform, fewParameters, learningRate, 'optimizer')
  const course = moments(transform, fewParameters, learningRate)
  const valuesAt = ({ at, slots }: Moment): Point => ({ ...at, ...slots })
  const number = (e: Expr, given: ByPath<readonly number[]>): number => evaluate(e, given)[0]
  return suite('idle', transform, [
    law('waits', 'm steps with g = 0 are after(Σ pass)', [gradients(), points(), fc.integer({ min: 1, max: 6 })], (given, from, m) => {
      if (idle === undefined) return 'it does not say what steps without a gradient do'
      const all = course(along([...given, ...Array.from({ length: m }, () => filled(fewParameters, 0))], from))
      const [then, now] = [all[given.length], all[all.length - 1]]
      return every(...Object.keys(fewParameters).flatMap((path) => {
        const own = (slot: string) => slot.endsWith(`/${path}`)
        const slots = Object.keys(now.slots).filter(own)
        const of = idle[path]
        const stays = (slot: string) => about(slot, same(now.slots[slot], then.slots[slot]))
        if (of === undefined) return [about(path, same(now.at[path], then.at[path])), ...slots.map(stays)]
        const elapsed = all.slice(given.length, -1).reduce((sum, before) => sum + number(of.pass ?? constant(1), valuesAt(before)), 0)
        const { value, slots: moved = {} } = of.after(variable('elapsed', []))
        // The parameter and its slots as they were, what all share as it is now.
        const kept = Object.fromEntries(Object.entries(now.slots).map(([slot, v]) => [slot, own(slot) ? then.slots[slot] : v]))
        const at = (e: Expr) => evaluate(e, { ...then.at, ...kept, elapsed: [elapsed] })
        const close = { absolute: 1e-12 * (1 + largest(all.map(valuesAt))) }
        return [
          about(path, near(at(value), now.at[path], close)),
          ...slots.map((slot) => (moved[slot] === undefined ? stays(slot) : about(slot, near(at(moved[slot]), now.slots[slot], close))))
        ]
      }))
    }, { mostRuns: fewCourses })
  ])
}
