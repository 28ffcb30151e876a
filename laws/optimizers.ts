/** Laws of optimizers. */
import fc from 'fast-check'
import { gradient, mul, variable, type Scalar } from 'tikhonov/expr'
import type { ByPath } from 'tikhonov/layer'
import type { Optimizer } from 'tikhonov/optimizers'
import { l2, penaltyOf } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { positive } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Suite, type Tolerance } from './kit/index.js'
import { prepared } from './prepared.js'
import {
  along, eachElement, eta, fewCourses, fewParameters, filled, gradients, lengths, mapped, points, trajectory, type Course, type Parameter,
  type Point
} from './trajectory.js'
import { transformLaws } from './transforms.js'

/** An optimizer for a learning rate, as most constructors are: `optimizerLaws(adam)`. */
export type ByRate = (learningRate: Scalar) => Optimizer

/** An optimizer for a learning rate and a decay λ. */
export type ByRateAndDecay = (learningRate: Scalar, lambda: Scalar) => Optimizer

const lambda = variable('lambda', [])
const rates = positive({ smallest: 2 ** -10, largest: 1 })

/** The same point as often as told. */
const repeated = (point: Point, n: number): readonly Point[] => Array.from({ length: n }, () => point)

const largest = (points: readonly Point[]): number => Math.max(0, ...points.flatMap((point) => Object.values(point).flat()).map(Math.abs))

/**
 * The laws of every optimizer: a learning rate of 0 keeps the parameters, bit for bit; two that are made alike go alike; and those of its
 * transformation.
 * Parent: `transformLaws`.
 * @example
 * ```ts
 * import { check, optimizerLaws } from 'tikhonov/laws'
 * import { adamw } from 'tikhonov/optimizers'
 * check(optimizerLaws(adamw)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const optimizerLaws = (make: ByRate): Suite => {
  const course = trajectory(make(eta))
  return suite('optimizer', make, [
    law('learning rate 0', 'η = 0 ⇒ w ← w', [gradients(), points()], (given, from) =>
      every(...course(along(given, from, { eta: 0 })).map((at) => same(at, from))), { mostRuns: fewCourses }),
    law('made twice', 'two that are made alike go alike', [gradients(), points(), rates], (given, from, rate) =>
      same(trajectory(make(eta))(along(given, from, { eta: rate })), course(along(given, from, { eta: rate }))), { mostRuns: 5 })
  ], [transformLaws(make(0.5).transform)], {})
}

/**
 * The laws of an optimizer that follows the gradient alone, without decay: where there never was a gradient nothing moves, bit for bit,
 * and while it stays the same every element comes to lie downhill of where it was, after the first step and after each later one.
 * Parent: `optimizerLaws`.
 * @example
 * ```ts
 * import { check, descentLaws } from 'tikhonov/laws'
 * import { adam, adamw } from 'tikhonov/optimizers'
 * check(descentLaws(adam)).every((verdict) => verdict._tag === 'Passed') // => true
 * check(descentLaws(adamw)).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['descent › fixed point']
 * ```
 */
export const descentLaws = (make: ByRate): Suite => {
  const course = trajectory(make(eta))
  const still = filled(fewParameters, 0)
  return suite('descent', make, [
    law('fixed point', 'g = 0 from a fresh state ⇒ w ← w', [points(), rates, lengths()], (from, rate, n) =>
      every(...course(along(repeated(still, n), from, { eta: rate })).map((at) => same(at, from))), { mostRuns: fewCourses }),
    law('downhill', 'gₜ = g ⇒ sign(wₜ − w₀) = −sign(g)', [points(), rates, lengths()], (g, rate, n) => {
      const expected = eachElement(g, (x) => -Math.sign(x) || 0)
      return every(...course(along(repeated(g, n), still, { eta: rate })).slice(1).map((at, t) =>
        about(`after ${t + 1}`, same(eachElement(at, Math.sign), expected))))
    }, { mostRuns: fewCourses })
  ], [optimizerLaws(make)], {})
}

