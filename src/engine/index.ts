/** Engines: how programs are computed. */
export { reference } from './reference/reference.js'
export { wasm } from './wasm/wasm.js'
export type {
  Batch, Culprit, Engine, Evaluator, Executable, Folded, Holds, NonFinite, Place, Program, Report, Reported, TrainState
} from './engine.js'
