/** Adam. */
import type { Scalar } from '../expr/node.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { scaleByAdam } from './scaleByAdam.js'

/** Options of `adam` and `torchAdam`. */
export interface AdamOptions {
  /** How much of the mean of gradients stays at each step; .9 unless told. */
  readonly beta1?: Scalar
  /** How much of the mean square stays at each step; .999 unless told. */
  readonly beta2?: Scalar
  readonly epsilon?: Scalar
}

/**
 * m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε): Keras's Adam, whose ε is the "ε hat" of
 * the paper's section 2.
 *
 * Defaults: η = .001, β₁ = .9, β₂ = .999, ε = 1e-7. Errors: η < 0, β outside [0, 1), ε ≤ 0, or any not finite. Kingma & Ba 2015.
 * Laws: `optimizerLaws`; as ε → 0 `scaleInvariantLaws` and `firstStepLaws`.
 * @example
 * ```ts
 * import { adam } from 'tikhonov/optimizers'
 * adam().spec.options // => { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }
 * adam(0.01, { beta1: 1 }).transform.issues.map((i) => i.path) // => ['scaleByAdam/0/beta1']
 * ```
 */
export const adam = (
  learningRate: LearningRate = 0.001, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}
): Optimizer =>
  optimizer('adam', learningRate, { beta1, beta2, epsilon }, chain(scaleByAdam({ beta1, beta2, epsilon, form: 'keras' }), descend))

/**
 * The same moments, and w ← w − η·(m/(1 − β₁ᵗ))/(√(v/(1 − β₂ᵗ)) + ε): PyTorch's Adam, the paper's algorithm 1. In early steps its ε
 * weighs √(1 − β₂ᵗ) of what Keras's does.
 *
 * Defaults: η = .001, β₁ = .9, β₂ = .999, ε = 1e-8. Its weight_decay is `before(addDecay(λ, { where: everything }), torchAdam(η))`,
 * a penalty and no decoupled decay. Errors and laws as in `adam`.
 * @example
 * ```ts
 * import { torchAdam } from 'tikhonov/optimizers'
 * torchAdam().spec.options // => { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
 * ```
 */
export const torchAdam = (
  learningRate: LearningRate = 0.001, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}
): Optimizer =>
  optimizer('torchAdam', learningRate, { beta1, beta2, epsilon }, chain(scaleByAdam({ beta1, beta2, epsilon, form: 'torch' }), descend))
