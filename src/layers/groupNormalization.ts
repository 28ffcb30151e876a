/** Group normalisation. */
import { allAxes } from '../expr/broadcast.js'
import { isInvalid } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { axisSize } from '../expr/shape.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { affine, normalisedRule, standardised, type AffineOptions, type NormalisedRule } from '../layer/normalised.js'
import { misfit } from '../layer/rule.js'
import { count, positive } from '../part/checks.js'
import { spec } from '../part/spec.js'

/** Options of `groupNormalization`; names are Keras's. */
export interface GroupNormalizationOptions extends AffineOptions {
  /** How many groups the channels fall into, each of the same number of neighbours; 32 unless told. */
  readonly groups?: number
  /** The axis of the channels, counted with the batch as axis 0; the last unless told. */
  readonly axis?: number
  /** Added to variances, above 0; 1e-3 unless told (PyTorch: 1e-5). */
  readonly epsilon?: number
}

/** The rule: there is the axis, and groups divide it. */
const grouped = (groups: number, axis: number): NormalisedRule<'groupNormalization'> => {
  const { check } = normalisedRule('groupNormalization', [axis])
  return {
    check: (example) => check(example) ?? (Number.isInteger(axisSize([0, ...example], axis) / groups) ? undefined
      : misfit(`groupNormalization into ${groups} groups needs channels that ${groups} divides`, example))
  }
}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β, where μ and σ² are the mean and the biased variance of a group of channels over all other axes, in each
 * example on its own: training and inference are the same, and the batch does not matter.
 *
 * [batch, …, channels] → the same shape; γ (`gamma`, a scale) and β (`beta`, an offset) are [channels]. One group normalises an example
 * as a whole; as many groups as channels are instance normalisation (Ulyanov, Vedaldi & Lempitsky 2016). Where nothing varies the result
 * is β. Errors: groups that do not divide the channels, an input of rank 0 or without the axis, an epsilon that is not above 0, and those
 * of its parts. Wu & He 2018. Laws: `layerNormalizationLaws`, `rowLaws`, `gradientLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { groupNormalization } from 'tikhonov/layers'
 * const plain = groupNormalization({ groups: 2, center: false, scale: false })
 * evaluate(run([plain])({ path: '', mode: infer })(constant([1, 3, 7, 7], [1, 4])).y) // => [-0.9995, 0.9995, 0, 0]
 * plain.rule.check([8, 8, 3])
 * // => 'groupNormalization into 2 groups needs channels that 2 divides, found [8, 8, 3]'
 * ```
 */
export const groupNormalization = (options: GroupNormalizationOptions = {}): Layer<NormalisedRule<'groupNormalization'>> => {
  const { groups = 32, axis = -1, epsilon = 1e-3 } = options
  const learned = affine([axis], options)
  return layer({
    spec: spec('groupNormalization', { groups, axis, epsilon, ...learned.options }),
    rule: grouped(groups, axis),
    issues: [...count('groups', groups), ...positive('epsilon', epsilon), ...learned.issues],
    parameters: learned.parameters,
    apply: (weights) => (x) => {
      if (isInvalid(x)) return x
      const at = axis < 0 ? axis + x.shape.length : axis
      const split = [...x.shape.slice(0, at), groups, axisSize(x.shape, at) / groups, ...x.shape.slice(at + 1)]
      const others = allAxes(split).filter((a) => a !== 0 && a !== at)
      return learned.of(reshape(standardised(reshape(x, split), others, epsilon), x.shape), weights)
    }
  })
}
