/**
 * Regularised neural networks as pure functions over streams.
 *
 * A layer, a penalty, a dropout mask, a loss, an optimizer's update: each is a pure function from expressions to an expression; a model
 * is their composition, training a fold of batches. What every program needs stands here; what models are made of has entry points of
 * its own: `tikhonov/layers`, `tikhonov/regularizers`, `tikhonov/constraints`, `tikhonov/dropout`, `tikhonov/losses`, and so on.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { batches, fold, predict, sequential, start, tensor, trainer, valuesOf } from 'tikhonov'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sgd } from 'tikhonov/optimizers'
 * const line = { x: tensor([[0], [1], [2]]), y: tensor([[1], [3], [5]]) }
 * F.pipe(
 *   E.Do,
 *   E.bindW('model', () => sequential([1], dense(1))),
 *   E.bindW('t', ({ model }) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.bindW('data', () => batches(line, { size: 3, epochs: 300 })),
 *   E.bindW('learned', ({ t, data }) => fold(t)(start(t), data)),
 *   E.chainW(({ model, t, learned }) => predict(model, valuesOf(t, learned.state))(tensor([[10]]))),
 *   E.map((y) => Math.round(y.data[0]))
 * ) // => E.right(21)
 * ```
 */
export { reference, wasm, type Engine } from './engine/index.js'
export { showIssue, type Issue } from './layer/index.js'
export { andThen, predict, predictSamples, sequential, showSummary, summary, type Model, type ModelError } from './model/index.js'
export { tensor, toNested, type Tensor } from './tensor/index.js'
export {
  batches, evaluate, fold, showTrainError, start, step, trainer, valuesOf, type Batch, type Report, type Trainer, type TrainError,
  type TrainState
} from './training/index.js'
// What the types of these exports name, so that a user can name them from here.
export type { Folded } from './engine/engine.js'
export type { WasmEngine, WasmOptions } from './engine/wasm/wasm.js'
export type { Precision } from './expr/evaluate.js'
export type { Shape } from './expr/shape.js'
export type { Metric } from './metrics/metric.js'
export type { Summary } from './model/summary.js'
export type { Nested } from './tensor/tensor.js'
export type { Batches, BatchesOptions, Examples } from './training/batches.js'
export type { Evaluation } from './training/evaluate.js'
export type { Parts } from './training/program.js'
