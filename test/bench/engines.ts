/** The engine that a run asks for, and what of the request it can do: a benchmark says what ran, not what was asked. */
import { option as O } from 'fp-ts'
import { reference, wasm, type Engine } from 'tikhonov/engine'

export type EngineName = 'wasm' | 'reference'

/** What the command line asks for. */
export interface Asked {
  readonly engine: EngineName
  readonly threads: number | 'auto'
  readonly relaxed: boolean
}

/** What runs. `notes` are the requests that were not carried out. */
export interface Running {
  readonly engine: Engine
  readonly threads: number
  readonly relaxed: boolean
  readonly notes: readonly string[]
}

/** The engine by its name as it is by default: one thread, plain SIMD. What the GEMM rate of every run is measured on. */
export const plain = (name: EngineName): Engine => {
  if (name === 'reference') return reference()
  const found = wasm()
  if (O.isNone(found)) throw new Error('This host has no WebAssembly with SIMD: only --engine reference runs here.')
  return found.value
}

/** The engine asked for. So far every engine has one thread and plain SIMD. */
export const running = ({ engine, threads, relaxed }: Asked): Running => ({
  engine: plain(engine),
  threads: 1,
  relaxed: false,
  notes: [
    ...(threads === 'auto' || threads === 1 ? [] : [`--threads ${threads}: the ${engine} engine has one thread; it ran on 1`]),
    ...(relaxed ? [`--relaxed: the ${engine} engine has no relaxed SIMD; it ran without`] : [])
  ]
})
