/** Stochastic gradient descent. */
import type { Scalar } from '../expr/node.js'
import { issue, type Issue } from '../part/issue.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { momentum } from './momentum.js'
import { nesterov } from './nesterov.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import type { GradientTransform } from './transform.js'

/** Options of `sgd` and `torchSgd`. */
export interface SgdOptions {
  /** μ, how much of the velocity stays at each step; 0 unless told. */
  readonly momentum?: Scalar
  /** Whether momentum is Nesterov's; no unless told. It needs a momentum. */
  readonly nesterov?: boolean
}

const velocity = ({ momentum: decay = 0, nesterov: ahead = false }: SgdOptions): readonly GradientTransform[] =>
  ahead ? [nesterov(decay)] : decay === 0 ? [] : [momentum(decay)]

const needsMomentum = ({ momentum: decay = 0, nesterov: ahead = false }: SgdOptions): readonly Issue[] =>
  ahead && decay === 0 ? [issue('momentum', '0', 'a number, 0 < momentum < 1, for nesterov')] : []

const made = (kind: string, learningRate: LearningRate, options: SgdOptions, parts: readonly GradientTransform[]): Optimizer => {
  const plain = optimizer(kind, learningRate, { momentum: options.momentum, nesterov: options.nesterov }, chain(...parts))
  return { ...plain, issues: [...plain.issues, ...needsMomentum(options)] }
}

/**
 * w ← w − η·g. Robbins & Monro 1951. With momentum μ, in Keras's form, whose velocity holds the learning rate:
 * v ← μ·v − η·g; w ← w + v (Polyak 1964), or w ← w + μ·v − η·g with `nesterov` (Nesterov 1983).
 *
 * Defaults: η = .01, no momentum. Errors: η < 0 or not finite, μ outside [0, 1), `nesterov` without momentum. `torchSgd` differs in what
 * a change of η does to the velocity gathered before. Laws: `optimizerLaws`; with an l2 penalty, `penaltyDecayLaws`.
 * @example
 * ```ts
 * import { sgd } from 'tikhonov/optimizers'
 * sgd(0.01).spec // => { kind: 'sgd', options: { learningRate: 0.01 } }
 * sgd(0.05, { momentum: 0.9 }).spec.options // => { learningRate: 0.05, momentum: 0.9 }
 * ```
 */
export const sgd = (learningRate: LearningRate = 0.01, options: SgdOptions = {}): Optimizer =>
  made('sgd', learningRate, options, [descend, ...velocity(options)])

/**
 * PyTorch's SGD: w ← w − η·g, and with momentum v ← μ·v + g; w ← w − η·v, or w ← w − η·(g + μ·v) with `nesterov`.
 *
 * Defaults: η = .001, no momentum, no dampening. Its weight_decay is `before(addDecay(λ, { where: everything }), torchSgd(η))`.
 * Errors as in `sgd`, from which it differs once η changes. Laws: `optimizerLaws`.
 * @example
 * ```ts
 * import { torchSgd } from 'tikhonov/optimizers'
 * torchSgd(0.1, { nesterov: true }).issues.map((i) => i.path) // => ['momentum']
 * ```
 */
export const torchSgd = (learningRate: LearningRate = 0.001, options: SgdOptions = {}): Optimizer =>
  made('torchSgd', learningRate, options, [...velocity(options), descend])
