/** Models with many features of which an example has few. */
export { csr, csrRows, toDense, type Csr } from './csr.js'
export { sparseBatches, type SparseBatch, type SparseExamples } from './batch.js'
export { foldSparse } from './fold.js'
export { predictionsSparse, predictSparse } from './predictions.js'
export { sparseTrainer, type SparseTrainer } from './trainer.js'
// What the types of these exports name, so that a user can name them from here.
export type { Engine, Folded, TrainState } from '../engine/engine.js'
export type { Shape } from '../expr/shape.js'
export type { Model } from '../model/model.js'
export type { Issue } from '../part/issue.js'
export type { Tensor } from '../tensor/tensor.js'
export type { TrainError } from '../training/fold.js'
export type { Parts } from '../training/program.js'
