import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembler } from '../../src/engine/wasm/assemble.js'
import { encodeModule, type FunctionCode } from '../../src/engine/wasm/encode.js'
import type { Kernel, Site } from '../../src/engine/wasm/kernel.js'
import { platform } from '../../src/engine/wasm/platform.js'
import type { Product } from '../../src/engine/wasm/plan.js'
import { productKernels } from '../../src/engine/wasm/product.js'

// Node 20 has relaxed SIMD behind a flag, later ones without.
setFlagsFromString('--experimental-wasm-relaxed-simd')
const host = platform()
if (host === undefined) throw new Error('this host has no WebAssembly SIMD')

/** A product without its places, rows longer than they need be by `gaps`. */
interface Case {
  readonly lead: number
  readonly m: number
  readonly n: number
  readonly k: number
  readonly form: 'NN' | 'NT' | 'TN' | 'TT'
  readonly gaps: { readonly a: number; readonly b: number; readonly c: number }
  readonly start: 'zero' | 'bias' | 'accumulate'
}

const slots = 3
const none = { a: 0, b: 0, c: 0 }
const plain = (form: Case['form'], m: number, k: number, n: number): Case => ({ lead: 1, m, n, k, form, gaps: none, start: 'zero' })

/** A matrix in memory: `lead` times so many rows, `stride` numbers apart. */
interface Matrix { readonly rows: number; readonly columns: number; readonly stride: number; readonly at: number }

const wave = (i: number) => Math.fround(Math.sin(i * 12.9898) * 2 ** (i % 5))

