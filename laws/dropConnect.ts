/** Laws of dropConnect. */
import fc from 'fast-check'
import { evaluate, pullback, variable } from 'tikhonov/expr'
import type { Layer } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { asleepLaws, awake, givenTo, makerOf, type AwakeTrial } from './awake.js'
import { about, atMost, bernstein, every, hoeffding, law, near, same, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { column, eachUnit, mean, moment, numbers, sample, type Moment } from './perturbation.js'

/** A wrapper that drops weights of a layer. */
export type DropConnect = (rate: number, layer: Layer) => Layer

const [features, units] = [4, 3]
const size = features * units
const layer = dense(units)
const plain = givenTo(awake(layer, [features], 1).parameters)
const kernel = plain['awake/0/kernel']
const bias = plain['awake/0/bias']
const rates = [0.2, 0.8]
/** The examples that show the kernel: one for each feature, and 0, which shows the bias. */
const unit = Array.from({ length: features + 1 }, (_, i) => Array.from({ length: features }, (__, j) => (i === j ? 1 : 0))).flat()

/**
 * What dropping weights obeys, tried on `dense(3)` of 4 features: inference and rate 0 are the layer; a weight is dropped or scaled by
 * 1/(1 − rate) and the bias stays; the mean of training is inference, at rate .2 as at .8; every weight is dropped at the rate; the
 * examples of a step share one mask, the next step has another; the gradient of the kernel has the forward's mask.
 *
 * @example
 * ```ts
 * import { dropConnect } from 'tikhonov/dropout'
 * import { check, dropConnectLaws } from 'tikhonov/laws'
 * check(dropConnectLaws((rate, layer) => dropConnect(rate, layer))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const dropConnectLaws = (make: DropConnect): Suite => {
  const trial: AwakeTrial = { input: [features], accepted: [0.5, 0, 0.2, 0.9], refused: [-0.1, 1, 1.5, Number.NaN], by: 'step' }
  const family = (rate: number) => make(rate, layer)
  const { chance, options: often } = sample
  const steps = 256
  /** The kernel as training sees it at a moment, and the bias. */
  const seeing = (rate: number) => {
    const made = makerOf(family(rate), [features], features + 1)
    return (at: Moment) => {
      const y = made(unit, at)
      return { kernel: y.slice(0, size).map((v, i) => v - bias[i % units]), bias: y.slice(size) }
    }
  }
  const over = (rate: number, at: Moment) => {
    const seen = seeing(rate)
    return Array.from({ length: steps }, (_, i) => seen({ ...at, step: at.step + i }).kernel).flat()
  }
  return suite('dropConnect', make, [
    law('a weight is dropped or scaled', 'W′ ∈ {0, W/(1 − rate)}, b′ = b, both occur', [moment(), fc.constantFrom(...rates)],
      (at, rate) => {
        const seen = seeing(rate)
        const found = Array.from({ length: 32 }, (_, i) => seen({ ...at, step: at.step + i }))
        const all = found.flatMap((f) => f.kernel)
        const close = { absolute: 1e-12 }
        const odd = all.findIndex((v, i) => near(v, 0, close) !== true && near(v, kernel[i % size] / (1 - rate), close) !== true)
        return every(
          odd < 0 || `got ${all[odd]} for ${kernel[odd % size]} at rate ${rate}`,
          all.some((v) => near(v, 0, close) === true) || `nothing is dropped at rate ${rate}`,
          all.some((v) => near(v, 0, close) !== true) || `everything is dropped at rate ${rate}`,
          ...found.map((f) => about('the bias', same(f.bias, bias)))
        )
      }, { mostRuns: 20 }),
    law('training is inference in the mean', 'E[W′] = W at rate .2 as at .8', [moment()], (at) => every(...rates.map((rate) => {
      const [out, odds] = [over(rate, at), rate / (1 - rate)]
      return about(`rate ${rate}`, eachUnit(size, (i) => atMost(
        Math.abs(mean(column(out, i, size)) - kernel[i]),
        bernstein(steps, odds * kernel[i] ** 2, Math.max(1, odds) * Math.abs(kernel[i]), chance / size)
      )))
    })), often),
    law('every weight is dropped at the rate', 'P(W′ᵢⱼ = 0) = rate', [moment()], (at) => every(...rates.map((rate) => {
      const dropped = over(rate, at).map((v) => (Math.abs(v) < 1e-9 ? 1 : 0))
      return about(`rate ${rate}`, eachUnit(size, (i) =>
        atMost(Math.abs(mean(column(dropped, i, size)) - rate), hoeffding(steps, 1, chance / size))))
    })), often),
    law('the pullback uses the forward’s mask', '∂W = (xᵀ·dy)∘W′/W', [numbers(2 * features), numbers(2 * units), moment()], (x, dy, at) => {
      const { y, parameters } = awake(family(0.5), [features], 2)
      const path = Object.keys(parameters).find((p) => parameters[p].role === 'kernel') ?? ''
      const [dw] = pullback(y, variable('dy', [2, units]), [variable(path, [features, units])])
      const wanted = seeing(0.5)(at).kernel.map((v, i) =>
        [0, 1].reduce((s, r) => s + x[r * features + Math.floor(i / units)] * dy[r * units + (i % units)], 0) * (v / kernel[i]))
      return near(evaluate(dw, { ...givenTo(parameters), x, dy }, at), wanted, { absolute: 1e-12, relative: 1e-12 })
    }, { mostRuns: 20 }),
    law('a layer without weights is refused', 'nothing to drop ⇒ an issue', [], () =>
      awake(make(0.5, nothing), [features], 1).issues.length > 0 || 'it was not refused')
  ], [asleepLaws(family, layer, trial), layerLaws(family(0.5), { input: [features] })])
}

/** A layer that has no weights. */
const nothing: Layer = {
  ...layer,
  apply: () => (x) => ({ y: x, parameters: {}, state: {}, penalties: {}, issues: [] })
}
