/** Training as a reducer. */
export { batchIssues, type BadBatch } from './batch.js'
export { balanced, classWeights, type ClassWeights } from './classWeights.js'
export { earlyStopping, unwatched, type EarlyStopping, type EarlyStoppingOptions, type Judged, type Watch } from './earlyStopping.js'
export {
  crossValidation, foldsOf, validationCurve, type CrossValidationOptions, type Validated, type ValidationCurve
} from './crossValidation.js'
export { evaluate, type Evaluation } from './evaluate.js'
export { batches, type Batches, type BatchesOptions, type Examples } from './batches.js'
export { fisherDiagonal } from './fisher.js'
export { fold, showTrainError, step, type TrainError } from './fold.js'
export { lambdaMax } from './lambdaMax.js'
export { regularizationPath, type Fit, type PathOptions } from './path.js'
export { parametersOf, slotsOf, valuesOf, withValues } from './read.js'
export { predictions } from './predictions.js'
export { predictionSamples } from './predictionSamples.js'
export { start, trainer, type Trainer } from './trainer.js'
export type { Batch, NonFinite, OutOfMemory, Report, TrainState } from '../engine/engine.js'
export type { Parts } from './program.js'
