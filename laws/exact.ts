/** Laws of training with `exact` penalties, and of the paces that they go by. */
import fc from 'fast-check'
import { constant, mul, type Scalar } from 'tikhonov/expr'
import { spec, type Path } from 'tikhonov/layer'
import { gradientTransform, type GradientTransform, type Updated } from 'tikhonov/optimizers'
import { exact, type Proximal, type Regularizer } from 'tikhonov/regularizers'
import { dyadic } from './arbitraries/index.js'
import { about, atMost, law, near, same, suite, type Suite } from './kit/index.js'
import { fitting, slopeOf, type Fitted } from './linearFit.js'
import type { ByRate } from './optimizers.js'
import { along, fewParameters, filled, mapped, moments, points } from './trajectory.js'

type Numbers = readonly number[]

/** How training is asked for an exact penalty, and for how long an optimizer is given to come to rest. */
export interface ExactTrial {
  /** `exact` unless told. */
  readonly exactly?: (penalty: Proximal) => Regularizer
  /** The learning rate; .25 unless told. */
  readonly rate?: number
  /** How many steps it takes to come to rest from anywhere near, to a residual of 1e-6; 400 unless told. */
  readonly steps?: number
}

/** Examples of a linear fit: a unit vector each, and one more that ties them together, of which 0 is wanted. */
const rows: readonly Numbers[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, -0.5]]

/** What is wanted of the examples where the gradient at w = 0 is g. */
const wantedFor = (g: Numbers): Numbers => [...g.map((each) => -(rows.length / 2) * each), 0]

/**
 * The laws of training a linear fit with exact(l1(λ)) by an optimizer: it comes to rest where loss and penalty balance, 0 ∈ ∇f(w) + λ∂‖w‖₁
 * (the KKT conditions), with zeros that are exactly 0; a weight at 0 stays there while |∂f| < λ, and leaves it while |∂f| > λ, however it
 * came there; the penalty is reported and counts in `total`; λ = 0 is training without it, and a learning rate of 0 moves nothing.
 * @example
 * ```ts
 * import { check, exactLaws } from 'tikhonov/laws'
 * import { adam, sgd } from 'tikhonov/optimizers'
 * check(exactLaws((rate) => sgd(rate, { momentum: 0.9 }))).every((verdict) => verdict._tag === 'Passed') // => true
 * check(exactLaws(adam)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const exactLaws = (make: ByRate, { exactly = exact, rate = 0.25, steps = 400 }: ExactTrial = {}): Suite => {
  const lambdas = fc.constantFrom(0.25, 0.5, 1)
  const three = fc.tuple(dyadic(), dyadic(), dyadic())
  const [penalised, plain] = [fitting(rows, make, exactly), fitting(rows, make)]
  const run = (lambda: number, from: Numbers, y: Numbers, long: number): Fitted => penalised(lambda, rate, from, y, long)
  const atRest = (lambda: number, y: Numbers): Numbers => run(lambda, [0.5, -0.5, 0.25], y, steps).w
  /** What is wanted where the gradient at 0 is so many λ. */
  const pulling = (lambda: number, parts: Numbers): Numbers => wantedFor(parts.map((part) => part * lambda))
  const shares = (min: number, max: number) => fc.tuple(...[0, 1, 2].map(() =>
    fc.tuple(fc.integer({ min, max }), fc.boolean()).map(([part, down]) => (down ? -part : part) / 64)))
  return suite('exact', make, [
    law('balances', '0 ∈ ∇f(w) + λ∂‖w‖₁ at rest', [lambdas, three], (lambda, given) => {
      const y = [...given, 0]
      const w = atRest(lambda, y)
      const g = slopeOf(rows)(w, y)
      const left = w.map((each, i) => {
        const moved = each - g[i]
        return Math.abs(each - Math.sign(moved) * Math.max(Math.abs(moved) - lambda, 0))
      })
      return about(`w = ${w.join(', ')}, ∇f = ${g.join(', ')}: the residual`, atMost(Math.max(...left), 1e-6))
    }, { mostRuns: 5 }),
    law('zeros are exact', 'w ≈ 0 ⇒ w = 0 at rest', [lambdas, shares(0, 50)], (lambda, parts) =>
      same(atRest(lambda, pulling(lambda, parts)), [0, 0, 0]), { mostRuns: 5 }),
    law('a zero stays', 'w = 0, |∂f| ≤ λ ⇒ w ← 0', [lambdas, shares(0, 60)], (lambda, parts) =>
      same(run(lambda, [0, 0, 0], pulling(lambda, parts), 60).w, [0, 0, 0]), { mostRuns: 5 }),
    law('a zero revives', 'w = 0, |∂f| > λ ⇒ w leaves 0, downhill', [lambdas, shares(0, 50), fc.integer({ min: 0, max: 2 }), fc.boolean()],
      (lambda, parts, i, down) => {
        const pulled = parts.map((part, j) => (j === i ? (down ? -1.5 : 1.5) : part))
        return same(Math.sign(run(lambda, [0, 0, 0], pulling(lambda, pulled), 60).w[i]), down ? 1 : -1)
      }, { mostRuns: 5 }),
    law('is reported', 'total = data + λ‖w‖₁', [lambdas, three, three], (lambda, from, y) => {
      const told = run(lambda, from, [...y, 0], 1).reports.map(({ data, penalties, total }) => [...Object.values(penalties), total - data])
      const value = from.reduce((sum, each) => sum + lambda * Math.abs(each), 0)
      return near(told, [[value, value]], { absolute: 1e-13 })
    }, { mostRuns: 5 }),
    law('λ = 0 is without', 'training with exact(l1(0)) = training without', [three, three], (from, y) =>
      same(run(0, from, [...y, 0], 3).w, plain(0, rate, from, [...y, 0], 3).w), { mostRuns: 5 }),
    law('a rate of 0 stays', 'η = 0 ⇒ w ← w', [lambdas, three, three], (lambda, from, y) =>
      same(penalised(lambda, 0, from, [...y, 0], 3).w, from), { mostRuns: 5 })
  ])
}

