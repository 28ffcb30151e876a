/** Small programs for threads to share, written by hand. Every kernel works on vectors of four float32, one an index. */
import { assembler, type Write } from '../../src/engine/wasm/assemble.js'
import { f4, i32, i4, type I } from '../../src/engine/wasm/instructions.js'
import { encodeModule, type Code, type FunctionCode } from '../../src/engine/wasm/encode.js'
import type { Platform } from '../../src/engine/wasm/platform.js'
import type { Kernel, Shared } from '../../src/engine/wasm/team.js'

/** The vectors that a kernel reads, and those that it writes. */
export const extent = 4096
const [first, second] = [0, extent * 16]
const least = 2 * extent * 16 / 65_536

const write = assembler({ relaxed: false })

const each = (body: Parameters<Write>[1]): FunctionCode => write(['i', 'i', 'i'], body)

/** to ← `rounds` times 0.999·x + c. */
const turn = (rounds: number, c: number, from: number, to: number): FunctionCode => each((w, [begin, end]) => {
  w.range(begin, end, 1, (i) => {
    const at = w.keep(i32.mul(i, i32.of(16)))
    const x = w.keep(f4.load(at, from))
    w.range(0, rounds, 1, () => { x.set(f4.add(f4.mul(x, w.all(0.999)), w.all(c))) })
    w.store(at, to, x)
  })
})

/** Stops the program where `condition` is not 0. */
const trap = (condition: I): Code => (out) => {
  condition.code(out)
  out.raw(Uint8Array.of(0x04, 0x40, 0x00, 0x0b))
}

/** second ← the slot of whoever was there, after some work. */
const who = each((w, [begin, end, slot]) => {
  w.range(begin, end, 1, (i) => {
    const at = w.keep(i32.mul(i, i32.of(16)))
    const x = w.keep(f4.load(at, first))
    w.range(0, 2000, 1, () => { x.set(f4.mul(x, w.all(0.5))) })
    w.store(at, second, f4.add(f4.mul(x, w.all(0)), f4.ofInt(i4.splat(slot))))
  })
})

/** second ← first, by the main thread; anybody else traps. */
const mainOnly = each((w, [begin, end, slot]) => {
  w.emit(trap(slot))
  w.range(begin, end, 1, (i) => {
    const at = w.keep(i32.mul(i, i32.of(16)))
    w.store(at, second, f4.load(at, first))
  })
})

/** second ← first, by the main thread; anybody else is busy for hours. */
const stuck = each((w, [begin, end, slot]) => {
  const x = w.keep(f4.load(i32.of(0), first))
  w.range(0, i32.mul(slot, i32.of(1_000_000)), 1, () => {
    w.range(0, 10_000_000, 1, () => { x.set(f4.mul(x, w.all(0.5))) })
  })
  w.range(begin, end, 1, (i) => {
    const at = w.keep(i32.mul(i, i32.of(16)))
    w.store(at, second, f4.add(f4.mul(x, w.all(0)), f4.load(at, first)))
  })
})

/** Traps from index 3 on. */
const bad = each((w, [begin, end]) => { w.range(begin, end, 1, (i) => { w.emit(trap(i32.less(i32.of(2), i))) }) })

/** Indices of the kernels. */
export const kernel = { there: 0, back: 1, long: 2, who: 3, mainOnly: 4, stuck: 5, bad: 6 } as const

/** The module, importing a memory that is shared. */
const code = (c: number, pages: number): Uint8Array => {
  const functions = [
    turn(1, c, first, second), turn(1, -c, second, first), turn(600, c, first, second), who, mainOnly, stuck, bad
  ]
  return encodeModule(functions, { pages, shared: true })
}

/** A program with its memory, and what lies in it. */
export interface Small extends Shared {
  readonly functions: readonly Kernel[]
  /** What the kernels read. */
  readonly source: Float32Array
  /** What they write. */
  readonly target: Float32Array
}

/** The program whose constant is `c`, its source filled with numbers of its own. */
export const small = (host: Platform, c = 0.25, pages = least): Small => {
  const memory = new host.Memory({ initial: pages, maximum: pages, shared: true })
  const module = new host.Module(code(c, pages))
  const { exports } = new host.Instance(module, { host: { memory } })
  const names = Object.values(kernel).map(String)
  const source = new Float32Array(memory.buffer, first, extent * 4)
  source.set(Array.from(source, (_, i) => Math.sin(c + i)))
  return {
    module, memory, kernels: names, source, target: new Float32Array(memory.buffer, second, extent * 4),
    functions: names.map((name) => exports[name])
  }
}