/**
 * The laws of decoupled decay: under one course of gradients, whatever their scale, two starts come nearer to each other by 1 − ηₜλ at
 * each step t, while η varies; what is no kernel does not decay. Loshchilov & Hutter 2019. Parent: `optimizerLaws`.
 * @example
 * ```ts
 * import { check, decayLaws } from 'tikhonov/laws'
 * import { adam, adamw, addDecay, before } from 'tikhonov/optimizers'
 * check(decayLaws((rate, weightDecay) => adamw(rate, { weightDecay }))).every((verdict) => verdict._tag === 'Passed') // => true
 * const coupled = decayLaws((rate, weightDecay) => before(addDecay(weightDecay), adam(rate)))
 * check(coupled).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['decoupled decay › decays by ∏(1 − ηλ)']
 * ```
 */
export const decayLaws = (make: ByRateAndDecay): Suite => {
  const course = trajectory(make(eta, lambda))
  const scales = fc.constantFrom(2 ** -10, 1, 2 ** 10)
  const decays = (which: (path: string) => boolean, factor: (rate: number, decay: number) => number) =>
    (given: readonly Point[], scale: number, from: Point, to: Point, rate: number, decay: number) => {
      const rateAt = (t: number): number => rate / (1 + t)
      const scalars = (t: number): ByPath<number> => ({ eta: rateAt(t), lambda: decay })
      const [a, b] = [from, to].map((start) => course({ ...along(given.map((g) => eachElement(g, (x) => x * scale)), start), scalars }))
      const between = a.map((at, t) => eachElement(at, (x, i, path) => x - b[t][path][i]))
      const absolute = 1e-12 * (1 + largest([...a, ...b]))
      return every(...between.flatMap((difference, t) => Object.keys(difference).filter(which).map((path) => {
        const left = between.slice(0, t).reduce((product, _, s) => product * factor(rateAt(s), decay), 1)
        return about(`${path} after ${t}`, near(difference[path], between[0][path].map((x) => x * left), { absolute }))
      })))
    }
  const drawn = [gradients(), scales, points(), points(), rates, rates] as const
  return suite('decoupled decay', make, [
    law('decays by ∏(1 − ηλ)', 'vₜ − wₜ = ∏(1 − ηₛλ)·(v₀ − w₀)', drawn,
      decays((path) => fewParameters[path].role === 'kernel', (rate, decay) => 1 - rate * decay), { mostRuns: fewCourses }),
    law('keeps biases', 'vₜ − wₜ = v₀ − w₀ for biases', drawn,
      decays((path) => fewParameters[path].role === 'bias', () => 1), { mostRuns: fewCourses })
  ], [optimizerLaws((rate) => make(rate, 0.5))])
}

/**
 * The law of plain descent with decay: SGD on a loss with the penalty l2(λ) of its kernels is SGD on the loss with decay 2λ, within
 * 1e-12. The loss is a bowl, ½·Σ(w − c)². Hanson & Pratt 1989.
 * @example
 * ```ts
 * import { check, penaltyDecayLaws } from 'tikhonov/laws'
 * import { addDecay, before, sgd } from 'tikhonov/optimizers'
 * check(penaltyDecayLaws(sgd, (rate, decay) => before(addDecay(decay), sgd(rate)))).map((verdict) => verdict._tag) // => ['Passed']
 * ```
 */
export const penaltyDecayLaws = (plain: ByRate, decayed: ByRateAndDecay): Suite => {
  const [penalised, decaying] = [trajectory(plain(eta)), trajectory(decayed(eta, mul(2, lambda)))]
  const slope = prepared<number>((w, by) => gradient(penaltyOf(l2(by))(w), [w])[0])
  return suite('penalty and decay', plain, [
    law('penalty = decay', 'sgd on L + l2(λ) = sgd with decay 2λ on L', [points(), points(), rates, rates, lengths()],
      (from, centre, rate, by, steps) => {
        const bowl = (at: Point): Point => eachElement(at, (x, i, path) => x - centre[path][i])
        const penalty = (at: Point): Point => mapped(at, (values, path) =>
          (fewParameters[path].role === 'kernel' ? slope(tensor([...values]), by) : values.map(() => 0)))
        const course = (steep: Course['gradient']): Course =>
          ({ from, gradient: steep, steps, scalars: () => ({ eta: rate, lambda: by }) })
        const expected = decaying(course(bowl))
        const found = penalised(course((at) => {
          const added = penalty(at)
          return eachElement(bowl(at), (x, i, path) => x + added[path][i])
        }))
        return near(found, expected, { absolute: 1e-12 * (1 + largest(expected)) })
      }, { mostRuns: fewCourses })
  ])
}

