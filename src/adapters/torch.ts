/** The conventions of PyTorch under their own names. */
import type { Scalar } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import type { NormalisedRule } from '../layer/normalised.js'
import { batchNormalization, type BatchNormalizationOptions } from '../layers/batchNormalization.js'
import { layerNormalization, type LayerNormalizationOptions } from '../layers/layerNormalization.js'
import { torchAdagrad } from '../optimizers/adagrad.js'
import { torchAdam } from '../optimizers/adam.js'
import { torchAdamW, type AdamwOptions } from '../optimizers/adamw.js'
import { addDecay } from '../optimizers/addDecay.js'
import { before } from '../optimizers/around.js'
import type { LearningRate, Optimizer } from '../optimizers/optimizer.js'
import { torchRmsprop } from '../optimizers/rmsprop.js'
import { torchSgd } from '../optimizers/sgd.js'
import { everything } from '../optimizers/where.js'

/**
 * What PyTorch calls by these names, to the letter of its formulas:
 * - sgd, whose velocity does not hold the learning rate, rmsprop, adagrad and adam with ε where PyTorch has it;
 * - weightDecay(λ, optimizer): λ·w is added to the gradient of all parameters, biases too: half the pull of l2(λ), that of `ridge(λ)`;
 * - adamW, whose decay hits all parameters as well;
 * - batchNorm: momentum m is how much of the new statistics comes in (.1 unless told), the running variance is the unbiased one, ε = 1e-5;
 *   layerNorm with ε = 1e-5.
 *
 * PyTorch has no penalties and constraints of its own. `differences` tells what of a model is not as in PyTorch.
 * @example
 * ```ts
 * import { torch } from 'tikhonov/adapters'
 * const { momentum, unbiased, epsilon } = torch.batchNorm().spec.options
 * ;[momentum, unbiased, epsilon] // => [0.9, true, 0.00001]
 * torch.weightDecay(0.01, torch.sgd(0.1)).spec.kind // => 'before'
 * ```
 */
export const torch = {
  sgd: torchSgd, rmsprop: torchRmsprop, adagrad: torchAdagrad, adam: torchAdam,
  adamW: (learningRate?: LearningRate, options: AdamwOptions = {}): Optimizer =>
    torchAdamW(learningRate, { where: everything, ...options }),
  weightDecay: (lambda: Scalar, optimizer: Optimizer): Optimizer => before(addDecay(lambda, { where: everything }), optimizer),
  batchNorm: (
    { momentum = 0.1, ...options }: Omit<BatchNormalizationOptions, 'momentum'> & { readonly momentum?: number } = {}
  ): Layer<NormalisedRule<'batchNormalization'>> =>
    batchNormalization({ epsilon: 1e-5, unbiased: true, ...options, momentum: 1 - momentum }),
  layerNorm: (options: LayerNormalizationOptions = {}): Layer<NormalisedRule<'layerNormalization'>> =>
    layerNormalization({ epsilon: 1e-5, ...options })
} as const
