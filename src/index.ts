/**
 * Regularised neural networks as pure functions over streams.
 *
 * A layer, a penalty, a dropout mask, a loss, an optimizer's update: each is a pure function from expressions to an expression; a model
 * is their composition, training a fold of batches. What a program needs to be run stands here by name; what models are made of is here
 * as namespaces (`layers.dense`, `regularizers.l2`), each of which is an entry point of its own too (`tikhonov/layers`).
 * @example
 * ```ts
 * import { layers, sequential } from 'tikhonov'
 * sequential([2], layers.dense(500, { activation: layers.relu }), layers.dense(1))._tag // => 'Right'
 * ```
 */
export { andThen, predict, sequential, type Model, type ModelError } from './model/index.js'
export { fold, start, step, trainer, type Batch, type Report, type Trainer, type TrainState } from './training/index.js'
export { reference } from './engine/index.js'
export { rows, take, tensor, toNested, type Tensor } from './tensor/index.js'

export * as constraints from './constraints/index.js'
export * as dropout from './dropout/index.js'
export * as engine from './engine/index.js'
export * as expr from './expr/index.js'
export * as initializers from './initializers/index.js'
export * as layer from './layer/index.js'
export * as layers from './layers/index.js'
export * as losses from './losses/index.js'
export * as metrics from './metrics/index.js'
export * as model from './model/index.js'
export * as optimizers from './optimizers/index.js'
export * as random from './random/index.js'
export * as regularizers from './regularizers/index.js'
export * as training from './training/index.js'
