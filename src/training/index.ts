/** Training as a reducer. */
export { batchIssues, type BadBatch } from './batch.js'
export { fold, showTrainError, step, type TrainError } from './fold.js'
export { parametersOf, slotsOf, valuesOf, withValues } from './read.js'
export { start, trainer, type Trainer } from './trainer.js'
export type { Batch, NonFinite, Report, TrainState } from '../engine/engine.js'
export type { Parts } from './program.js'
