/** Laws of weights under learned gates. */
import fc from 'fast-check'
import { constant, evaluate, gradient, mul, sum, variable } from 'tikhonov/expr'
import { pureOutput, type Layer } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { awake, givenTo } from './awake.js'
import { about, atMost, every, hoeffding, law, near, same, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { mean, moment, numbers, sample, type Moment } from './perturbation.js'

/** What the wrapper is told. */
export interface GateOptions {
  readonly lambda: number
  readonly groups?: 'weights' | 'incoming' | 'outgoing'
  readonly initialRate?: number
  readonly temperature?: number
}

/** A wrapper that puts gates before the weights of a layer. */
export type Gated = (layer: Layer, options: GateOptions) => Layer

const [inputs, units] = [3, 2]
const layer = dense(units, { useBias: false })
const identity = Array.from({ length: inputs * inputs }, (_, i) => (i % (inputs + 1) === 0 ? 1 : 0))
const sigma = (x: number): number => 1 / (1 + Math.exp(-x))
const [gamma, zeta] = [-0.1, 1.1]

/** The gates of a layer, which reads the unit vectors with weights of 1. */
const gatesOf = (made: Layer, mode: 'Train' | 'Infer') => {
  const { y, parameters, penalties } = awake(made, [inputs], inputs, mode)
  const pathOf = (role: string) => Object.keys(parameters).find((path) => parameters[path].role === role) ?? ''
  const [kernel, rate] = [pathOf('kernel'), pathOf('rate')]
  const given = (logAlpha: number) => ({
    x: identity, [kernel]: identity.slice(0, inputs * units).map(() => 1),
    [rate]: Array.from({ length: (parameters[rate]?.shape ?? []).reduce((n, d) => n * d, 1) }, () => logAlpha)
  })
  return {
    y, rate, kernel, parameters, penalties, given,
    at: (logAlpha: number, moment: Partial<Moment> = {}): readonly number[] => evaluate(y, given(logAlpha), moment)
  }
}

/**
 * What hard concrete gates obey, tried on a dense layer of 3 inputs and 2 units: with the noise that is drawn each is 0, and each is 1,
 * with the probability of the paper, and between them else; inference has min(1, max(0, sigmoid(ln α)·1.2 − .1)); the penalty is λ times
 * the expected number of weights whose gate is not 0; a group has one gate; the derivative by ln α is the one that differences find.
 * @example
 * ```ts
 * import { hardConcrete } from 'tikhonov/dropout'
 * import { check, hardConcreteLaws } from 'tikhonov/laws'
 * check(hardConcreteLaws((layer, options) => hardConcrete(layer, options))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const hardConcreteLaws = (make: Gated): Suite => {
  const { chance, options: often } = sample
  const steps = 256
  const logits = fc.constantFrom(-2, 0, 1.5)
  const temperatures = fc.constantFrom(0.4, 2 / 3)
  const closed = (logAlpha: number, temperature: number): number => 1 - sigma(logAlpha - temperature * Math.log(-gamma / zeta))
  const open = (logAlpha: number, temperature: number): number => sigma(logAlpha - temperature * Math.log((1 - gamma) / (zeta - 1)))
  const some = { mostRuns: 25 }
  return suite('hard concrete', make, [
    law('gates are 0 and 1 as often as they should', 'P(z = 0) = 1 − σ(ln α − β·ln(−γ/ζ)), P(z = 1) = σ(ln α − β·ln((1 − γ)/(ζ − 1)))',
      [logits, moment()], (logAlpha, at) => every(...[0.4, 2 / 3].map((temperature) => {
        const gates = gatesOf(make(layer, { lambda: 1, temperature }), 'Train')
        const found = Array.from({ length: steps }, (_, i) => gates.at(logAlpha, { ...at, step: at.step + i })).flat()
        const bound = hoeffding(found.length, 1, chance / 4)
        return about(`β = ${temperature}`, every(
          about('below 0 or above 1', found.every((z) => z >= 0 && z <= 1)),
          about('0', atMost(Math.abs(mean(found.map((z) => (z === 0 ? 1 : 0))) - closed(logAlpha, temperature)), bound)),
          about('1', atMost(Math.abs(mean(found.map((z) => (z === 1 ? 1 : 0))) - open(logAlpha, temperature)), bound))
        ))
      })), often),
    law('inference has the gate without noise', 'z = min(1, max(0, σ(ln α)·(ζ − γ) + γ))', [fc.constantFrom(-9, -2, 0, 9)], (logAlpha) => {
      const wanted = Math.min(1, Math.max(0, sigma(logAlpha) * (zeta - gamma) + gamma))
      return near(gatesOf(make(layer, { lambda: 1 }), 'Infer').at(logAlpha), identity.slice(0, inputs * units).map(() => wanted),
        { absolute: 1e-12 })
    }),
    law('the penalty counts what may be open', 'R = λ·Σ P(z ≠ 0)', [logits, temperatures, fc.constantFrom(0, 0.25, 1),
      fc.constantFrom('weights', 'incoming', 'outgoing')], (logAlpha, temperature, lambda, groups) => {
      const { penalties, given } = gatesOf(make(layer, { lambda, temperature, groups }), 'Infer')
      const found = Object.values(penalties).reduce((total, e) => total + evaluate(e, given(logAlpha))[0], 0)
      return near(found, lambda * inputs * units * (1 - closed(logAlpha, temperature)), { absolute: 1e-12 })
    }),
    law('a group has one gate', 'zᵢ = zⱼ in a group', [moment()], (at) => {
      const seen = (groups: 'weights' | 'incoming' | 'outgoing') => gatesOf(make(layer, { lambda: 1, groups }), 'Train').at(0, at)
      const [byUnit, byInput] = [seen('incoming'), seen('outgoing')]
      const outer = (i: number, j: number) => i * units + j
      return every(
        ...byUnit.map((z, i) => about('incoming', same(z, byUnit[outer(0, i % units)]))),
        ...byInput.map((z, i) => about('outgoing', same(z, byInput[outer(Math.floor(i / units), 0)]))),
        about('weights alike', new Set(Array.from({ length: 16 }, (_, i) =>
          gatesOf(make(layer, { lambda: 1 }), 'Train').at(0, { ...at, step: i })).flat()).size > 2)
      )
    }, some),
    law('the derivative by ln α', '(f(ln α + h) − f(ln α − h))/2h', [numbers(inputs * units), moment()], (dy, at) => {
      const { y, rate, parameters, kernel } = gatesOf(make(layer, { lambda: 1 }), 'Train')
      const { shape } = parameters[rate]
      const total = sum(mul(y, constant(identity.map((_, i) => dy[i % dy.length]).slice(0, inputs * units), [inputs, units])))
      const given = (by: number) => ({ ...givenTo(parameters), x: identity, [rate]: Array.from({ length: inputs * units }, () => by) })
      const h = 2 ** -15
      const values = [-2 * h, -h, h, 2 * h].map((by) => evaluate(total, given(0.25 + by), at)[0])
      const [wide, narrow] = [(values[3] - values[0]) / (4 * h), (values[2] - values[1]) / (2 * h)]
      fc.pre(Math.abs(wide - narrow) < 1e-6) // a gate that is about to close or to open has two slopes
      const [slope] = gradient(total, [variable(rate, shape)])
      const found = evaluate(slope, given(0.25), at).reduce((a, b) => a + b, 0)
      return every(kernel !== '' || 'there is no kernel', near(found, narrow, { absolute: 1e-5 }))
    }, some),
    law('refuses what is out of range', 'λ < 0, rate ∉ (0, 1), β ≤ 0 ⇒ an issue', [], () => every(
      ...[{ lambda: -1 }, { lambda: 1, initialRate: 0 }, { lambda: 1, initialRate: 1 }, { lambda: 1, temperature: 0 }].map((options) =>
        about(JSON.stringify(options), awake(make(layer, options), [inputs], 1).issues.length > 0 || 'not refused')),
      about('no weights', awake(make({ ...layer, apply: () => pureOutput }, { lambda: 1 }), [inputs], 1).issues.length > 0 || 'not refused')
    ))
  ], [layerLaws(make(dense(units), { lambda: 1 }), { input: [inputs] })])
}
