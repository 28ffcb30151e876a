/** Laws of layers under a penalty that sees what they do, and how those laws look at it. */
import fc from 'fast-check'
import { evaluate, gradient, variable, type Shape } from 'tikhonov/expr'
import type { Layer } from 'tikhonov/layer'
import { awake, givenTo, makerOf } from './awake.js'
import { about, every, law, near, suite, type Outcome, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { moment, numbers, sizeOf, type Moment } from './perturbation.js'
import { remembered } from './prepared.js'

type Numbers = readonly number[]
type ModeName = 'Train' | 'Infer'

/** Laws whose runs take many passes need few. */
export const some = { mostRuns: 25 } as const

/** The one penalty of a layer at so many given examples. */
export const penaltyAt = (made: Layer, input: Shape, rows: number, mode: ModeName = 'Train') => {
  const { penalties, parameters } = awake(made, input, rows, mode)
  const [expression] = Object.values(penalties)
  const values = givenTo(parameters)
  return {
    parameters, values, expression,
    at: (x: Numbers, at: Partial<Moment> = {}): number => evaluate(expression, { ...values, x }, at)[0]
  }
}

/** ∂y/∂xⱼ of each example for each j, by central differences, whose error is near h² = 2⁻³⁴. */
export const slopesOf = (layer: Layer, width: number, x: Numbers): readonly Numbers[] => {
  const h = 2 ** -17
  const y = makerOf(layer, [width], x.length / width, 'Infer')
  return Array.from({ length: width }, (_, j) => {
    const moved = (by: number) => y(x.map((v, i) => (i % width === j ? v + by : v)))
    const [up, down] = [moved(h), moved(-h)]
    return up.map((v, i) => (v - down[i]) / (2 * h))
  })
}

/** The penalty of a layer at some examples is what is wanted, in training as in inference. */
export const asWanted = (made: Layer, width: number, x: Numbers, wanted: number): Outcome =>
  every(...(['Train', 'Infer'] as const).map((mode) =>
    about(mode, near(penaltyAt(made, [width], x.length / width, mode).at(x), wanted, { absolute: 1e-8, relative: 1e-8 }))))

/**
 * What a layer under a penalty obeys: it gives what the layer gives without it; the gradient of the penalty by a kernel, which may take
 * second derivatives, is the one that differences find, in training as in inference. Parent: `layerLaws`.
 * @example
 * ```ts
 * import { check, penalisedLaws } from 'tikhonov/laws'
 * import { dense, jacobian, tanh } from 'tikhonov/layers'
 * const layer = dense(2, { activation: tanh })
 * check(penalisedLaws(jacobian({ lambda: 1 }, layer), layer, { input: [3] })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const penalisedLaws = (made: Layer, layer: Layer, { input }: { readonly input: Shape }): Suite => {
  const rows = 2
  const x = numbers(rows * sizeOf(input))
  const penalty = remembered((mode: ModeName) => penaltyAt(made, input, rows, mode))
  return suite('penalised', made, [
    law('the gradient is the derivative', '(R(w + hd) − R(w − hd))/2h = ⟨∇R(w), d⟩',
      [x, numbers(31), moment(), fc.constantFrom('Train' as const, 'Infer' as const)], (given, drawn, at, mode) => {
        const { values, expression, parameters } = penalty(mode)
        const [path, { shape }] = Object.entries(parameters).find(([, { role }]) => role === 'kernel') ?? ['', { shape: [0] }]
        const d = Array.from({ length: sizeOf(shape) }, (_, i) => drawn[i % drawn.length])
        const h = 2 ** -15
        const value = (by: number) =>
          evaluate(expression, { ...values, x: given, [path]: values[path].map((w, i) => w + by * d[i]) }, at)[0]
        const [slope] = gradient(expression, [variable(path, shape)])
        const along = evaluate(slope, { ...values, x: given }, at).reduce((sum, g, i) => sum + g * d[i], 0)
        const [narrow, wide] = [1, 2].map((k) => (value(k * h) - value(-k * h)) / (2 * k * h))
        // The error of truncation is a third of what the two differ by; that of rounding is near ε·R/h.
        return near(along, narrow, { absolute: Math.abs(narrow - wide) + (64 * Number.EPSILON * (1 + value(0))) / h })
      }, some),
    law('what comes out is the layer’s', 'y = layer(x)', [x], (given) =>
      near(makerOf(made, input, rows)(given), makerOf(layer, input, rows)(given), {}), some)
  ], [layerLaws(made, { input })], { layer, input })
}
