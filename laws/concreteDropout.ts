/** Laws of concrete dropout. */
import fc from 'fast-check'
import { add, evaluate, gradient, mul, pullback, sum, variable } from 'tikhonov/expr'
import { layer, same as sameRule, spec, type Layer } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { asleepLaws, awake, givenTo, madeOf, type AwakeTrial } from './awake.js'
import { about, atMost, every, hoeffding, law, near, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { mean, moment, numbers, repeated, sample, values, type Moment } from './perturbation.js'

/** What the wrapper is told: p before training, the temperature, and the strengths of its penalties. */
export interface ConcreteTrial {
  readonly initialRate?: number
  readonly temperature?: number
  readonly weightRegularizer?: number
  readonly dropoutRegularizer?: number
}

/** A wrapper that drops a layer's input at a rate that it learns. */
export type ConcreteDropout = (layer: Layer, options: ConcreteTrial) => Layer

const width = 4
const wrapped = dense(2)
/** The layer that is nothing, to see the mask. */
const nothing = layer({ spec: spec('nothing'), rule: sameRule, apply: () => (x) => x })

/**
 * What concrete dropout obeys: inference is the wrapped layer; the relaxed mask is below ½ with probability p, whatever the temperature,
 * and as soft as the temperature says, 0 or 1 when that falls to 0; as p → 0 nothing is dropped; the derivative by the logit of p is the
 * one that differences find; the gradient has the forward’s mask; and the penalties are λ₁ΣW²/(1 − p) + λ₂K(p ln p + (1 − p) ln(1 − p)).
 *
 * @example
 * ```ts
 * import { concreteDropout } from 'tikhonov/dropout'
 * import { check, concreteDropoutLaws } from 'tikhonov/laws'
 * const laws = concreteDropoutLaws((layer, options) => concreteDropout(layer, options))
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const concreteDropoutLaws = (make: ConcreteDropout): Suite => {
  const trial: AwakeTrial = { input: [width], accepted: [0.5, 0.1, 0.9], refused: [0, 1, -0.1, 1.5, Number.NaN], zero: false }
  const { chance, examples: many, options: often } = sample
  const n = many * width
  /** The relaxed masks of many examples. */
  const masks = (p: number, temperature: number, at: Moment) =>
    madeOf(make(nothing, { initialRate: p, temperature }), [width], repeated([1, 1, 1, 1], many), at).map((v) => v * (1 - p))
  const rates = [0.1, 0.5, 0.8]
  const logitPath = (of: Layer) => {
    const { parameters } = awake(of, [width], 1)
    return Object.keys(parameters).find((p) => parameters[p].role === 'rate') ?? ''
  }
  return suite('concrete dropout', make, [
    law('a mask is below ½ with probability p', 'P(z < ½) = p at every temperature', [moment(), fc.constantFrom(0.05, 0.1, 0.67)],
      (at, temperature) => every(...rates.map((p) => about(`p = ${p}`, atMost(
        Math.abs(mean(masks(p, temperature, at).map((z) => (z < 0.5 ? 1 : 0))) - p), hoeffding(n, 1, chance)
      )))), often),
    law('a mask is as soft as its temperature', 'P(.01 < z < .99) = σ(t·l − logit p) − σ(−t·l − logit p), l = logit .99; → 0 as t → 0',
      [moment(), fc.constantFrom(...rates)], (at, p) => every(...[0.001, 0.1, 0.67].map((temperature) => {
        const soft = mean(masks(p, temperature, at).map((z) => (z > 0.01 && z < 0.99 ? 1 : 0)))
        const [reach, logit] = [temperature * Math.log(99), Math.log(p / (1 - p))]
        const sigma = (x: number) => 1 / (1 + Math.exp(-x))
        return about(`t = ${temperature}`, atMost(Math.abs(soft - sigma(reach - logit) + sigma(-reach - logit)), hoeffding(n, 1, chance)))
      })), often),
    law('as p → 0 nothing is dropped', 'z → 1', [values(4 * width), moment()], (x, at) =>
      near(madeOf(make(nothing, { initialRate: 1e-13 }), [width], x, at), x, { relative: 1e-4 }), { mostRuns: 20 }),
    law('the gradient by the rate is the derivative', '(f(logit p + h) − f(logit p − h))/2h = f′(logit p), penalties included',
      [values(2 * width), numbers(2 * 2), moment(), fc.constantFrom(...rates)], (x, dy, at, p) => {
        const own = make(wrapped, { initialRate: p, temperature: 0.5, weightRegularizer: 0.1, dropoutRegularizer: 0.2 })
        const { y, parameters, penalties } = awake(own, [width], 2)
        const total = Object.values(penalties).reduce((a, b) => add(a, b), sum(mul(y, variable('dy', [2, 2]))))
        const logit = logitPath(own)
        const given = { ...givenTo(parameters), x, dy }
        const h = 2 ** -15
        const value = (by: number) => evaluate(total, { ...given, [logit]: [Math.log(p / (1 - p)) + by] }, at)[0]
        const [slope] = gradient(total, [variable(logit, [])])
        return near(evaluate(slope, given, at)[0], (value(h) - value(-h)) / (2 * h), { absolute: 1e-6, relative: 1e-6 })
      }, { mostRuns: 50 }),
    law('the pullback uses the forward’s mask', 'Jᵀ·dy = train(dy)', [numbers(4 * width), numbers(4 * width), moment()], (x, dy, at) => {
      const own = make(nothing, { initialRate: 0.3 })
      const { y, parameters } = awake(own, [width], 4)
      const [dx] = pullback(y, variable('dy', [4, width]), [variable('x', [4, width])])
      return near(evaluate(dx, { ...givenTo(parameters), x, dy }, at), madeOf(own, [width], dy, at), { absolute: 1e-9, relative: 1e-9 })
    }, { mostRuns: 20 }),
    law('the penalties are those of the paper', 'Σ penalties = λ₁·ΣW²/(1 − p) + λ₂·K·(p ln p + (1 − p) ln(1 − p))',
      [fc.constantFrom(...rates), fc.constantFrom(0, 0.01, 1), fc.constantFrom(0, 0.01, 1)], (p, weightRegularizer, dropoutRegularizer) => {
        const { parameters, penalties } = awake(make(wrapped, { initialRate: p, weightRegularizer, dropoutRegularizer }), [width], 2)
        const given = givenTo(parameters)
        const squares = Object.keys(parameters).filter((path) => parameters[path].role === 'kernel')
          .flatMap((path) => given[path]).reduce((s, w) => s + w * w, 0)
        const found = Object.values(penalties).reduce((s, e) => s + evaluate(e, { ...given, x: [] })[0], 0)
        const wanted = (weightRegularizer * squares) / (1 - p) + dropoutRegularizer * width * (p * Math.log(p) + (1 - p) * Math.log(1 - p))
        return near(found, wanted, { absolute: 1e-12, relative: 1e-12 })
      }),
    law('temperatures and strengths out of range are issues', 't ≤ 0 or λ < 0 ⇒ an issue', [], () => every(
      ...[{ temperature: 0 }, { temperature: Number.NaN }, { weightRegularizer: -1 }, { dropoutRegularizer: -0.5 }].map((options) =>
        about(JSON.stringify(options), awake(make(wrapped, options), [width], 1).issues.length > 0 || 'not refused'))
    ))
  ], [
    asleepLaws((initialRate) => make(wrapped, { initialRate }), wrapped, trial),
    layerLaws(make(wrapped, {}), { input: [width] })
  ])
}
