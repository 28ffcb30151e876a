/** Laws of penalties on how often units are on. */
import fc from 'fast-check'
import { activation, dense, linear, sigmoid } from 'tikhonov/layers'
import type { Layer } from 'tikhonov/layer'
import { about, atLeast, every, law, near, suite, type Suite } from './kit/index.js'
import { asWanted, penalisedLaws, penaltyAt, some } from './penalised.js'

/** A layer under λ·Σ KL(ρ‖ρ̂), ρ̂ the means of its units and ρ the rate. */
export type ActivityPenalty = (options: { readonly lambda: number; readonly rate: number }, layer: Layer) => Layer

const divergence = (rho: number, found: number): number =>
  rho * Math.log(rho / found) + (1 - rho) * Math.log((1 - rho) / (1 - found))

/**
 * What a penalty on the activity of units obeys, tried on units that are what is given: it is λ·Σ KL(ρ‖ρ̂) of their means over the
 * examples, in training as in inference; 0 where all are at their rate, never less; finite where a unit is never on, or always.
 * Parent: `penalisedLaws`, tried on `dense(2)` with sigmoid.
 * @example
 * ```ts
 * import { check, sparseActivityLaws } from 'tikhonov/laws'
 * import { sparseActivity } from 'tikhonov/layers'
 * check(sparseActivityLaws(sparseActivity)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const sparseActivityLaws = (make: ActivityPenalty): Suite => {
  const [rows, units] = [3, 2]
  const layer = dense(units, { activation: sigmoid })
  const itself = activation(linear)
  const [lambdas, rates] = [fc.constantFrom(0, 0.5, 2), fc.constantFrom(0.125, 0.5, 0.75)]
  const share = fc.integer({ min: 1, max: 63 }).map((n) => n / 64)
  const given = fc.array(share, { minLength: rows * units, maxLength: rows * units })
  const meansOf = (x: readonly number[]) =>
    Array.from({ length: units }, (_, u) => x.reduce((sum, each, i) => (i % units === u ? sum + each / rows : sum), 0))
  return suite('sparse activity', make, [
    law('the divergence of means', 'R(x) = λ·Σ KL(ρ‖ρ̂)', [lambdas, rates, given], (lambda, rate, x) => {
      const wanted = meansOf(x).reduce((sum, found) => sum + lambda * divergence(rate, found), 0)
      return asWanted(make({ lambda, rate }, itself), units, x, wanted)
    }, some),
    law('least at the rate', 'R(x) ≥ 0, 0 where ρ̂ = ρ', [rates, given], (rate, x) => {
      const { at } = penaltyAt(make({ lambda: 1, rate }, itself), [units], rows)
      // Two units, each of two products with logarithms of at most 4.2, of means that are rounded three times.
      const rounded = 64 * Number.EPSILON
      return every(atLeast(at(x), -rounded), about('at the rate', near(at(x.map(() => rate)), 0, { absolute: rounded })))
    }, some),
    law('finite at both ends', '0 ≤ ρ̂ ≤ 1 ⇒ R(x) < ∞', [rates, fc.constantFrom(0, 1), fc.constantFrom(0, 1)], (rate, a, b) => {
      const { at } = penaltyAt(make({ lambda: 1, rate }, itself), [units], rows)
      return about('a value that is not finite', Number.isFinite(at([a, b, a, b, a, b])))
    }, some)
  ], [penalisedLaws(make({ lambda: 1, rate: 0.25 }, layer), layer, { input: [3] })])
}