/** Memory in which all that is no element is NaN, the kernels over it, and what they ought to give. */
const prepared = (given: Case, relaxed = false) => {
  const { lead, m, n, k, form, gaps, start } = given
  const [a, b] = [form.startsWith('T'), form.endsWith('T')]
  const shared = new Map<string, FunctionCode>()
  /** Everything laid out from an address on: scratch memory, result, bias, the factors, one or the other last. */
  const laid = (from: number, scratchSize: number) => {
    let next = from
    const after = (numbers: number) => {
      const at = next
      next += Math.ceil((numbers * 4 + 48) / 16) * 16
      return at
    }
    const scratch = { from, to: from + scratchSize }
    next = scratch.to
    const matrix = (rows: number, columns: number, gap: number): Matrix =>
      ({ rows, columns, stride: columns + gap, at: after(Math.max(0, lead * rows * (columns + gap) - gap)) })
    const left = () => (a ? matrix(k, m, gaps.a) : matrix(m, k, gaps.a))
    const right = () => (b ? matrix(n, k, gaps.b) : matrix(k, n, gaps.b))
    const z = matrix(m, n, gaps.c)
    const bias = after(n)
    const [x, y] = k % 2 === 0 ? [left(), right()] : [right(), left()].reverse()
    const end = next
    next = from
    const site: Site = {
      write: assembler({ relaxed }), take: after, threads: slots, at: () => 0, table: () => 0,
      shared: (key, make) => {
        const made = shared.get(key) ?? make()
        shared.set(key, made)
        return made
      }
    }
    const p: Product = {
      lead, m, n, k, a, b, at: { a: x.at, b: y.at, c: z.at }, strides: { a: x.stride, b: y.stride, c: z.stride },
      ...(start === 'bias' ? { bias } : {}), accumulate: start === 'accumulate'
    }
    const kernels = productKernels(site, p)
    return { x, y, z, bias, kernels, scratch, end, used: next - from }
  }
  // Twice: then it is known how much there is, and the last factor can lie at the end of memory.
  const used = laid(64, 0).used
  const pages = Math.ceil(laid(64, used).end / 65536)
  const { x, y, z, bias, kernels, scratch, end } = laid(64 + pages * 65536 - laid(64, used).end, used)
  expect(end).toBe(pages * 65536)
  const memory = new host.Memory({ initial: pages, maximum: pages })
  const module = new host.Module(encodeModule(kernels.map((one) => one.entry), { pages, shared: false }))
  const { exports } = new host.Instance(module, { host: { memory } })
  const numbers = new Float32Array(memory.buffer)
  const cells = ({ rows, columns, stride, at }: Matrix) =>
    Array.from({ length: lead * rows * columns }, (_, i) => at / 4 + Math.floor(i / columns) * stride + (i % columns))
  const [xs, ys, zs] = [x, y, z].map(cells)
  const reset = () => {
    numbers.fill(NaN)
    for (const i of [...xs, ...ys]) numbers[i] = wave(i)
    for (let j = 0; j < n; j++) numbers[bias / 4 + j] = wave(j + 7)
    if (start === 'accumulate') for (const i of zs) numbers[i] = wave(i + 3)
  }
  /** Runs the ranges of each kernel in the order given, and checks that nothing but cells of the result and scratch memory changed. */
  const run = (ranges: (one: Kernel) => readonly (readonly [from: number, to: number, slot: number])[]): Uint32Array => {
    reset()
    const words = new Uint32Array(memory.buffer)
    const before = words.slice()
    kernels.forEach((one, i) => { for (const [from, to, slot] of ranges(one)) exports[String(i)](from, to, slot) })
    const mine = new Set(zs)
    const off = before.findIndex((word, i) => words[i] !== word && !mine.has(i) && (i < scratch.from / 4 || i >= scratch.to / 4))
    expect(off === -1 ? 'all else as it was' : `word ${off} written`).toBe('all else as it was')
    return Uint32Array.from(zs, (i) => words[i])
  }
  /** For each element its value in float64, and how far a sum in float32 may be from it: k + 8 roundings of terms of these sizes. */
  const exact = () => {
    reset()
    return zs.map((cell, i) => {
      const [l, r, c] = [Math.floor(i / (m * n)), Math.floor(i / n) % m, i % n]
      let value = start === 'accumulate' ? numbers[cell] : start === 'bias' ? numbers[bias / 4 + c] : 0
      let size = Math.abs(value)
      for (let q = 0; q < k; q++) {
        const left = numbers[x.at / 4 + l * x.rows * x.stride + (a ? q * x.stride + r : r * x.stride + q)]
        const right = numbers[y.at / 4 + l * y.rows * y.stride + (b ? c * y.stride + q : q * y.stride + c)]
        value += left * right
        size += Math.abs(left * right)
      }
      const terms = (k + 8) * 2 ** -24
      return { value, bound: (terms / (1 - terms)) * size }
    })
  }
  return { kernels, run, exact }
}

const whole = ({ extent }: Kernel) => [[0, extent, 0]] as const

/** Ranges that cover a kernel, cut where the numbers say, the last first, each by some thread; done twice where that is allowed. */
const scattered = ({ start }: Case, cuts: readonly number[]) => ({ extent }: Kernel) => {
  const ends = [...new Set([0, extent, ...cuts.map((c) => c % (extent + 1))])].sort((p, q) => p - q)
  const ranges = ends.slice(1).map((to, i) => [ends[i], to, (cuts[i] ?? i) % slots] as const).reverse()
  return start === 'accumulate' ? ranges : [...ranges, ...ranges]
}

const agrees = (got: Uint32Array, exact: readonly { readonly value: number; readonly bound: number }[]) => {
  const floats = new Float32Array(got.buffer)
  expect(exact.findIndex(({ value, bound }, i) => !(Math.abs(floats[i] - value) <= bound))).toBe(-1)
}

