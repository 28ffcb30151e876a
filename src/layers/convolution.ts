/** What convolutional layers share: their options and parameters, and the one product that each of them is. No layer by itself. */
import { add } from '../expr/arithmetic.js'
import { matmul } from '../expr/matmul.js'
import { isInvalid, type Expr } from '../expr/node.js'
import { foldPatches, patches } from '../expr/patches.js'
import { reshape } from '../expr/reshape.js'
import { axisSize, sizeOf, type Shape } from '../expr/shape.js'
import { transpose } from '../expr/view.js'
import type { Padding, WholeWindow } from '../expr/window.js'
import type { Constraint } from '../constraints/constraint.js'
import { zeros } from '../initializers/constant.js'
import type { Initializer } from '../initializers/initializer.js'
import type { Declaration } from '../layer/layer.js'
import type { Spec, SpecValue } from '../part/spec.js'
import { regularizerSpec, type Regularizer } from '../regularizers/regularizer.js'
import { linear, type Activation } from './activation.js'

/** Options of every convolution; names are Keras's. `Sizes` is a number, or a number for each axis. */
export interface ConvolutionOptions<Sizes, P extends Padding = 'valid' | 'same'> {
  /** How far the kernel moves; 1 unless told. */
  readonly strides?: Sizes
  /** `valid` unless told: the kernel stays inside. `same`: an output of ⌈size/strides⌉, the odd extra zeros after. */
  readonly padding?: P
  /** How far apart the cells of the kernel lie; 1 unless told. Together with strides above 1 it means what the formula says. */
  readonly dilationRate?: Sizes
  /** Applied to the result; `linear` unless told. */
  readonly activation?: Activation
  /** Whether there is a bias, one a filter; yes unless told. */
  readonly useBias?: boolean
  /** `zeros` unless told. */
  readonly biasInitializer?: Initializer
  readonly biasRegularizer?: Regularizer
  /** A penalty on the output, divided by the number of examples. */
  readonly activityRegularizer?: Regularizer
  readonly biasConstraint?: Constraint
}

/** Options of the kernel, where there is one. */
export interface KernelOptions {
  /** `glorotUniform` unless told. */
  readonly kernelInitializer?: Initializer
  readonly kernelRegularizer?: Regularizer
  /** Sees the incoming weights of a filter. */
  readonly kernelConstraint?: Constraint
}

/** What shapes a weight: its first values, its penalty, its constraint. */
export interface Shaping {
  readonly initializer: Initializer
  readonly regularizer?: Regularizer | undefined
  readonly constraint?: Constraint | undefined
}

/** A kernel; the incoming weights of a filter lie over the axes `incoming`. */
export const kernelOf = (
  shape: Shape, axes: Pick<Declaration, 'incoming' | 'outgoing'>, { initializer, regularizer, constraint }: Shaping
): Declaration => ({ shape, role: 'kernel', initial: initializer.initial(shape), ...axes, regularizer, constraint })

type Biased = Pick<
  ConvolutionOptions<unknown, Padding>,
  'activation' | 'useBias' | 'biasInitializer' | 'biasRegularizer' | 'activityRegularizer' | 'biasConstraint'
>

/** A bias, one number a filter, where there is one. */
export const biasOf = (filters: number, options: Biased): { readonly bias?: Declaration } => {
  const { useBias = true, biasInitializer = zeros } = options
  const bias: Declaration = {
    shape: [filters], role: 'bias', initial: biasInitializer.initial([filters]), incoming: [],
    regularizer: options.biasRegularizer, constraint: options.biasConstraint
  }
  return useBias ? { bias } : {}
}

/** y + b over the last axis, where there is a bias. */
export const plus = (y: Expr, bias: Expr | undefined): Expr => (bias === undefined ? y : add(y, bias))

/** Whether a window sees zeros beyond the edge. */
export const padding = ({ size, padding: by }: WholeWindow): { readonly padded: boolean } =>
  ({ padded: by !== 'valid' && size.some((cells) => cells > 1) })

