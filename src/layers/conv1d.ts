/** Convolution over time. */
import { axisSize } from '../expr/shape.js'
import type { Padding } from '../expr/window.js'
import { glorotUniform } from '../initializers/glorotUniform.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type SeriesRule } from '../layer/images.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { mixed } from '../layer/narrowing.js'
import { count, issuesOf } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { linear } from './activation.js'
import {
  biasOf, biasSpec, convolve, kernelOf, padding, plus, shapingSpec, windowSpec, type ConvolutionOptions, type KernelOptions
} from './convolution.js'

/** [time, channels] → [places, F]. */
export type Conv1dRule<F extends number> = SeriesRule<'conv1d', F>

/** Options of `conv1d`; names are Keras's. Padding may be `causal` too: a place sees itself and what came before. */
export interface Conv1dOptions extends ConvolutionOptions<number, Padding>, KernelOptions {}

/**
 * y = activation(W ⋆ x + b): y[t, f] = activation(Σ x[t·s + k·d − before, c]·W[k, c, f] + b[f]), the sum over k and c;
 * [time, channels] → [places, filters], W [kernel, channels, filters], b [filters]. The kernel is not flipped. Padding `valid` unless told;
 * `same`: ⌈time/s⌉ places, the odd extra zero at the end; `causal`: ⌈time/s⌉ places, all zeros before, so that y[t] never sees what comes
 * after t (van den Oord et al. 2016). The kernel's constraint sees the incoming weights of a filter (axes 0, 1).
 * Errors: filters, kernelSize, strides or dilationRate not whole numbers ≥ 1, an input that is no series or too short, and those of its
 * parts. Laws: `convolutionLaws`, `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { conv1d, relu } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * const wave = sequential([100, 4], conv1d(8, 2, { padding: 'causal', activation: relu }), conv1d(8, 2, { dilationRate: 2, strides: 3 }))
 * F.pipe(wave, E.map((m) => m.output)) // => E.right([33, 8])
 * ```
 */
export const conv1d = <const F extends number>(filters: F, kernelSize: number, options: Conv1dOptions = {}): Layer<Conv1dRule<F>> => {
  const { activation = linear, kernelInitializer = glorotUniform, biasInitializer } = options
  const moving = movingWindow(1, ['kernelSize', kernelSize], options, { paddings: ['valid', 'same', 'causal'] })
  const shaping = { initializer: kernelInitializer, regularizer: options.kernelRegularizer, constraint: options.kernelConstraint }
  const { window } = moving
  return layer({
    spec: spec('conv1d', { filters, ...windowSpec(window), ...biasSpec(options), ...shapingSpec('kernel', shaping) }),
    rule: { check: windowCheck('conv1d', moving) },
    issues: [...count('filters', filters), ...moving.issues, ...issuesOf({ activation, kernelInitializer, biasInitializer })],
    parameters: (x): { readonly kernel: Declaration; readonly bias?: Declaration } => ({
      kernel: kernelOf([...window.size, axisSize(x, -1), filters], { incoming: [0, 1] }, shaping),
      ...biasOf(filters, options)
    }),
    activityRegularizer: options.activityRegularizer,
    narrowing: mixed((count) => conv1d(count, kernelSize, options), activation, padding(window)),
    apply: ({ kernel, bias }) => (x) => activation.of(plus(convolve(x, kernel, window), bias))
  })
}
