/** The transpose of a convolution: from small images to large ones. */
import { axisSize, sameShape, showShape, type Shape } from '../expr/shape.js'
import { placesOf, reachOf, type WholeWindow } from '../expr/window.js'
import { glorotUniform } from '../initializers/glorotUniform.js'
import { layer } from '../layer/build.js'
import { imageCheck, movingWindow, perAxis, type ImageRule, type MovingWindow, type Pair } from '../layer/images.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { mixed } from '../layer/narrowing.js'
import { misfit } from '../layer/rule.js'
import { count, issuesOf } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { spec } from '../part/spec.js'
import { linear } from './activation.js'
import {
  biasOf, biasSpec, convolveTransposed, kernelOf, plus, shapingSpec, windowSpec, type ConvolutionOptions, type KernelOptions
} from './convolution.js'

/** [height, width, channels] → [rows, columns, F]. */
export type Conv2dTransposeRule<F extends number> = ImageRule<'conv2dTranspose', F>

/** Options of `conv2dTranspose`; names are Keras's. */
export interface Conv2dTransposeOptions extends ConvolutionOptions<Pair>, KernelOptions {
  /** How many rows and columns the output has beyond the fewest; less than strides. Unless told, see the formula. */
  readonly outputPadding?: Pair
}

type Extra = readonly number[] | undefined

/** The size of the output along each axis, as Keras has it. */
const outputOf = (spatial: Shape, window: WholeWindow, extra: Extra): Shape => {
  const reach = reachOf(window)
  return spatial.map((n, a) => {
    const s = window.strides[a]
    return window.padding === 'same' ? (extra === undefined ? n * s : (n - 1) * s + (reach[a] % 2) + extra[a])
      : (n - 1) * s + reach[a] + (extra === undefined ? Math.max(s - reach[a], 0) : extra[a])
  })
}

const below = (name: string, n: number, strides: number): readonly Issue[] =>
  Number.isInteger(n) && n >= 0 && n < strides ? [] : [issue(name, String(n), `a whole number, 0 ≤ outputPadding < strides ${strides}`)]

const extraIssues = (given: Pair | undefined, { strides }: WholeWindow): readonly Issue[] =>
  given === undefined ? []
  : typeof given === 'number' ? below('outputPadding', given, Math.min(...strides))
  : given.flatMap((n, a) => below(`outputPadding/${a}`, n, strides[a]))

/** An output whose convolution does not have the size of the input is none. */
const check = ({ window, issues }: MovingWindow, extra: Extra) => (s: Shape): string | undefined => {
  const rank = imageCheck('conv2dTranspose', 2)(s)
  if (rank !== undefined || issues.length > 0) return rank
  const spatial = s.slice(0, -1)
  const output = outputOf(spatial, window, extra)
  return output.every((d) => d >= 1) && sameShape(placesOf(output, window), spatial) ? undefined
    : misfit(`conv2dTranspose needs an outputPadding whose output a convolution brings back, not ${showShape(output)}`, s)
}

/**
 * y = activation(Wᵀ ⋆ x + b): y[i·s + k·d − before, j·s′ + l·d′ − before′, f] += x[i, j, c]·W[k, l, f, c], the pullback of `conv2d` from
 * the output's size; [height, width, channels] → [rows, columns, filters], W [kernel height, kernel width, filters, channels], b [filters].
 * With r = (kernel − 1)·d + 1, an axis of n places becomes, as in Keras, n·s (`same`) or (n − 1)·s + max(r, s) (`valid`); with
 * outputPadding p, (n − 1)·s + (r mod 2) + p or (n − 1)·s + r + p. The kernel's constraint sees the incoming weights of a filter
 * (axes 0, 1, 3). Zeiler et al. 2010.
 * Errors: filters, kernelSize, strides or dilationRate not whole numbers ≥ 1, outputPadding not below strides, an output of which no
 * convolution makes the input, an input that is no image, and those of its parts. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { conv2dTranspose } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([7, 7, 16], conv2dTranspose(8, 3, { strides: 2, padding: 'same' })), E.map((m) => m.output)) // => E.right([14, 14, 8])
 * F.pipe(sequential([7, 7, 16], conv2dTranspose(8, 3, { strides: 2 })), E.map((m) => m.output)) // => E.right([15, 15, 8])
 * ```
 */
export const conv2dTranspose = <const F extends number>(
  filters: F, kernelSize: Pair, options: Conv2dTransposeOptions = {}
): Layer<Conv2dTransposeRule<F>> => {
  const { activation = linear, kernelInitializer = glorotUniform, biasInitializer, outputPadding } = options
  const given = movingWindow(2, ['kernelSize', kernelSize], options)
  const moving = { ...given, issues: [...given.issues, ...extraIssues(outputPadding, given.window)] }
  const shaping = { initializer: kernelInitializer, regularizer: options.kernelRegularizer, constraint: options.kernelConstraint }
  const extra = outputPadding === undefined ? undefined : perAxis(2, outputPadding)
  const { window } = moving
  return layer({
    spec: spec('conv2dTranspose', {
      filters, ...windowSpec(window), outputPadding: extra, ...biasSpec(options), ...shapingSpec('kernel', shaping)
    }),
    rule: { check: check(moving, extra) },
    issues: [...count('filters', filters), ...moving.issues, ...issuesOf({ activation, kernelInitializer, biasInitializer })],
    parameters: (x): { readonly kernel: Declaration; readonly bias?: Declaration } => ({
      kernel: kernelOf([...window.size, filters, axisSize(x, -1)], { incoming: [0, 1, 3] }, shaping),
      ...biasOf(filters, options)
    }),
    activityRegularizer: options.activityRegularizer,
    narrowing: mixed((count) => conv2dTranspose(count, kernelSize, options), activation, { padded: true }),
    apply: ({ kernel, bias }) => (x) =>
      activation.of(plus(convolveTransposed(x, kernel, window, outputOf(x.shape.slice(1, -1), window, extra)), bias))
  })
}
