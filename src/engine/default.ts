/** The engine that is used where none is asked for. */
import { option as O } from 'fp-ts'
import type { Engine } from './engine.js'
import { reference } from './reference/reference.js'
import { say } from './say.js'
import { wasm } from './wasm/wasm.js'

let known: Engine | undefined

const fallenBack = (): Engine => {
  say('this host has no WebAssembly with SIMD; the reference engine computes instead, in float64 and much slower.')
  return reference()
}

/**
 * The engine of `trainer`, `predict` and `evaluate` unless they are told another: `wasm()`; where the host lacks it, `reference()`, which
 * is said once on the console.
 * @example
 * ```ts
 * import { defaultEngine } from 'tikhonov/engine'
 * defaultEngine().name // => 'wasm'
 * ```
 */
export const defaultEngine = (): Engine => {
  known ??= O.getOrElse(fallenBack)(wasm())
  return known
}
