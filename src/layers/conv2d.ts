/** Convolution over images. */
import { axisSize } from '../expr/shape.js'
import { glorotUniform } from '../initializers/glorotUniform.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type ImageRule, type Pair } from '../layer/images.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { mixed } from '../layer/narrowing.js'
import { count, issuesOf } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { linear } from './activation.js'
import {
  biasOf, biasSpec, convolve, kernelOf, padding, plus, shapingSpec, windowSpec, type ConvolutionOptions, type KernelOptions
} from './convolution.js'

/** [height, width, channels] → [rows, columns, F]. */
export type Conv2dRule<F extends number> = ImageRule<'conv2d', F>

/** Options of `conv2d`; names are Keras's. */
export interface Conv2dOptions extends ConvolutionOptions<Pair>, KernelOptions {}

/**
 * y = activation(W ⋆ x + b): y[i, j, f] = activation(Σ x[i·s + k·d − before, j·s′ + l·d′ − before′, c]·W[k, l, c, f] + b[f]), the sum
 * over k, l, c; [height, width, channels] → [rows, columns, filters], W [kernel height, kernel width, channels, filters], b [filters].
 * The kernel is not flipped (cross-correlation). `valid`: ⌊(size − (kernel − 1)·d − 1)/s⌋ + 1 places along an axis; `same`: ⌈size/s⌉,
 * the odd extra row or column of zeros at the bottom or right (TensorFlow's rule). The kernel's constraint sees the incoming weights of a
 * filter (axes 0, 1, 2). LeCun et al. 1989; dilation: Yu & Koltun 2016.
 * Errors: filters, kernelSize, strides or dilationRate not whole numbers ≥ 1, an input that is no image or too small, and those of its
 * parts. Laws: `convolutionLaws`, `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { conv2d, dense, flatten, maxPooling2d, relu } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * const shapes = sequential([28, 28, 1], conv2d(8, 3, { padding: 'same', activation: relu }), maxPooling2d(), conv2d(16, [5, 3]))
 * F.pipe(shapes, E.map((m) => m.output)) // => E.right([10, 12, 16])
 * ```
 */
export const conv2d = <const F extends number>(filters: F, kernelSize: Pair, options: Conv2dOptions = {}): Layer<Conv2dRule<F>> => {
  const { activation = linear, kernelInitializer = glorotUniform, biasInitializer } = options
  const moving = movingWindow(2, ['kernelSize', kernelSize], options)
  const shaping = { initializer: kernelInitializer, regularizer: options.kernelRegularizer, constraint: options.kernelConstraint }
  const { window } = moving
  return layer({
    spec: spec('conv2d', { filters, ...windowSpec(window), ...biasSpec(options), ...shapingSpec('kernel', shaping) }),
    rule: { check: windowCheck('conv2d', moving) },
    issues: [...count('filters', filters), ...moving.issues, ...issuesOf({ activation, kernelInitializer, biasInitializer })],
    parameters: (x): { readonly kernel: Declaration; readonly bias?: Declaration } => ({
      kernel: kernelOf([...window.size, axisSize(x, -1), filters], { incoming: [0, 1, 2] }, shaping),
      ...biasOf(filters, options)
    }),
    activityRegularizer: options.activityRegularizer,
    narrowing: mixed((count) => conv2d(count, kernelSize, options), activation, padding(window)),
    apply: ({ kernel, bias }) => (x) => activation.of(plus(convolve(x, kernel, window), bias))
  })
}
