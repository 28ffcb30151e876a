/** RMSprop. */
import type { Scalar } from '../expr/node.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { momentum as velocity } from './momentum.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { scaleByRms } from './scaleByRms.js'

/** Options of `rmsprop` and `torchRmsprop`. */
export interface RmspropOptions {
  /** ρ, how much of the mean square stays at each step (PyTorch's alpha). */
  readonly rho?: Scalar
  readonly epsilon?: Scalar
  /** μ, how much of the velocity of scaled steps stays at each step; 0 unless told. */
  readonly momentum?: Scalar
}

/**
 * v ← ρ·v + (1 − ρ)·g²; w ← w − η·g/√(v + ε): Keras's RMSprop, whose ε is inside the root. With momentum u ← μ·u + η·g/√(v + ε);
 * w ← w − u.
 *
 * Defaults: η = .001, ρ = .9, ε = 1e-7, no momentum. Errors: η < 0, ρ or μ outside [0, 1), ε ≤ 0, or any not finite. Not centered.
 * Tieleman & Hinton 2012. Laws: `optimizerLaws`.
 * @example
 * ```ts
 * import { rmsprop } from 'tikhonov/optimizers'
 * rmsprop(0.01).spec.options // => { learningRate: 0.01, rho: 0.9, epsilon: 1e-7 }
 * ```
 */
export const rmsprop = (
  learningRate: LearningRate = 0.001, { rho = 0.9, epsilon = 1e-7, momentum }: RmspropOptions = {}
): Optimizer =>
  optimizer('rmsprop', learningRate, { rho, epsilon, momentum }, chain(
    scaleByRms({ rho, epsilon, form: 'keras' }), descend, ...(momentum === undefined || momentum === 0 ? [] : [velocity(momentum)])
  ))

/**
 * v ← ρ·v + (1 − ρ)·g²; w ← w − η·g/(√v + ε): PyTorch's RMSprop, whose ε is outside the root. With momentum u ← μ·u + g/(√v + ε);
 * w ← w − η·u.
 *
 * Defaults: η = .01, ρ = .99, ε = 1e-8, no momentum. Errors as in `rmsprop`. Laws: `optimizerLaws`, `scaleInvariantLaws` (ε → 0).
 * @example
 * ```ts
 * import { torchRmsprop } from 'tikhonov/optimizers'
 * torchRmsprop().spec.options // => { learningRate: 0.01, rho: 0.99, epsilon: 1e-8 }
 * ```
 */
export const torchRmsprop = (
  learningRate: LearningRate = 0.01, { rho = 0.99, epsilon = 1e-8, momentum }: RmspropOptions = {}
): Optimizer =>
  optimizer('torchRmsprop', learningRate, { rho, epsilon, momentum }, chain(
    scaleByRms({ rho, epsilon, form: 'torch' }), ...(momentum === undefined || momentum === 0 ? [] : [velocity(momentum)]), descend
  ))
