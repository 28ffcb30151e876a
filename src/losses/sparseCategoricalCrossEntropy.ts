/** Cross-entropy of a choice among classes, wanted as the number of one. */
import { reshape } from '../expr/reshape.js'
import { sameShape } from '../expr/shape.js'
import { rate } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { CrossEntropyOptions } from './binaryCrossEntropy.js'
import { classesProblem, crossEntropyOf, softmaxLink } from './categoricalCrossEntropy.js'
import type { Loss } from './loss.js'
import { unlessMisfit } from './lossOf.js'
import { oneHot } from './oneHot.js'

/**
 * `categoricalCrossEntropy` with labels: for each example −ln p[y], with y a whole number 0 … k − 1; smoothed, −Σ q·ln p with
 * q = 1 − s + s/k at y and s/k elsewhere. Links, clipping and options are the same.
 * Shapes: p [batch, …, k ≥ 2], y [batch, …] or [batch, …, 1]. Errors: s out of range, one class; a label that is no class is an issue of
 * its batch. Szegedy et al. 2016 (smoothing). Laws: `lossLaws`, `linkLaws`, `smoothingLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { sparseCategoricalCrossEntropy } from 'tikhonov/losses'
 * const [z, y] = [constant([5, 5, 900, -100], [2, 2]), constant([0, 1])]
 * evaluate(sparseCategoricalCrossEntropy({ fromLogits: true }).each(z, y)) // => [Math.LN2, 1000]
 * ```
 */
export const sparseCategoricalCrossEntropy = ({ fromLogits = false, labelSmoothing = 0 }: CrossEntropyOptions = {}): Loss => ({
  _tag: 'Loss',
  spec: spec('sparseCategoricalCrossEntropy', { fromLogits, labelSmoothing }),
  issues: rate('labelSmoothing', labelSmoothing),
  wanted: (shape) => ({ shape: shape.slice(0, -1), range: { min: 0, max: shape[shape.length - 1] - 1, open: 'none' }, whole: true }),
  each: (predicted, wanted) => {
    const labels = predicted.shape.slice(0, -1)
    const fits = sameShape(wanted.shape, labels) || sameShape(wanted.shape, [...labels, 1])
    const misfit = classesProblem(predicted, 'binaryCrossEntropy') ?? (fits ? undefined : 'wants one label for each prediction')
    return unlessMisfit('sparseCategoricalCrossEntropy', predicted, wanted, misfit, () =>
      crossEntropyOf(predicted, oneHot(reshape(wanted, labels), predicted.shape[predicted.shape.length - 1]), fromLogits, labelSmoothing))
  },
  ...(fromLogits ? { link: softmaxLink } : {})
})
