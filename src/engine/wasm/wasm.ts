/** The WebAssembly engine: programs compiled at run time to float32 SIMD. */
import { option as O } from 'fp-ts'
import { simplify } from '../../expr/simplify.js'
import type { Engine } from '../engine.js'
import { evaluator } from './evaluator.js'
import { platform } from './platform.js'
import { training } from './training.js'

/**
 * The WebAssembly engine, or none where the host lacks WebAssembly or its SIMD. Values are float32: they agree with the reference engine
 * to rounding, random draws bit for bit.
 * @example
 * ```ts
 * import { option as O } from 'fp-ts'
 * import { reference, wasm } from 'tikhonov/engine'
 * const engine = O.getOrElse(() => reference())(wasm())
 * engine.name // => 'wasm'
 * ```
 */
export const wasm = (): O.Option<Engine> =>
  O.map((host: NonNullable<ReturnType<typeof platform>>): Engine => ({
    name: 'wasm',
    compile: (program) => training(host, program),
    evaluate: (given) => evaluator(host, simplify(given))
  }))(O.fromNullable(platform()))