/** A window by the names of the options that it was made of. */
export const windowSpec = ({ size, strides, dilation, padding }: WholeWindow): Readonly<Record<string, SpecValue>> =>
  ({ kernelSize: size, strides, padding, dilationRate: dilation })

/** What shapes a weight by the names of its options: `kernelInitializer`, … */
export const shapingSpec = (name: string, { initializer, regularizer, constraint }: Shaping): Readonly<Record<string, Spec | undefined>> =>
  ({
    [`${name}Initializer`]: initializer.spec,
    [`${name}Regularizer`]: regularizerSpec(regularizer),
    [`${name}Constraint`]: constraint?.spec
  })

/** The options that every convolution has, but for its window. */
export const biasSpec = (options: Biased): Readonly<Record<string, SpecValue | undefined>> => {
  const { activation = linear, useBias = true, biasInitializer = zeros } = options
  return {
    activation: activation.spec, useBias, activityRegularizer: regularizerSpec(options.activityRegularizer),
    ...shapingSpec('bias', { initializer: biasInitializer, regularizer: options.biasRegularizer, constraint: options.biasConstraint })
  }
}

/** Places of a batch of patches: the batch and the axes before the cells of the window. */
const placesOf = (p: Expr, { size }: WholeWindow): Shape => p.shape.slice(0, 1 + size.length)

/**
 * y[n, o, f] = Σₖ Σ꜀ x[n, o·s + k·d − before, c]·W[k, c, f], with o, k over places and cells, s strides, d dilation (cross-correlation, as
 * everywhere in this field): one product of all patches by the kernel […size, c, f] as a matrix.
 */
export const convolve = (x: Expr, kernel: Expr, window: WholeWindow): Expr => {
  const p = patches(x, window)
  if (isInvalid(p) || isInvalid(kernel)) return matmul(p, kernel)
  const [inputs, filters] = [sizeOf(kernel.shape.slice(0, -1)), axisSize(kernel.shape, -1)]
  const places = placesOf(p, window)
  return reshape(matmul(reshape(p, [sizeOf(places), inputs]), reshape(kernel, [inputs, filters])), [...places, filters])
}

/**
 * y[n, o, c·M + m] = Σₖ x[n, o·s + k·d − before, c]·W[k, c, m]: each channel by kernels of its own […size, c, M], a product a channel.
 */
export const convolveChannels = (x: Expr, kernel: Expr, window: WholeWindow): Expr => {
  const p = patches(x, window)
  if (isInvalid(p) || isInvalid(kernel)) return matmul(p, kernel)
  const [cells, [channels, multiplier], places] = [sizeOf(window.size), kernel.shape.slice(-2), placesOf(p, window)]
  const ofChannel = transpose(reshape(p, [sizeOf(places), cells, channels]), [2, 0, 1])
  const kernels = transpose(reshape(kernel, [cells, channels, multiplier]), [1, 0, 2])
  return reshape(transpose(matmul(ofChannel, kernels), [1, 0, 2]), [...places, channels * multiplier])
}

/**
 * y[n, o·s + k·d − before, f] = Σ_{o, k} Σ꜀ x[n, o, c]·W[k, f, c]: the transpose of `convolve` from images `spatial`, with its kernel
 * […size, f, c]. One product, whose patches are added up where they lie.
 */
export const convolveTransposed = (x: Expr, kernel: Expr, window: WholeWindow, spatial: Shape): Expr => {
  if (isInvalid(x) || isInvalid(kernel)) return matmul(x, kernel)
  const [outputs, channels] = [sizeOf(kernel.shape.slice(0, -1)), axisSize(kernel.shape, -1)]
  const places = x.shape.slice(0, -1)
  const pieces = matmul(reshape(x, [sizeOf(places), channels]), reshape(kernel, [outputs, channels]), { b: true })
  return foldPatches(reshape(pieces, [...places, ...kernel.shape.slice(0, -1)]), window, spatial)
}
