/** Emitted kernels by themselves: a node's kernels, or an operation over an array, run in a memory of their own. */
import { setFlagsFromString } from 'node:v8'
import { evaluate, type Expr } from 'tikhonov/expr'
import { assembler, type Write } from '../../src/engine/wasm/assemble.js'
import { f4, type V } from '../../src/engine/wasm/instructions.js'
import { encodeModule, type FunctionCode } from '../../src/engine/wasm/encode.js'
import { range, type Emit, type Kernel, type Site } from '../../src/engine/wasm/kernel.js'
import type { Operation } from '../../src/engine/wasm/operations.js'
import { platform } from '../../src/engine/wasm/platform.js'

// Node 20 has relaxed SIMD behind a flag, later ones have it on.
setFlagsFromString('--experimental-wasm-relaxed-simd')

const host = platform()
if (host === undefined) throw new Error('this host has no WebAssembly SIMD')

const pagesFor = (bytes: number): number => Math.ceil(bytes / 65536) + 1

const exported = (entries: readonly FunctionCode[], bytes: number) => {
  const pages = pagesFor(bytes)
  const memory = new host.Memory({ initial: pages, maximum: pages })
  const { exports } = new host.Instance(new host.Module(encodeModule(entries, { pages, shared: false })), { host: { memory } })
  return { buffer: memory.buffer, entries: entries.map((_, i) => exports[String(i)]) }
}

/** An operation as a function over arrays of one length. */
export const over = (operation: Operation, relaxed = false) => (...inputs: readonly ArrayLike<number>[]): Float32Array => {
  const numbers = Math.ceil(inputs[0].length / 4) * 4
  const place = (k: number): number => 64 + k * numbers * 4
  const code = assembler({ relaxed })(range, (w, [from, to]) => {
    w.range(from, to, 16, (at) => {
      w.store(at, place(inputs.length), operation(w, inputs.map((_, k): V => w.keep(f4.load(at, place(k))))))
    })
  })
  const { buffer, entries: [run] } = exported([code], place(inputs.length + 1))
  inputs.forEach((x, k) => { new Float32Array(buffer, place(k), x.length).set(x) })
  run(0, numbers * 4, 0)
  return new Float32Array(buffer, place(inputs.length), inputs[0].length)
}

/** How a kernel is run: the ends of the ranges that its extent is split into, besides the last. */
export type Split = (kernel: Kernel) => readonly number[]

/** The whole extent at once. */
export const whole: Split = () => []

/** What stands around tensors: no kernel may let it through or overwrite it. */
const sentinel = 0x7fc0dead

/** Emitted kernels of a node with their memory. */
export interface Emitted {
  readonly kernels: readonly Kernel[]
  readonly set: (values: Readonly<Record<string, ArrayLike<number>>>) => void
  readonly run: (split?: Split) => void
  readonly result: () => Float32Array
  /** Whether the bytes around the result are what they were. */
  readonly untouched: () => boolean
}

/** Where two arrays first differ, NaN being the same as NaN; −1 where nowhere. */
export const firstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (!Object.is(a[i], b[i])) return i
  return -1
}

/** The kernels of a node over leaves, each with 48 bytes behind it that are NaN; `undefined` where the node is left to the reference. */
export const emitted = (emit: Emit, e: Expr, { relaxed = false, threads = 2 } = {}): Emitted | undefined => {
  let next = 64
  const room = (numbers: number): number => {
    const at = next
    next += Math.ceil((numbers * 4 + 48) / 16) * 16
    return at
  }
  const sizeOf = (x: Expr): number => x.shape.reduce((n, d) => n * d, 1)
  const places = new Map([...new Set(e.args)].map((a) => [a, room(sizeOf(a))]))
  const to = room(sizeOf(e))
  const tables: { readonly at: number; readonly words: Int32Array }[] = []
  const shared = new Map<string, FunctionCode>()
  const write: Write = assembler({ relaxed })
  const site: Site = {
    write,
    at: (x) => (x === e ? to : places.get(x) ?? 0),
    take: room,
    table: (words) => {
      const at = room(words.length)
      tables.push({ at, words })
      return at
    },
    shared: (key, make) => {
      const found = shared.get(key) ?? make()
      shared.set(key, found)
      return found
    },
    threads
  }
  const kernels = emit(site, e)
  if (kernels === undefined) return undefined
  const { buffer, entries } = exported(kernels.map((k) => k.entry), next)
  const words = new Int32Array(buffer)
  words.fill(sentinel)
  for (const { at, words: table } of tables) new Int32Array(buffer, at, table.length).set(table)
  return {
    kernels,
    set: (values) => {
      for (const [a, at] of places) new Float32Array(buffer, at, sizeOf(a)).set(evaluate(a, values))
    },
    run: (split = whole) => {
      kernels.forEach((k, i) => {
        const ends = [0, ...split(k), k.extent]
        ends.slice(1).forEach((end, j) => { entries[i](ends[j], end, j % threads) })
      })
    },
    result: () => new Float32Array(buffer, to, sizeOf(e)),
    untouched: () => {
      const behind = to / 4 + sizeOf(e)
      const before = to / 4 - 12
      return [...words.slice(before, to / 4), ...words.slice(behind, behind + 12)].every((x) => x === sentinel)
    }
  }
}
