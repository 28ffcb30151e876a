/** Cross-entropy of a choice among classes, wanted as a distribution over them. */
import { add, div, mul, neg, sub } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { max } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { isLogSoftmax, logSoftmax } from '../expr/softmax.js'
import { exp, log } from '../expr/transcendental.js'
import { rate } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { CrossEntropyOptions } from './binaryCrossEntropy.js'
import { clipped, logOf } from './link.js'
import type { Loss } from './loss.js'
import { differing, meanOfOutputs, unlessMisfit } from './lossOf.js'

/** eᶻ/Σ eᶻ along the last axis, as `softmax` of the layers. */
export const softmaxLink = (z: Expr): Expr => exp(logSoftmax(z))

/** Below any sum of probabilities, so that a row of zeros is a wrong prediction, not 0/0. */
const least = 1e-30

/** ln(p/Σp) along the last axis: from the logits where p is an exponential or a sigmoid, else of p/Σp clipped. */
const logNormalised = (p: Expr): Expr => {
  const known = logOf(p)
  if (known !== undefined) return isLogSoftmax(known) ? known : logSoftmax(known)
  const last = [p.shape.length - 1]
  return log(clipped(div(p, max(keepAxes(sum(p, last), p.shape, last), least))))
}

/** −Σ q·ln p along the last axis, then the mean over what is left of each example, with q·(1 − s) + s/k for q. */
export const crossEntropyOf = (output: Expr, wanted: Expr, fromLogits: boolean, smoothing: Scalar): Expr => {
  const last = output.shape.length - 1
  const q = smoothing === 0 ? wanted : add(mul(wanted, sub(1, smoothing)), div(smoothing, output.shape[last]))
  return meanOfOutputs(neg(sum(mul(q, fromLogits ? logSoftmax(output) : logNormalised(output)), [last])))
}

/** Why there is nothing to choose from in these predictions, if so. */
export const classesProblem = (predicted: Expr, forOne: string): string | undefined =>
  predicted.shape.length >= 2 && predicted.shape[predicted.shape.length - 1] >= 2 ? undefined
    : `wants 2 or more classes along the last axis; for one output there is ${forOne}`

/**
 * For each example, −Σ q·ln p over its classes (the last axis), with q the wanted distribution: one-hot, or soft.
 *
 * Where p is a softmax the loss is computed from its logits, exact and finite at any of them; a model that ends in logits says so by
 * `fromLogits` and has the same loss. Any other p is divided by its sum and clipped to [10⁻⁷, 1 − 10⁻⁷], as Keras does. With label
 * smoothing s, q becomes q·(1 − s) + s/k. Axes between the batch and the classes (time) are averaged over.
 * Shapes: [batch, …, k ≥ 2] both, q in [0, 1]. Errors: s out of range, one class. Szegedy et al. 2016 (smoothing).
 * Laws: `lossLaws`, `linkLaws`, `smoothingLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { softmax } from 'tikhonov/layers'
 * import { categoricalCrossEntropy } from 'tikhonov/losses'
 * const [z, q] = [constant([5, 5, 900, -100], [2, 2]), constant([1, 0, 0, 1], [2, 2])]
 * evaluate(categoricalCrossEntropy().each(softmax.of(z), q)) // => [Math.LN2, 1000]
 * evaluate(categoricalCrossEntropy({ fromLogits: true }).each(z, q)) // => [Math.LN2, 1000]
 * ```
 */
export const categoricalCrossEntropy = ({ fromLogits = false, labelSmoothing = 0 }: CrossEntropyOptions = {}): Loss => ({
  _tag: 'Loss',
  spec: spec('categoricalCrossEntropy', { fromLogits, labelSmoothing }),
  issues: rate('labelSmoothing', labelSmoothing),
  wanted: (shape) => ({ shape, range: { min: 0, max: 1, open: 'none' } }),
  each: (predicted, wanted) => {
    const misfit = classesProblem(predicted, 'binaryCrossEntropy') ?? differing(predicted, wanted)
    return unlessMisfit('categoricalCrossEntropy', predicted, wanted, misfit, () =>
      crossEntropyOf(predicted, wanted, fromLogits, labelSmoothing))
  },
  ...(fromLogits ? { link: softmaxLink } : {})
})