/**
 * The law of optimizers that divide by the gradients' own size, as ε → 0: gradients s times as large make the same steps.
 * Kingma & Ba 2015, section 2.1. Give ε as 1e-30, so that it does not count.
 * @example
 * ```ts
 * import { check, scaleInvariantLaws } from 'tikhonov/laws'
 * import { adam, sgd } from 'tikhonov/optimizers'
 * check(scaleInvariantLaws((rate) => adam(rate, { epsilon: 1e-30 }))).map((verdict) => verdict._tag) // => ['Passed']
 * check(scaleInvariantLaws(sgd)).map((verdict) => verdict._tag) // => ['Failed']
 * ```
 */
export const scaleInvariantLaws = (make: ByRate): Suite => {
  const course = trajectory(make(eta))
  return suite('scale invariance', make, [
    law('scale invariant', 'steps(s·g) = steps(g), s > 0', [gradients(), points(), rates, positive()], (given, from, rate, s) => {
      // So large that an ε counts for nothing inside a root either.
      const [expected, found] = [1, s].map((by) =>
        course(along(given.map((g) => eachElement(g, (x) => 2 ** 20 * by * x)), from, { eta: rate })))
      return near(found, expected, { absolute: 1e-12 * (1 + largest(expected)) })
    }, { mostRuns: fewCourses })
  ])
}

/**
 * The law of optimizers whose first step has the length of the learning rate in every element, as ε → 0: what Adam's bias correction is
 * for. Kingma & Ba 2015, section 3. Give ε as 1e-30.
 * @example
 * ```ts
 * import { check, firstStepLaws } from 'tikhonov/laws'
 * import { torchAdam } from 'tikhonov/optimizers'
 * check(firstStepLaws((rate) => torchAdam(rate, { epsilon: 1e-30 }))).map((verdict) => verdict._tag) // => ['Passed']
 * ```
 */
export const firstStepLaws = (make: ByRate): Suite => {
  const course = trajectory(make(eta))
  return suite('first step', make, [
    law('first step', 'w₁ − w₀ = −η·sign(g)', [points(), rates], (g, rate) => {
      const [, to] = course(along([g], filled(fewParameters, 0), { eta: rate }))
      return near(to, eachElement(g, (x) => -rate * Math.sign(x) || 0), { relative: 1e-12 })
    }, { mostRuns: fewCourses })
  ])
}

/** Where an independent implementation went: the start and the point after each step, and how near to be. */
export interface GoldenTrajectory extends Tolerance {
  readonly parameters: ByPath<Parameter>
  readonly points: readonly Point[]
  readonly gradient: (at: Point) => Point
}

/**
 * The law that an optimizer goes where an independent implementation of it went, step by step.
 * @example
 * ```ts
 * import { check, trajectoryLaws } from 'tikhonov/laws'
 * import { sgd } from 'tikhonov/optimizers'
 * const halving = trajectoryLaws(sgd(0.5), {
 *   parameters: { w: { shape: [1], role: 'kernel' } }, points: [{ w: [4] }, { w: [2] }, { w: [1] }], gradient: ({ w }) => ({ w })
 * })
 * check(halving).map((verdict) => verdict._tag) // => ['Passed']
 * ```
 */
export const trajectoryLaws = (optimizer: Optimizer, golden: GoldenTrajectory): Suite =>
  suite('trajectory', optimizer, [
    law('golden trajectory', 'w_t is that of an independent implementation', [], () => {
      const found = trajectory(optimizer, golden.parameters)({
        from: golden.points[0], gradient: golden.gradient, steps: golden.points.length - 1
      })
      return every(...found.map((at, t) => about(`after ${t} steps`, near(at, golden.points[t], golden))))
    })
  ])
