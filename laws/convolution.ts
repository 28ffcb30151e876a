/** Laws of convolutions. */
import fc from 'fast-check'
import { evaluate, variable, type Padding, type Shape } from 'tikhonov/expr'
import { infer, run, type Layer, type Output } from 'tikhonov/layer'
import { dyadic, images, type Images, type MovingWindow } from './arbitraries/index.js'
import { indices, pixelAt, placeOf, placesOf } from './windowed.js'
import { law, near, suite, type Suite } from './kit/index.js'

/** A linear convolution with a kernel […size, channels, filters] and a bias, of a number of filters and a window. */
export type Convolution = (filters: number, window: MovingWindow) => Layer

/** How a convolution is tried: its axes of space, and its paddings (default `valid` and `same`). */
export interface ConvolutionTrial {
  readonly axes: number
  readonly paddings?: readonly Padding[]
}

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

const applied = (layer: Layer, shape: Shape): Output => run([layer])({ path: '', mode: infer })(variable('batch/x', shape))

/** A value for each weight: numbers of a list, over and over. */
const weightsOf = ({ parameters }: Output, numbers: readonly number[]): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.entries(parameters).map(([path, { shape }], k) =>
    [path, Array.from({ length: sizeOf(shape) }, (_, i) => numbers[(i + 5 * k) % numbers.length])]))

/** y[n, o, f] = b[f] + Σₖ Σ꜀ x[n, o·s + k·d − before, c]·W[k, c, f], zeros beyond the edge, one number after the other. */
const direct = ({ window, shape, pixels }: Images, filters: number, kernel: readonly number[], bias: readonly number[]) => {
  const [spatial, channels] = [shape.slice(1, -1), shape[shape.length - 1]]
  const below = pixelAt(spatial, window)
  return indices([shape[0], ...placesOf(spatial, window), filters]).map((at) => {
    const [n, place, f] = [at[0], at.slice(1, -1), at[at.length - 1]]
    return indices([...window.size, channels]).reduce((total, cell) => {
      const pixel = below(place, cell.slice(0, -1))
      const weight = kernel[placeOf([...window.size, channels, filters], [...cell, f])]
      return pixel === undefined ? total : total + pixels[placeOf(shape, [n, ...pixel, cell[cell.length - 1]])] * weight
    }, bias[f])
  })
}

/**
 * What a convolution is: the direct sum over the cells of its kernel (not flipped), at any size, stride, dilation and padding; and, where
 * it stays inside and moves by one, it does the same everywhere.
 *
 * @example
 * ```ts
 * import { check, convolutionLaws } from 'tikhonov/laws'
 * import { conv1d } from 'tikhonov/layers'
 * const laws = convolutionLaws((filters, { size: [cells], strides: [strides], dilation: [dilationRate], padding }) =>
 *   conv1d(filters, cells, { strides, dilationRate, padding }), { axes: 1, paddings: ['valid', 'same', 'causal'] })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const convolutionLaws = (make: Convolution, { axes, paddings = ['valid', 'same'] }: ConvolutionTrial): Suite => {
  const filters = fc.integer({ min: 1, max: 3 })
  const numbers = fc.array(dyadic({ min: -2, max: 2 }), { minLength: 61, maxLength: 61 })
  const shifts = fc.array(fc.nat(2), { minLength: axes, maxLength: axes })
  return suite('convolution', make, [
    law('is the direct sum', 'y[o, f] = b[f] + Σₖ Σ꜀ x[o·s + k·d − before, c]·W[k, c, f]', [images({ axes, paddings }), filters, numbers],
      (given, count, weights) => {
        const layer = make(count, given.window)
        const output = applied(layer, given.shape)
        const values = weightsOf(output, weights)
        const kernel = Object.keys(values).find((path) => output.parameters[path].role === 'kernel') ?? ''
        const bias = Object.keys(values).find((path) => output.parameters[path].role === 'bias') ?? ''
        return near(evaluate(output.y, { ...values, 'batch/x': given.pixels }),
          direct(given, count, values[kernel] ?? [], values[bias] ?? []), { relative: 1e-12, absolute: 1e-12 })
      }),
    law('is equivariant under translation', 'f(x[· + t]) = f(x)[· + t], where it stays inside and moves by 1',
      [images({ axes, paddings: ['valid'] }), filters, numbers, shifts], ({ window, ...given }, count, weights, shift) => {
        const layer = make(count, { ...window, strides: window.strides.map(() => 1) })
        const wide = given.shape.map((d, a) => (a === 0 || a === axes + 1 ? d : d + shift[a - 1]))
        const pixels = indices(wide).map((_, i) => given.pixels[i % given.pixels.length] + (i % 7) / 8)
        const crop = (shape: Shape, values: readonly number[]) =>
          indices(shape).flatMap((at, i) => (at.slice(1, -1).every((k, a) => k >= shift[a]) ? [values[i]] : []))
        const [small, large] = [applied(layer, given.shape), applied(layer, wide)]
        const values = weightsOf(small, weights)
        return near(evaluate(small.y, { ...values, 'batch/x': crop(wide, pixels) }),
          crop(large.y.shape, evaluate(large.y, { ...values, 'batch/x': pixels })), { relative: 1e-12, absolute: 1e-12 })
      })
  ])
}
