/** Laws of penalties on the derivative of layers. */
import fc from 'fast-check'
import type { Layer } from 'tikhonov/layer'
import { dense, tanh } from 'tikhonov/layers'
import { atMost, hoeffding, law, suite, type Suite } from './kit/index.js'
import { asWanted, penalisedLaws, penaltyAt, slopesOf, some } from './penalised.js'
import { moment, numbers, sample } from './perturbation.js'

/** A layer under ½λ·‖∂y/∂x‖²; by so many random directions of its output in training, by all unless told. */
export type JacobianPenalty = (options: { readonly lambda: number; readonly projections?: number }, layer: Layer) => Layer

/** A layer under λ·(‖∂Σy/∂x‖ − target)², target 1 unless told. */
export type SlopePenalty = (options: { readonly lambda: number; readonly target?: number }, layer: Layer) => Layer

const [width, units] = [3, 2]
const lambdas = (): fc.Arbitrary<number> => fc.constantFrom(0, 0.5, 2)

const squaresOf = (layer: Layer, x: readonly number[]): number =>
  slopesOf(layer, width, x).flat().reduce((sum, d) => sum + d * d, 0) / (x.length / width)

/**
 * What a penalty on the Jacobian obeys, tried on `dense(2)` with tanh: it is ½λ·‖∂y/∂x‖² as differences find it, in training as in
 * inference; random directions have it for their mean. Parent: `penalisedLaws`, with two directions.
 * @example
 * ```ts
 * import { check, jacobianLaws } from 'tikhonov/laws'
 * import { jacobian } from 'tikhonov/layers'
 * check(jacobianLaws(jacobian)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const jacobianLaws = (make: JacobianPenalty): Suite => {
  const layer = dense(units, { activation: tanh })
  const { chance, options: often } = sample
  return suite('Jacobian', make, [
    law('the squares of all derivatives', 'R(x) = ½λ·mean ‖∂y/∂x‖²', [lambdas(), numbers(2 * width)], (lambda, x) =>
      asWanted(make({ lambda }, layer), width, x, (lambda / 2) * squaresOf(layer, x)), some),
    law('directions have it for their mean', 'E[K·‖vᵀ·∂y/∂x‖²] = ‖∂y/∂x‖²', [numbers(width), moment()], (x, at) => {
      const rows = 512
      const many = Array.from({ length: rows }, () => x).flat()
      const wanted = squaresOf(layer, x)
      const found = penaltyAt(make({ lambda: 2, projections: 1 }, layer), [width], rows).at(many, at)
      return atMost(Math.abs(found - wanted), hoeffding(rows, units * wanted, chance) + 1e-8)
    }, often)
  ], [penalisedLaws(make({ lambda: 1, projections: 2 }, layer), layer, { input: [width] })])
}

/**
 * What a penalty on the slope of what layers give obeys, tried on `dense(2)` with tanh: it is λ·mean (‖∂Σy/∂x‖ − target)² as differences
 * find it, in training as in inference; the target is 1 unless told. Parent: `penalisedLaws`.
 * @example
 * ```ts
 * import { check, gradientPenaltyLaws } from 'tikhonov/laws'
 * import { gradientPenalty } from 'tikhonov/layers'
 * check(gradientPenaltyLaws(gradientPenalty)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const gradientPenaltyLaws = (make: SlopePenalty): Suite => {
  const layer = dense(units, { activation: tanh, useBias: false })
  return suite('gradient penalty', make, [
    law('how far slopes are off', 'R(x) = λ·mean (‖∂Σy/∂x‖ − target)²',
      [lambdas(), fc.constantFrom(undefined, 0, 0.5), numbers(2 * width)], (lambda, target, x) => {
        const slopes = slopesOf(layer, width, x)
        const off = [0, 1].map((row) =>
          Math.hypot(...slopes.map((d) => d[units * row] + d[units * row + 1])) - (target ?? 1))
        return asWanted(make({ lambda, ...(target === undefined ? {} : { target }) }, layer), width, x,
          (lambda * off.reduce((sum, d) => sum + d * d, 0)) / 2)
      }, some)
  ], [penalisedLaws(make({ lambda: 1 }, layer), layer, { input: [width] })])
}
