/** Adagrad. */
import type { Scalar } from '../expr/node.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { scaleByAdagrad } from './scaleByAdagrad.js'

/** Options of `adagrad` and `torchAdagrad`. */
export interface AdagradOptions {
  /** What the sums of squares begin with, ≥ 0. */
  readonly initialAccumulator?: number
  readonly epsilon?: Scalar
}

/**
 * s ← s + g²; w ← w − η·g/√(s + ε): Keras's Adagrad, whose ε is inside the root and whose sums begin at .1.
 *
 * Defaults: η = .001 (the paper's form is 1), s = .1 at first, ε = 1e-7. Errors: η < 0, initialAccumulator < 0, ε ≤ 0, or any not
 * finite. Duchi, Hazan & Singer 2011. Laws: `optimizerLaws`.
 * @example
 * ```ts
 * import { adagrad } from 'tikhonov/optimizers'
 * adagrad(0.1).spec.options // => { learningRate: 0.1, initialAccumulator: 0.1, epsilon: 1e-7 }
 * ```
 */
export const adagrad = (
  learningRate: LearningRate = 0.001, { initialAccumulator = 0.1, epsilon = 1e-7 }: AdagradOptions = {}
): Optimizer =>
  optimizer('adagrad', learningRate, { initialAccumulator, epsilon }, chain(
    scaleByAdagrad({ initialAccumulator, epsilon, form: 'keras' }), descend
  ))

/**
 * s ← s + g²; w ← w − η·g/(√s + ε): PyTorch's Adagrad, whose ε is outside the root and whose sums begin at 0. Its lr_decay is the
 * schedule `inverseTime(η, { decaySteps: 1, decayRate: lr_decay })`.
 *
 * Defaults: η = .01, s = 0 at first, ε = 1e-10. Errors as in `adagrad`. Laws: `optimizerLaws`, `scaleInvariantLaws` and
 * `firstStepLaws` (ε → 0).
 * @example
 * ```ts
 * import { torchAdagrad } from 'tikhonov/optimizers'
 * torchAdagrad().spec.options // => { learningRate: 0.01, initialAccumulator: 0, epsilon: 1e-10 }
 * ```
 */
export const torchAdagrad = (
  learningRate: LearningRate = 0.01, { initialAccumulator = 0, epsilon = 1e-10 }: AdagradOptions = {}
): Optimizer =>
  optimizer('torchAdagrad', learningRate, { initialAccumulator, epsilon }, chain(
    scaleByAdagrad({ initialAccumulator, epsilon, form: 'torch' }), descend
  ))
