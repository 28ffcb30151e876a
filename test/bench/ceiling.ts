/** What the machine can do at most, in code of the engine's own assembler. */
import { assembler, type Writer } from '../../src/engine/wasm/assemble.js'
import { f4, i32, type V } from '../../src/engine/wasm/instructions.js'
import { encodeModule, type FunctionCode } from '../../src/engine/wasm/encode.js'
import { range } from '../../src/engine/wasm/kernel.js'
import { platform, type Platform } from '../../src/engine/wasm/platform.js'
import { crew } from '../../src/engine/wasm/team.js'
import { timed } from './timing.js'

const host = (): Platform => {
  const found = platform()
  if (found === undefined) throw new Error('This host has no WebAssembly with SIMD.')
  return found
}

const linked = (entry: FunctionCode, shared: boolean) => {
  const found = host()
  const memory = new found.Memory({ initial: 1, maximum: 1, shared })
  const module = new found.Module(encodeModule([entry], { pages: 1, shared }))
  const { exports } = new found.Instance(module, { host: { memory } })
  return { memory, module, call: exports['0'] }
}

/** Chains sum·a + b, which nothing can be taken out of the loop of: with a and b as many registers as V8 gives, enough to hide latency. */
const [sums, unrolled, trips] = [12, 4, 20_000]

const chains = (w: Writer): void => {
  const [a, b] = [w.all(0.999), w.all(0.001)]
  const all = Array.from({ length: sums }, (_, i) => w.keep(w.all(i)))
  w.range(0, trips, 1, () => {
    for (let i = 0; i < unrolled; i++) for (const sum of all) sum.set(w.madd(sum, a, b))
  })
  w.store(i32.of(0), 0, all.reduce<V>(f4.add, w.all(0)))
}

/** A call that multiplies and adds in registers only (one instruction where `relaxed`, else two), and how many operations that is. */
export const ceiling = (relaxed: boolean): { readonly call: () => void; readonly operations: number } => {
  const { call } = linked(assembler({ relaxed })(range, chains), false)
  return { call: () => { call(0, 0, 0) }, operations: 2 * 4 * sums * unrolled * trips }
}

/** Microseconds to share a kernel that does nothing between two threads, and to wait for both; NaN where there is one only. */
export const dispatchMicroseconds = (): number => {
  const { memory, module, call } = linked(assembler({ relaxed: false })(range, () => undefined), true)
  const shared = { module, memory, kernels: ['0'], functions: [call] }
  const team = crew(host(), shared, 2, { shares: () => true, timed: () => false, took: () => undefined })
  if (team === undefined) return Number.NaN
  const { median } = timed(() => { team.run(0, 2, 2) }, { cadence: 1, seconds: 0.1, warmUpSeconds: 0.2 })
  team.release()
  return median * 1000
}
