/** Models with many features of which an example has few. */
export { csr, csrRows, toDense, type Csr } from './csr.js'
export { sparseBatches, type SparseBatch, type SparseExamples } from './batch.js'
export { foldSparse } from './fold.js'
export { predictionsSparse, predictSparse } from './predictions.js'
export { sparseTrainer, type SparseTrainer } from './trainer.js'
