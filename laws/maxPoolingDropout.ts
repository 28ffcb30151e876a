/** Laws of max-pooling dropout. */
import fc from 'fast-check'
import { evaluate, pullback, variable, type Shape } from 'tikhonov/expr'
import { infer } from 'tikhonov/layer'
import { awakeLaws, type AwakeTrial } from './awake.js'
import { givenMask } from './dropout.js'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { moment, sizeOf, trained, type Perturbation } from './perturbation.js'
import { dyadic } from './arbitraries/index.js'

/** How it is tried: on an example of one channel that is one region, as [4, 1] for regions of 4 values, or [2, 2, 1]. */
export interface RegionTrial {
  readonly input: Shape
}

/**
 * What max-pooling dropout obeys, given by rate, on one region: in training the result is the largest value that is kept, 0 where none is,
 * and the gradient goes to it; in inference it is the mean of that over all masks, each with its probability; at rate 0 it is max pooling.
 *
 * @example
 * ```ts
 * import { maxPoolingDropout1d } from 'tikhonov/dropout'
 * import { check, maxPoolingDropoutLaws } from 'tikhonov/laws'
 * const laws = maxPoolingDropoutLaws((rate) => maxPoolingDropout1d(rate, { poolSize: 3 }), { input: [3, 1] })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const maxPoolingDropoutLaws = (make: Perturbation, { input }: RegionTrial): Suite => {
  const k = sizeOf(input)
  const all = Array.from({ length: 2 ** k }, (_, bits) => Array.from({ length: k }, (__, j) => (bits >> j) & 1))
  const one = dyadic({ min: -2, max: 4 })
  const cells = fc.array(fc.oneof(one, fc.constantFrom(1, 0)), { minLength: k, maxLength: k })
  const largest = (x: readonly number[], mask: readonly number[]) => {
    const kept = x.filter((_, i) => mask[i] === 1)
    return kept.length === 0 ? 0 : Math.max(...kept)
  }
  const given = make(0.5).apply({ path: 'pool/0', mode: givenMask(1) })(variable('x', [1, ...input])).y
  const trial: AwakeTrial = { input, accepted: [0.5, 0, 0.2, 0.9], refused: [-0.1, 1, 1.5, Number.NaN] }
  return suite('max-pooling dropout', make, [
    law('training is the largest value that is kept', 'y = max {xᵢ : mᵢ = 1}, 0 where none is', [cells], (x) =>
      every(...all.map((mask) => about(`mask ${mask.join('')}`, same(evaluate(given, { x, mask }), [largest(x, mask)]))))),
    law('inference is the mean over all masks', 'y = Σ_m P(m)·max {xᵢ : mᵢ = 1}', [cells, fc.constantFrom(0.2, 0.5, 0.8)], (x, rate) => {
      const { y } = make(rate).apply({ path: 'pool/0', mode: infer })(variable('x', [1, ...input]))
      const wanted = all.reduce((s, mask) =>
        s + mask.reduce((p, m) => p * (m === 1 ? 1 - rate : rate), 1) * largest(x, mask), 0)
      return near(evaluate(y, { x }), [wanted], { absolute: 1e-12, relative: 1e-12 })
    }),
    law('rate 0 is max pooling', 'y = max xᵢ, in training and in inference', [cells, moment()], (x, at) => every(
      same(trained(make(0), input, x, at), [Math.max(...x)]),
      same(evaluate(make(0).apply({ path: 'pool/0', mode: infer })(variable('x', [1, ...input])).y, { x }), [Math.max(...x)])
    )),
    law('the gradient goes to the largest that is kept', '∂xᵢ = dy where i wins among the kept, else 0',
      [fc.uniqueArray(one, { minLength: k, maxLength: k })], (x) => {
        const [dx] = pullback(given, variable('dy', given.shape), [variable('x', [1, ...input])])
        return every(...all.map((mask) => about(`mask ${mask.join('')}`, same(
          evaluate(dx, { x, mask, dy: [3] }).map((d) => d + 0),
          x.map((v, i) => (mask[i] === 1 && v === largest(x, mask) ? 3 : 0))
        ))))
      }, { mostRuns: 30 })
  ], [awakeLaws(make, trial), layerLaws(make(0.5), { input })])
}
