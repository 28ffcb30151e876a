/** The engine that a run asks for, and what of the request it can do: a benchmark says what ran, not what was asked. */
import { option as O } from 'fp-ts'
import { reference, wasm, type Engine, type WasmEngine, type WasmOptions } from 'tikhonov/engine'

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

/** The engine by its name, on one thread, with plain SIMD: what the GEMM rate of every run is measured on. */
export const plain = (name: EngineName): Engine => (name === 'reference' ? reference() : found({ threads: 1 }))

const found = (options: WasmOptions): WasmEngine => {
  const engine = wasm(options)
  if (O.isNone(engine)) throw new Error('This host has no WebAssembly with SIMD: only --engine reference runs here.')
  return engine.value
}

/** The engine asked for, and what of the request it could not do. */
export const running = ({ engine, threads, relaxed }: Asked): Running => {
  const made = engine === 'wasm' ? found({ threads, relaxed }) : { ...reference(), threads: 1, relaxed: false }
  return {
    engine: made,
    threads: made.threads,
    relaxed: made.relaxed,
    notes: [
      ...(threads === 'auto' || threads === made.threads ? [] : [`--threads ${threads}: the ${engine} engine ran on ${made.threads}`]),
      ...(relaxed && !made.relaxed ? [`--relaxed: no relaxed SIMD here (Node 20: node ${flag}); the ${engine} engine ran without`] : [])
    ]
  }
}

const flag = '--experimental-wasm-relaxed-simd'

/** What Node must be started with to have relaxed SIMD: a flag before 22, nothing since. */
export const relaxedFlags: readonly string[] = Number(process.versions.node.split('.')[0]) < 22 ? [flag] : []