/** The transformation seen at weights of 0, giving its pace times the direction instead of what it makes of it. */
const paceOf = (transform: GradientTransform, told: (made: Updated, path: Path) => Scalar | undefined): GradientTransform =>
  gradientTransform(spec('pace'), (place) => (delta, weights, rate) => {
    const still = mapped(weights, (w) => ({ ...w, value: mul(0, w.value) }))
    const made = transform.update(place)(delta, still, rate)
    return {
      slots: made.slots,
      delta: mapped(made.delta, (d, path) => {
        const pace = told(made, path)
        return pace === undefined ? d : mul(pace, delta[path])
      })
    }
  })

/**
 * The law of a transformation that tells its pace: in the long run a constant direction d becomes pace·d, up to its sign, where weights are
 * 0. It is the step of `exact` penalties: where it is wrong, training with penalty λ comes to rest where another λ would.
 * @example
 * ```ts
 * import { check, paceLaws } from 'tikhonov/laws'
 * import { chain, momentum, descend } from 'tikhonov/optimizers'
 * check(paceLaws(chain(descend, momentum(0.9)))).map((verdict) => verdict._tag) // => ['Passed']
 * ```
 */
export const paceLaws = (transform: GradientTransform): Suite => {
  const long = 300
  const [itself, told] = [
    moments(paceOf(transform, () => undefined), fewParameters, 0.5),
    moments(paceOf(transform, ({ pace }, path) => pace?.[path] ?? constant(Number.NaN)), fewParameters, 0.5)
  ]
  const absolute = (point: Readonly<Record<string, Numbers>>) => mapped(point, (values) => values.map(Math.abs))
  return suite('pace', transform, [
    law('pace', 'T(d, d, d, …) → ±pace·d', [points()], (d) => {
      const course = along(Array.from({ length: long }, () => d), filled(fewParameters, 0))
      const [reached, expected] = [itself, told].map((each) => absolute(each(course)[long].delta))
      return near(reached, expected, { relative: 1e-9, absolute: 1e-12 })
    }, { mostRuns: 3 })
  ])
}
