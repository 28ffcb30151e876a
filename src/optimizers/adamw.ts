/** AdamW: Adam with decoupled weight decay. */
import type { Scalar } from '../expr/node.js'
import type { AdamOptions } from './adam.js'
import { addDecay, decaying, type DecayOptions } from './addDecay.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { scaleByAdam } from './scaleByAdam.js'

/** Options of `adamw` and `torchAdamW`. */
export interface AdamwOptions extends AdamOptions, DecayOptions {
  /** λ: each step takes w to (1 − ηλ)·w, whatever else moves it. */
  readonly weightDecay?: Scalar
}

/**
 * Adam in Keras's form, and w ← (1 − ηλ)·w for kernels (all parameters with `where: everything`, as Keras and PyTorch have it).
 * The decay is no part of the gradient: it is ∏(1 − ηλ) whatever the gradients' scale.
 *
 * Defaults: η = .001, λ = .004, β₁ = .9, β₂ = .999, ε = 1e-7. Errors: those of `adam`, λ < 0 or not finite, those of `where`.
 * Loshchilov & Hutter 2019. Laws: `decayLaws`, `optimizerLaws`.
 * @example
 * ```ts
 * import { adamw, everything } from 'tikhonov/optimizers'
 * adamw(0.001, { weightDecay: -1 }).transform.issues.map((i) => i.path) // => ['addDecay/0/lambda']
 * adamw(0.001, { where: everything }).spec.options.where // => { kind: 'everything', options: {} }
 * ```
 */
export const adamw = (
  learningRate: LearningRate = 0.001,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0.004, where = decaying }: AdamwOptions = {}
): Optimizer =>
  optimizer('adamw', learningRate, { beta1, beta2, epsilon, weightDecay, where: where.spec }, chain(
    scaleByAdam({ beta1, beta2, epsilon, form: 'keras' }), addDecay(weightDecay, { where }), descend
  ))

/**
 * Adam in PyTorch's form, and w ← (1 − ηλ)·w for kernels; PyTorch's own decays `everything`.
 *
 * Defaults: η = .001, λ = .01, β₁ = .9, β₂ = .999, ε = 1e-8. Errors, paper and laws as in `adamw`.
 * @example
 * ```ts
 * import { torchAdamW } from 'tikhonov/optimizers'
 * torchAdamW().spec.options.weightDecay // => 0.01
 * ```
 */
export const torchAdamW = (
  learningRate: LearningRate = 0.001,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01, where = decaying }: AdamwOptions = {}
): Optimizer =>
  optimizer('torchAdamW', learningRate, { beta1, beta2, epsilon, weightDecay, where: where.spec }, chain(
    scaleByAdam({ beta1, beta2, epsilon, form: 'torch' }), addDecay(weightDecay, { where }), descend
  ))
