/**
 * Regularised neural networks as pure functions over streams.
 *
 * A layer, a penalty, a dropout mask, a loss, an optimizer's update: each is a pure function from expressions to an expression; a model
 * is their composition, training a fold of batches. What every program needs stands here; what models are made of has entry points of
 * its own: `tikhonov/layers`, `tikhonov/regularizers`, `tikhonov/constraints`, `tikhonov/dropout`, `tikhonov/losses`, and so on.
 * @example
 * ```ts
 * import { sequential } from 'tikhonov'
 * import { dense, relu } from 'tikhonov/layers'
 * sequential([2], dense(500, { activation: relu }), dense(1))._tag // => 'Right'
 * ```
 */
export { andThen, predict, sequential, type Model, type ModelError } from './model/index.js'
export { fold, start, step, trainer, type Batch, type Report, type Trainer, type TrainState } from './training/index.js'
export { reference } from './engine/index.js'
export { rows, take, tensor, toNested, type Tensor } from './tensor/index.js'
