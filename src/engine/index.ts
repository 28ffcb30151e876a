/** Engines: how programs are computed. */
export { defaultEngine } from './default.js'
export { reference } from './reference/reference.js'
export type { Precision } from '../expr/evaluate.js'
export { closeThreads } from './wasm/team.js'
export { wasm, type WasmEngine, type WasmOptions } from './wasm/wasm.js'
export type {
  Batch, Culprit, Engine, Evaluator, Executable, Folded, Holds, NonFinite, OutOfMemory, Place, Program, Report, Reported, TrainState
} from './engine.js'
