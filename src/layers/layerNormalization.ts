/** Layer normalisation. */
import { isInvalid } from '../expr/node.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { affine, normalisedRule, standardised, type AffineOptions, type NormalisedRule } from '../layer/normalised.js'
import { positive } from '../part/checks.js'
import { spec } from '../part/spec.js'

/** Options of `layerNormalization`; names are Keras's. */
export interface LayerNormalizationOptions extends AffineOptions {
  /** The axes that are normalised together, counted with the batch as axis 0; the last unless told. */
  readonly axis?: number | readonly number[]
  /** Added to variances, above 0; 1e-3 unless told (PyTorch: 1e-5). */
  readonly epsilon?: number
}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β, where μ and σ² are the mean and the biased variance over the axes, in each example on its own: training and
 * inference are the same, and the batch does not matter.
 *
 * The shape is kept; γ (`gamma`, a scale) and β (`beta`, an offset) have the sizes of the axes. Where nothing varies the result is β.
 * Errors: an input of rank 0 or without the axes, an epsilon that is not above 0, and those of its parts. Ba, Kiros & Hinton 2016.
 * Laws: `layerNormalizationLaws`, `rowLaws`, `gradientLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { layerNormalization } from 'tikhonov/layers'
 * const plain = layerNormalization({ center: false, scale: false })
 * evaluate(run([plain])({ path: '', mode: infer })(constant([1, 3, 5, 5], [2, 2])).y) // => [-0.9995, 0.9995, 0, 0]
 * ```
 */
export const layerNormalization = (options: LayerNormalizationOptions = {}): Layer<NormalisedRule<'layerNormalization'>> => {
  const { axis = -1, epsilon = 1e-3 } = options
  const axes = typeof axis === 'number' ? [axis] : axis
  const learned = affine(axes, options)
  return layer({
    spec: spec('layerNormalization', { axis, epsilon, ...learned.options }),
    rule: normalisedRule('layerNormalization', axes),
    issues: [...positive('epsilon', epsilon), ...learned.issues],
    parameters: learned.parameters,
    apply: (weights) => (x) => (isInvalid(x) ? x : learned.of(standardised(x, axes, epsilon), weights))
  })
}