const upTo = (max: number) => fc.integer({ min: 0, max })
const size = fc.oneof({ arbitrary: upTo(40), weight: 4 }, { arbitrary: upTo(140), weight: 1 })
const gap = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }))
const cases: fc.Arbitrary<Case> = fc.record({
  lead: fc.oneof({ arbitrary: fc.constant(1), weight: 3 }, { arbitrary: upTo(9), weight: 1 }),
  m: size, n: size, k: size,
  form: fc.constantFrom('NN', 'NT', 'TN', 'TT'),
  gaps: fc.record({ a: gap, b: gap, c: gap }),
  start: fc.constantFrom('zero', 'bias', 'accumulate')
})

/** Sizes at which another way is taken: packing, pieces of the inner dimension, blocks of rows, the leading index split off. */
const large: readonly Case[] = [
  plain('NN', 128, 784, 64), plain('NN', 70, 1030, 90), plain('NN', 1200, 70, 40), plain('NN', 1, 600, 70), plain('NN', 2, 1100, 33),
  plain('NT', 64, 530, 75), plain('NT', 1100, 20, 70), plain('NT', 3, 515, 40), plain('NT', 16, 61, 65), plain('NT', 1, 500, 32),
  plain('TT', 50, 530, 70), plain('TN', 300, 128, 65), plain('TN', 1100, 65, 70),
  plain('TN', 41, 1100, 30), plain('TN', 130, 64, 10), plain('TN', 9, 2100, 70),
  { ...plain('NN', 65, 80, 65), lead: 3 }, { ...plain('TN', 70, 600, 20), lead: 9 }, { ...plain('NT', 20, 70, 30), lead: 9 },
  { ...plain('NN', 40, 1100, 70), gaps: { a: 3, b: 5, c: 2 }, start: 'bias' },
  { ...plain('TN', 70, 1100, 70), gaps: { a: 1, b: 2, c: 9 }, start: 'accumulate' }
]
const cutting = fc.array(fc.nat(), { maxLength: 6 })

describe('a product', () => {
  it('is the float64 product to within its roundings, and writes nothing else, whatever lies around it', () => {
    fc.assert(fc.property(cases, (given) => {
      const { run, exact } = prepared(given)
      agrees(run(whole), exact())
    }), { numRuns: 150 })
  })

  it('is the same bits however its kernels are split among threads, and when a part is done again', () => {
    fc.assert(fc.property(cases, cutting, (given, cuts) => {
      const { run } = prepared(given)
      expect(run(scattered(given, cuts))).toEqual(run(whole))
    }), { numRuns: 100 })
  })

  it.each(large)('$form of $lead × $m × $k × $n keeps both', (given) => {
    const { kernels, run, exact } = prepared(given)
    const at = run(whole)
    agrees(at, exact())
    const units = kernels.reduce((most, { extent }) => Math.max(most, extent), 0)
    expect(run(scattered(given, Array.from({ length: units }, (_, i) => i)))).toEqual(at)
    expect(run(scattered(given, [7, 1000, 5, 21]))).toEqual(at)
  })

  it.runIf(host.relaxed)('keeps both where multiplication and addition are one rounding', () => {
    fc.assert(fc.property(cases, cutting, (given, cuts) => {
      const { run, exact } = prepared(given, true)
      const at = run(whole)
      agrees(at, exact())
      expect(run(scattered(given, cuts))).toEqual(at)
    }), { numRuns: 60 })
    const { run, exact } = prepared(plain('NN', 128, 784, 64), true)
    agrees(run(whole), exact())
  })

  it('shares one function of a block among products of the same sizes', () => {
    const keys: string[] = []
    const site: Site = {
      write: assembler({ relaxed: false }), take: () => 64, threads: 1, at: () => 0, table: () => 0,
      shared: (key, make) => {
        if (!keys.includes(key)) keys.push(key)
        return make()
      }
    }
    const p: Product = { lead: 1, m: 20, n: 30, k: 40, a: false, b: false, at: { a: 64, b: 8000, c: 16000 } }
    productKernels(site, p)
    const once = keys.length
    productKernels(site, { ...p, at: { a: 32000, b: 64, c: 100_000 } })
    expect(keys.length).toBe(once)
  })
})
