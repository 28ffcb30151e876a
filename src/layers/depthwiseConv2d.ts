/** Convolution of each channel by itself. */
import { axisSize } from '../expr/shape.js'
import type { Constraint } from '../constraints/constraint.js'
import { glorotUniform } from '../initializers/glorotUniform.js'
import type { Initializer } from '../initializers/initializer.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type ImageNeeds, type Pair } from '../layer/images.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { actsAlone, each } from '../layer/narrowing.js'
import type { Times } from '../layer/product.js'
import type { Given, ShapeRule, SizeAt } from '../layer/rule.js'
import { count, issuesOf } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { Regularizer } from '../regularizers/regularizer.js'
import { linear } from './activation.js'
import {
  biasOf, biasSpec, convolveChannels, kernelOf, plus, shapingSpec, windowSpec, type ConvolutionOptions
} from './convolution.js'

/** [height, width, channels] → [rows, columns, channels·M]. */
export interface DepthwiseConv2dRule<M extends number> extends ShapeRule {
  readonly output?: Given<
    this['input'], readonly [number, number, number], readonly [number, number, Times<SizeAt<this['input'], 2>, M>],
    ImageNeeds<'depthwiseConv2d'>
  >
}

/** Options of `depthwiseConv2d`; names are Keras's. */
export interface DepthwiseConv2dOptions<M extends number = number> extends ConvolutionOptions<Pair> {
  /** How many kernels a channel has; 1 unless told. */
  readonly depthMultiplier?: M
  /** `glorotUniform` unless told. */
  readonly depthwiseInitializer?: Initializer
  readonly depthwiseRegularizer?: Regularizer
  /** Sees the weights of one kernel. */
  readonly depthwiseConstraint?: Constraint
}

/**
 * Each channel by kernels of its own: y[i, j, c·M + m] = activation(Σ x[i·s + k·d − before, j·s′ + l·d′ − before′, c]·W[k, l, c, m] +
 * b[c·M + m]), the sum over k, l; [height, width, channels] → [rows, columns, channels·depthMultiplier], W [kernel height, kernel width,
 * channels, depthMultiplier]. Windows and padding are those of `conv2d`. The kernel's constraint sees the weights of one kernel (axes 0 and
 * 1); first values count fans as Keras does. Chollet 2017.
 * Errors: depthMultiplier, kernelSize, strides or dilationRate not whole numbers ≥ 1, an input that is no image or too small, and those of
 * its parts. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { depthwiseConv2d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([8, 8, 3], depthwiseConv2d(3, { depthMultiplier: 2 })), E.map((m) => m.output)) // => E.right([6, 6, 6])
 * ```
 */
export const depthwiseConv2d = <const M extends number = 1>(
  kernelSize: Pair, options: DepthwiseConv2dOptions<M> = {}
): Layer<DepthwiseConv2dRule<M>> => {
  const { activation = linear, depthMultiplier = 1, depthwiseInitializer = glorotUniform, biasInitializer } = options
  const moving = movingWindow(2, ['kernelSize', kernelSize], options)
  const shaping = { initializer: depthwiseInitializer, regularizer: options.depthwiseRegularizer, constraint: options.depthwiseConstraint }
  const { window } = moving
  return layer({
    spec: spec('depthwiseConv2d', { depthMultiplier, ...windowSpec(window), ...biasSpec(options), ...shapingSpec('depthwise', shaping) }),
    rule: { check: windowCheck('depthwiseConv2d', moving) },
    issues: [
      ...count('depthMultiplier', depthMultiplier), ...moving.issues, ...issuesOf({ activation, depthwiseInitializer, biasInitializer })
    ],
    parameters: (x): { readonly kernel: Declaration; readonly bias?: Declaration } => ({
      kernel: kernelOf([...window.size, axisSize(x, -1), depthMultiplier], { incoming: [0, 1], outgoing: [0, 1, 3] }, shaping),
      ...biasOf(axisSize(x, -1) * depthMultiplier, options)
    }),
    activityRegularizer: options.activityRegularizer,
    narrowing: actsAlone(activation.of) ? each((unit) => Math.floor(unit / depthMultiplier)) : undefined,
    apply: ({ kernel, bias }) => (x) => activation.of(plus(convolveChannels(x, kernel, window), bias))
  })
}
