/** Cross-entropy of decisions between two classes. */
import { add, mul, neg, sub } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { sigmoid } from '../expr/transcendental.js'
import { rate } from '../part/checks.js'
import { logs } from './link.js'
import type { Loss } from './loss.js'
import { lossOf } from './lossOf.js'

/** Options of the cross-entropies; names are Keras's. */
export interface CrossEntropyOptions {
  /** Whether the model ends in logits; no unless told. `predictions` and metrics then see probabilities all the same. */
  readonly fromLogits?: boolean
  /** 0 ≤ s < 1, the part of each label that is spread evenly over the classes; 0 unless told. */
  readonly labelSmoothing?: Scalar
}

/**
 * For each example, the mean over its outputs of −(y·ln p + (1 − y)·ln(1 − p)), with y in [0, 1]: 0 or 1, or a probability.
 *
 * Where p is a sigmoid the loss is computed from its logit z as y·softplus(−z) + (1 − y)·softplus(z), exact and finite at any z; a model
 * that ends in logits says so by `fromLogits` and has the same loss. Any other p is clipped to [10⁻⁷, 1 − 10⁻⁷], as Keras does, and has
 * derivative 0 where that moved it. With label smoothing s, y becomes y·(1 − s) + s/2.
 * Shapes [batch, …] both; several outputs are several independent decisions. Errors: s out of range. Szegedy et al. 2016 (smoothing).
 * Laws: `lossLaws`, `linkLaws`, `smoothingLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, sigmoid } from 'tikhonov/expr'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * const [z, y] = [constant([0, 100], [2, 1]), constant([1, 0], [2, 1])]
 * evaluate(binaryCrossEntropy().each(sigmoid(z), y)) // => [Math.LN2, 100]
 * evaluate(binaryCrossEntropy({ fromLogits: true }).each(z, y)) // => [Math.LN2, 100]
 * evaluate(binaryCrossEntropy().each(constant([0.5, 1], [2, 1]), y)) // => [Math.LN2, -Math.log(1 - (1 - 1e-7))]
 * ```
 */
export const binaryCrossEntropy = ({ fromLogits = false, labelSmoothing = 0 }: CrossEntropyOptions = {}): Loss =>
  lossOf('binaryCrossEntropy', (output, wanted) => {
    const y = labelSmoothing === 0 ? wanted : add(mul(wanted, sub(1, labelSmoothing)), mul(0.5, labelSmoothing))
    const [logYes, logNo] = logs(fromLogits ? sigmoid(output) : output)
    return neg(add(mul(y, logYes), mul(sub(1, y), logNo)))
  }, {
    options: { fromLogits, labelSmoothing },
    issues: rate('labelSmoothing', labelSmoothing),
    range: { min: 0, max: 1, open: 'none' },
    ...(fromLogits ? { link: sigmoid } : {})
  })
