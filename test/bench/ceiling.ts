/** What the machine can do at most, in code of the engine's own assembler. */
import { assembler, type Writer } from '../../src/engine/wasm/assemble.js'
import { f4, v, type V } from '../../src/engine/wasm/instructions.js'
import { encodeModule, type FunctionCode } from '../../src/engine/wasm/encode.js'
import { range } from '../../src/engine/wasm/kernel.js'
import { platform, type Platform } from '../../src/engine/wasm/platform.js'
import { tallest, tile } from '../../src/engine/wasm/tile.js'
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

/** Rows of a tile and vectors in one, and how often its sums are added to. */
const [rows, vectors, times] = [5, 2, 100_000]

/** How often a call runs a tile that reads. */
const tiles = 200

/** What a tile of a product does, without reading: its left factor changes every time, or V8 would take the products out of the loop. */
const sums = (w: Writer): void => {
  const left = w.keep(w.all(1))
  const right = Array.from({ length: vectors }, (_, q) => w.keep(w.all(q + 2)))
  const all = Array.from({ length: rows }, () => right.map((_, q) => w.keep(w.all(q))))
  w.range(0, times, 1, () => {
    for (const row of all) row.forEach((sum, q) => { sum.set(w.madd(left, right[q], sum)) })
    left.set(v.xor(left, w.all(0.5)))
  })
  w.store(0, 0, all.flat().reduce<V>(f4.add, w.all(0)))
}

/** A call, and how many multiplications and additions it does. */
export interface Work { readonly call: () => void; readonly operations: number }

/** Multiplies and adds in registers only: one instruction where `relaxed`, else two. */
const registers = (relaxed: boolean): Work => {
  const { call } = linked(assembler({ relaxed })(range, sums), false)
  return { call: () => { call(0, 0, 0) }, operations: 2 * 4 * rows * vectors * times }
}

/** A tile as products have them, with packed factors that stay in the first cache. */
const oneTile = (relaxed: boolean): Work => {
  const write = assembler({ relaxed })
  const [height, columns, depth] = [tallest(vectors, { write }), vectors * 4, 512]
  const [a, b, c] = [64, 64 + height * depth * 4, 64 + (height + columns) * depth * 4]
  const code = tile({ write, shared: (_, make) => make() }, {
    rows: height, columns, depth, a: [4, height * 4], b: columns * 4, start: undefined, c: columns * 4
  })
  const { memory, call } = linked(write(range, (w, [from, to]) => {
    w.range(from, to, 1, () => { w.call(code, [a, b, a, c]) })
  }), false)
  new Float32Array(memory.buffer).fill(1)
  return { call: () => { call(0, tiles, 0) }, operations: 2 * height * columns * depth * tiles }
}

/** What may come nearest to what the machine can do: which of them does depends on what V8 makes of it. */
export const ceilings = (relaxed: boolean): readonly Work[] => [registers(relaxed), oneTile(relaxed)]

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
