/** The WebAssembly engine: programs compiled at run time to float32 SIMD. */
import { option as O } from 'fp-ts'
import { simplify } from '../../expr/simplify.js'
import type { Engine } from '../engine.js'
import { assembler } from './assemble.js'
import { evaluator } from './evaluator.js'
import type { Settings } from './instance.js'
import { platform } from './platform.js'
import { training } from './training.js'

/** Options of `wasm`. */
export interface WasmOptions {
  /** How many threads may share heavy work; as many as the machine has, at most 4, unless told. */
  readonly threads?: number
}

export const wasm = ({ threads = 1 }: WasmOptions = {}): O.Option<Engine> =>
  O.map((host: NonNullable<ReturnType<typeof platform>>): Engine => {
    const settings: Settings = { host, write: assembler({ relaxed: false }), threads }
    return {
      name: 'wasm',
      compile: (program) => training(settings, program),
      evaluate: (given) => evaluator(settings, simplify(given))
    }
  })(O.fromNullable(platform()))
