/** The WebAssembly engine: programs compiled at run time to float32 SIMD. */
import { either as E, function as F, option as O } from 'fp-ts'
import { simplify } from '../../expr/simplify.js'
import type { Engine, Executable } from '../engine.js'
import { reference } from '../reference/reference.js'
import { say } from '../say.js'
import { assembler } from './assemble.js'
import { compiler } from './compile.js'
import { evaluator } from './evaluator.js'
import { platform } from './platform.js'
import { coresOf } from './threads.js'
import { training } from './training.js'

/** Options of `wasm`. */
export interface WasmOptions {
  /**
   * How many threads may share work that is heavy enough; `'auto'` unless told: as many as the machine runs at once, at most 4. One where
   * the host has no threads that share memory (a page that is not cross-origin isolated), which is said once on the console. Results do
   * not depend on it.
   */
  readonly threads?: number | 'auto'
  /**
   * Whether to multiply and add in one rounding where the host has relaxed SIMD: faster, and more exact, but the last bits of results then
   * depend on the hardware; no unless told. Where the host lacks it, nothing changes; `relaxed` of the engine tells.
   */
  readonly relaxed?: boolean
}

/** The WebAssembly engine, with what it was given of what it was asked for. */
export interface WasmEngine extends Engine {
  readonly threads: number
  readonly relaxed: boolean
}

const mostThreads = 4

let said = false

/** Fewer threads than were wanted. */
const alone = (): void => {
  if (said) return
  said = true
  say('no threads share memory here (in a page they do where it is cross-origin isolated): one computes, the same numbers.')
}

/**
 * The WebAssembly engine, or none where the host lacks WebAssembly or its SIMD. Values are float32: they agree with the reference engine
 * to rounding, random draws bit for bit. Code is kept for the newest structures: a program like an earlier one is not compiled again.
 * A model for which there is too little memory ends training with `OutOfMemory`; predictions are then computed by the reference engine.
 * Errors: threads not a whole number ≥ 1 (a RangeError). Laws: `engineLaws`.
 * @example
 * ```ts
 * import { option as O } from 'fp-ts'
 * import { reference, wasm } from 'tikhonov/engine'
 * const engine = O.getOrElseW(() => reference())(wasm({ threads: 1 }))
 * engine.name // => 'wasm'
 * ```
 */
export const wasm = ({ threads = 'auto', relaxed = false }: WasmOptions = {}): O.Option<WasmEngine> => {
  if (threads !== 'auto' && !(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`threads: found ${threads}, allowed: a whole number ≥ 1, or 'auto'`)
  }
  return F.pipe(
    O.fromNullable(platform()),
    O.map((host): WasmEngine => {
      const wanted = threads === 'auto' ? Math.min(host.threads?.cores ?? coresOf(), mostThreads) : threads
      const found = { threads: host.threads === undefined ? 1 : wanted, relaxed: relaxed && host.relaxed }
      if (found.threads < wanted) alone()
      const code = compiler({ host, write: assembler(found), threads: found.threads })
      return {
        name: 'wasm',
        precision: 'float32',
        ...found,
        compile: (program) => F.pipe(training(code, program), E.getOrElse(({ bytes }): Executable => ({
          fold: (state) => E.left({ _tag: 'OutOfMemory', state, bytes })
        }))),
        evaluate: (given) => F.pipe(evaluator(code, simplify(given)), E.getOrElse(() => reference('float32').evaluate(given)))
      }
    })
  )
}
