/** Batch normalisation. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { allAxes, keepAxes, sum } from '../expr/broadcast.js'
import { max, select } from '../expr/compare.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { axisSize, normalAxes, sizeOf, type Shape } from '../expr/shape.js'
import { sqrt } from '../expr/transcendental.js'
import { ones, zeros } from '../initializers/constant.js'
import type { Initializer } from '../initializers/initializer.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { affine, along, normalisedRule, type AffineOptions, type NormalisedRule } from '../layer/normalised.js'
import { fraction, issuesOf, positive } from '../part/checks.js'
import { spec } from '../part/spec.js'

/** Options of `batchNormalization`; names are Keras's. */
export interface BatchNormalizationOptions extends AffineOptions {
  /** The axis of the channels, counted with the batch as axis 0; the last unless told. */
  readonly axis?: number
  /** How much of the running statistics is kept at a step, 0 ≤ momentum ≤ 1 (PyTorch's momentum is 1 − this); .99 unless told. */
  readonly momentum?: Scalar
  /** Added to variances, above 0; 1e-3 unless told (PyTorch: 1e-5). */
  readonly epsilon?: number
  /** Whether the running variance takes n/(n − 1) of a batch's, as PyTorch's does; no unless told. */
  readonly unbiased?: boolean
  /** `zeros` unless told. */
  readonly movingMeanInitializer?: Initializer
  /** `ones` unless told. */
  readonly movingVarianceInitializer?: Initializer
}

/** What a batch says of each channel: mean, biased variance, and how many values they are of, padding left out. */
const statistics = (x: Expr, present: Expr, axes: readonly number[]) => {
  const rows = reshape(present, x.shape.map((d, a) => (a === 0 ? d : 1)))
  const count = mul(max(sum(present), 1), sizeOf(axes.filter((a) => a > 0).map((a) => x.shape[a])))
  const mean = div(sum(select(rows, x, 0), axes), count)
  const centred = select(rows, sub(x, keepAxes(mean, x.shape, axes)), 0)
  return { mean, variance: div(sum(mul(centred, centred), axes), count), count }
}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β for each channel. In training μ and σ² are the mean and the biased variance of the channel over the examples
 * of the batch (padding does not count) and every other axis, and the running statistics move: moving ← momentum·moving + (1 − momentum)·μ,
 * σ² likewise. In inference and in Monte-Carlo samples μ and σ² are the running statistics.
 *
 * [batch, …, channels] → the same shape; γ (`gamma`, a scale), β (`beta`, an offset), `movingMean` and `movingVariance` (layer state)
 * are [channels]. A channel without variance gives β. It is the one layer whose rows depend on each other: a batch of one example on a
 * flat input gives β whatever x is; prefer `layerNormalization` there. Padding is normalised too, and changes nothing.
 *
 * Dropout before batch normalisation shifts its variance between training and inference (Li, Chen, Hu & Yang 2018): put dropout after
 * the last batch normalisation. A bias right before it does nothing: `useBias: false`. Weight decay on γ and β is none unless asked for.
 *
 * Errors: an input of rank 0 or without the axis, momentum or epsilon out of range, and those of its parts. Ioffe & Szegedy 2015.
 * Laws: `batchNormalizationLaws`, `layerLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { run, training } from 'tikhonov/layer'
 * import { batchNormalization } from 'tikhonov/layers'
 * const padded = training(constant([1, 1, 0]))
 * const plain = batchNormalization({ center: false, scale: false, momentum: 0.5 })
 * const { y, state } = run([plain])({ path: '', mode: padded })(constant([1, 3, 99], [3, 1]))
 * const before = { 'batchNormalization/0/movingMean': [0], 'batchNormalization/0/movingVariance': [1] }
 * evaluate(y).slice(0, 2) // => [-0.9995, 0.9995]
 * evaluate(state['batchNormalization/0/movingMean'].next, before) // => [1]
 * ```
 */
export const batchNormalization = (options: BatchNormalizationOptions = {}): Layer<NormalisedRule<'batchNormalization'>> => {
  const { axis = -1, momentum = 0.99, epsilon = 1e-3, unbiased = false } = options
  const { movingMeanInitializer = zeros, movingVarianceInitializer = ones } = options
  const learned = affine([axis], options)
  const cell = ({ initial }: Initializer, shape: Shape) => ({ shape, initial: initial(shape) })
  const moved = (before: Expr, now: Expr): Expr => add(mul(momentum, before), mul(sub(1, momentum), now))
  return layer({
    spec: spec('batchNormalization', {
      axis, momentum, epsilon, unbiased, ...learned.options,
      movingMeanInitializer: movingMeanInitializer.spec, movingVarianceInitializer: movingVarianceInitializer.spec
    }),
    rule: normalisedRule('batchNormalization', [axis]),
    issues: [
      ...fraction('momentum', momentum), ...positive('epsilon', epsilon), ...learned.issues,
      ...issuesOf({ movingMeanInitializer, movingVarianceInitializer })
    ],
    narrowing: axis === -1 ? each() : undefined,
    parameters: learned.parameters,
    state: (x) => ({
      movingMean: cell(movingMeanInitializer, [axisSize(x, axis)]), movingVariance: cell(movingVarianceInitializer, [axisSize(x, axis)])
    }),
    apply: (weights, { mode, state }) => (x) => {
      if (isInvalid(x)) return { y: x, state }
      const normalised = (mean: Expr, variance: Expr): Expr => learned.of(
        div(sub(x, along(mean, x.shape, [axis])), sqrt(add(along(variance, x.shape, [axis]), epsilon))), weights)
      if (mode._tag !== 'Train') return { y: normalised(state.movingMean, state.movingVariance), state }
      const others = allAxes(x.shape).filter((a) => !normalAxes([axis], x.shape.length).includes(a))
      const { mean, variance, count } = statistics(x, mode.present, others)
      const spread = unbiased ? mul(variance, div(count, max(sub(count, 1), 1))) : variance
      return {
        y: normalised(mean, variance),
        state: { movingMean: moved(state.movingMean, mean), movingVariance: moved(state.movingVariance, spread) }
      }
    }
  })
}
