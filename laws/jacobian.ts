/** Laws of penalties on the derivative of layers. */
import fc from 'fast-check'
import { evaluate, gradient, variable } from 'tikhonov/expr'
import type { Layer } from 'tikhonov/layer'
import { dense, tanh } from 'tikhonov/layers'
import { awake, givenTo, makerOf } from './awake.js'
import { about, atMost, every, hoeffding, law, near, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { moment, numbers, sample, type Moment } from './perturbation.js'

/** A layer under ½λ·‖∂y/∂x‖²; by so many random directions of its output in training, by all unless told. */
export type JacobianPenalty = (options: { readonly lambda: number; readonly projections?: number }, layer: Layer) => Layer

const [width, units] = [3, 2]
const layer = dense(units, { activation: tanh })

/** The penalty at given examples. */
const penaltyOf = (made: Layer, rows: number, mode: 'Train' | 'Infer' = 'Train') => {
  const { penalties, parameters } = awake(made, [width], rows, mode)
  const [path] = Object.keys(penalties)
  return {
    parameters, expression: penalties[path],
    at: (x: readonly number[], at: Partial<Moment> = {}) => evaluate(penalties[path], { ...givenTo(parameters), x }, at)[0]
  }
}

/** ½·mean ‖∂y/∂x‖² by central differences, whose error is near h² = 2⁻³⁴. */
const bySteps = (x: readonly number[]): number => {
  const rows = x.length / width
  const h = 2 ** -17
  const y = makerOf(layer, [width], rows, 'Infer')
  const slopes = Array.from({ length: width }, (_, j) => {
    const moved = (by: number) => y(x.map((v, i) => (i % width === j ? v + by : v)))
    const [up, down] = [moved(h), moved(-h)]
    return up.map((v, i) => (v - down[i]) / (2 * h))
  })
  return slopes.flat().reduce((sum, d) => sum + d * d, 0) / (2 * rows)
}

/**
 * What a penalty on the Jacobian obeys, tried on `dense(2)` with tanh: it is ½λ·‖∂y/∂x‖² as differences find it, in training as in
 * inference; random directions have it for their mean; and its gradient, which takes second derivatives, is the one that differences find.
 * @example
 * ```ts
 * import { check, jacobianLaws } from 'tikhonov/laws'
 * import { jacobian } from 'tikhonov/layers'
 * check(jacobianLaws(jacobian)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const jacobianLaws = (make: JacobianPenalty): Suite => {
  const { chance, options: often } = sample
  const lambdas = fc.constantFrom(0, 0.5, 2)
  const some = { mostRuns: 25 }
  return suite('Jacobian', make, [
    law('the squares of all derivatives', 'R(x) = ½λ·mean ‖∂y/∂x‖²', [lambdas, numbers(2 * width)], (lambda, x) =>
      every(...(['Train', 'Infer'] as const).map((mode) => about(mode,
        near(penaltyOf(make({ lambda }, layer), 2, mode).at(x), lambda * bySteps(x), { absolute: 1e-8, relative: 1e-8 })))), some),
    law('directions have it for their mean', 'E[K·‖vᵀ·∂y/∂x‖²] = ‖∂y/∂x‖²', [numbers(width), moment()], (x, at) => {
      const rows = 512
      const many = Array.from({ length: rows }, () => x).flat()
      const wanted = 2 * bySteps(x)
      const found = penaltyOf(make({ lambda: 2, projections: 1 }, layer), rows).at(many, at)
      return atMost(Math.abs(found - wanted), hoeffding(rows, units * wanted, chance) + 1e-8)
    }, often),
    law('the gradient is the derivative', '(R(w + hd) − R(w − hd))/2h = ⟨∇R(w), d⟩', [numbers(2 * width), numbers(width * units), moment(),
      fc.constantFrom(undefined, 2)], (x, d, at, projections) => {
      const made = penaltyOf(make({ lambda: 1, ...(projections === undefined ? {} : { projections }) }, layer), 2)
      const path = Object.keys(made.parameters).find((p) => made.parameters[p].role === 'kernel') ?? ''
      const given: Readonly<Record<string, readonly number[]>> = { ...givenTo(made.parameters), x }
      const h = 2 ** -15
      const value = (by: number) =>
        evaluate(made.expression, { ...given, [path]: given[path].map((w, i) => w + by * d[i]) }, at)[0]
      const [slope] = gradient(made.expression, [variable(path, [width, units])])
      const along = evaluate(slope, given, at).reduce((sum, g, i) => sum + g * d[i], 0)
      const [narrow, wide] = [1, 2].map((k) => (value(k * h) - value(-k * h)) / (2 * k * h))
      // The error of truncation is a third of what the two differ by; that of rounding is near ε·R/h.
      return near(along, narrow, { absolute: Math.abs(narrow - wide) + (64 * Number.EPSILON * (1 + value(0))) / h })
    }, some),
    law('what comes out is the layer’s', 'y = layer(x)', [numbers(2 * width)], (x) =>
      near(makerOf(make({ lambda: 1 }, layer), [width], 2)(x), makerOf(layer, [width], 2)(x), {}), some)
  ], [layerLaws(make({ lambda: 1 }, layer), { input: [width] })])
}
