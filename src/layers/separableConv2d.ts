/** Convolution in two steps: over space, then over channels. */
import { axisSize } from '../expr/shape.js'
import { wholeWindow } from '../expr/window.js'
import type { Constraint } from '../constraints/constraint.js'
import { glorotUniform } from '../initializers/glorotUniform.js'
import type { Initializer } from '../initializers/initializer.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type ImageRule, type Pair } from '../layer/images.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { count, issuesOf } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { Regularizer } from '../regularizers/regularizer.js'
import { linear } from './activation.js'
import {
  biasOf, biasSpec, convolve, convolveChannels, kernelOf, plus, shapingSpec, windowSpec, type ConvolutionOptions
} from './convolution.js'

/** [height, width, channels] → [rows, columns, F]. */
export type SeparableConv2dRule<F extends number> = ImageRule<'separableConv2d', F>

/** Options of `separableConv2d`; names are Keras's. */
export interface SeparableConv2dOptions extends ConvolutionOptions<Pair> {
  /** How many kernels a channel has in the first step; 1 unless told. */
  readonly depthMultiplier?: number
  /** `glorotUniform` unless told. */
  readonly depthwiseInitializer?: Initializer
  readonly depthwiseRegularizer?: Regularizer
  /** Sees the weights of one kernel. */
  readonly depthwiseConstraint?: Constraint
  /** `glorotUniform` unless told. */
  readonly pointwiseInitializer?: Initializer
  readonly pointwiseRegularizer?: Regularizer
  /** Sees the incoming weights of a filter. */
  readonly pointwiseConstraint?: Constraint
}

/** One pixel at a time. */
const pixel = wholeWindow({ size: [1, 1] })

/**
 * y = activation(P ⋆ (D ⋆ x) + b): each channel by kernels D of its own (see `depthwiseConv2d`), then all channels of a pixel by P;
 * [height, width, channels] → [rows, columns, filters], D [kernel height, kernel width, channels, depthMultiplier],
 * P [1, 1, channels·depthMultiplier, filters], b [filters]. Windows and padding are those of `conv2d`; nothing is applied between the
 * steps. Constraints see the weights of one kernel of D (axes 0, 1), and the incoming weights of a filter of P (axes 0, 1, 2).
 * Chollet 2017.
 * Errors: filters, depthMultiplier, kernelSize, strides or dilationRate not whole numbers ≥ 1, an input that is no image or too small, and
 * those of its parts. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { separableConv2d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([8, 8, 3], separableConv2d(16, 3, { padding: 'same' })), E.map((m) => m.output)) // => E.right([8, 8, 16])
 * ```
 */
export const separableConv2d = <const F extends number>(
  filters: F, kernelSize: Pair, options: SeparableConv2dOptions = {}
): Layer<SeparableConv2dRule<F>> => {
  const { activation = linear, depthMultiplier = 1, biasInitializer } = options
  const { depthwiseInitializer = glorotUniform, pointwiseInitializer = glorotUniform } = options
  const moving = movingWindow(2, ['kernelSize', kernelSize], options)
  const { depthwiseRegularizer, depthwiseConstraint, pointwiseRegularizer, pointwiseConstraint } = options
  const depthwise = { initializer: depthwiseInitializer, regularizer: depthwiseRegularizer, constraint: depthwiseConstraint }
  const pointwise = { initializer: pointwiseInitializer, regularizer: pointwiseRegularizer, constraint: pointwiseConstraint }
  const { window } = moving
  return layer({
    spec: spec('separableConv2d', {
      filters, depthMultiplier, ...windowSpec(window), ...biasSpec(options),
      ...shapingSpec('depthwise', depthwise), ...shapingSpec('pointwise', pointwise)
    }),
    rule: { check: windowCheck('separableConv2d', moving) },
    issues: [
      ...count('filters', filters), ...count('depthMultiplier', depthMultiplier), ...moving.issues,
      ...issuesOf({ activation, depthwiseInitializer, pointwiseInitializer, biasInitializer })
    ],
    parameters: (x): { readonly depthwiseKernel: Declaration; readonly pointwiseKernel: Declaration; readonly bias?: Declaration } => ({
      depthwiseKernel: kernelOf([...window.size, axisSize(x, -1), depthMultiplier], { incoming: [0, 1], outgoing: [0, 1, 3] }, depthwise),
      pointwiseKernel: kernelOf([1, 1, axisSize(x, -1) * depthMultiplier, filters], { incoming: [0, 1, 2] }, pointwise),
      ...biasOf(filters, options)
    }),
    activityRegularizer: options.activityRegularizer,
    apply: ({ depthwiseKernel, pointwiseKernel, bias }) => (x) =>
      activation.of(plus(convolve(convolveChannels(x, depthwiseKernel, window), pointwiseKernel, pixel), bias))
  })
}
