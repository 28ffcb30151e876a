import { describe, expect, it } from 'vitest'
import { operations } from '../../src/engine/wasm/operations.js'
import { erfinvOf, erfOf, sigmoidOf, softplusOf } from '../../src/expr/special.js'
import { over } from './alone.js'

/** How far a float32 is from a number, in units of the last place of what that number rounds to. */
const ulps = (got: number, exact: number): number => {
  const wanted = Math.fround(exact)
  if (Object.is(got, wanted) || (Number.isNaN(got) && Number.isNaN(wanted))) return 0
  if (!Number.isFinite(got) || Number.isNaN(exact) || exact === 0) return Infinity
  const size = Math.min(Math.abs(exact), 3.4028234e38)
  return Math.abs(got - exact) / 2 ** (Math.max(Math.floor(Math.log2(size)), -126) - 23)
}

/** Every 9,973rd float32 there is, of both signs, and the corners. */
const line = (() => {
  const patterns = Array.from({ length: Math.floor(0x7f800000 / 9973) }, (_, i) => i * 9973)
  const corners = [0, 1, 0x007fffff, 0x00800000, 0x3f7fffff, 0x3f800000, 0x3f800001, 0x40000000, 0x7f7fffff, 0x7f800000, 0x7fc00000]
  const all = [...patterns, ...corners]
  return new Float32Array(Uint32Array.from([...all, ...all.map((p) => (p | 0x80000000) >>> 0)]).buffer)
})()

/** Equally spaced numbers: where a function bends. */
const grid = (from: number, to: number) => Float32Array.from({ length: 100_003 }, (_, i) => from + ((to - from) * i) / 100_002)

type Function = (x: number) => number

const functions: readonly (readonly [string, Function, readonly (readonly [number, number])[]])[] = [
  ['exp', Math.exp, [[-104, 89], [-1, 1]]],
  ['log', Math.log, [[0, 4], [0.9, 1.1]]],
  ['log1p', Math.log1p, [[-1, 4], [-0.1, 0.1]]],
  ['tanh', Math.tanh, [[-10, 10], [-1, 1]]],
  ['sigmoid', sigmoidOf, [[-104, 40], [-2, 2]]],
  ['softplus', softplusOf, [[-104, 40], [-2, 2]]],
  ['erf', erfOf, [[-4.5, 4.5], [-1, 1]]],
  ['erfinv', erfinvOf, [[-1, 1], [0.999, 1]]],
  ['sin', Math.sin, [[-10, 10], [-66000, 66000]]],
  ['cos', Math.cos, [[-10, 10], [-66000, 66000]]],
  ['sqrt', Math.sqrt, [[0, 4]]],
  ['reciprocal', (x) => 1 / x, [[-4, 4]]],
  ['sign', Math.sign, []],
  ['abs', Math.abs, []],
  ['neg', (x) => -x, []],
  ['floor', Math.floor, [[-10, 10]]],
  ['stopGradient', (x) => x, []]
]

const worstOf = (got: Float32Array, exact: (i: number) => number, at: (i: number) => string) => {
  let [worst, where] = [0, 0]
  for (let i = 0; i < got.length; i++) {
    const off = ulps(got[i], exact(i))
    if (off > worst) [worst, where] = [off, i]
  }
  return { worst, said: `${worst} ulp at ${at(where)}: got ${got[where]}, not ${exact(where)}` }
}

describe.each([['plain', false], ['relaxed', true]] as const)('on %s SIMD', (_, relaxed) => {
  describe('functions are accurate to 4 ulp on the whole line of float32, and exact at their limits', () => {
    it.each(functions)('%s', (name, exact, ranges) => {
      for (const x of [line, ...ranges.map(([from, to]) => grid(from, to))]) {
        const { worst, said } = worstOf(over(operations[name], relaxed)(x), (i) => exact(x[i]), (i) => String(x[i]))
        expect(worst, said).toBeLessThanOrEqual(4)
      }
    })
  })

  const specials = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e-45, -1e-45, 1e-39, 16777215, -16777215, 16777216, 3e38, -3e38,
  Infinity, -Infinity, NaN]
  const bases = [...specials, ...Array.from({ length: 400 }, (__, i) => Math.fround(2 ** ((i - 200) / 1.6) * (i % 5 === 0 ? -1 : 1))),
    ...Array.from({ length: 400 }, (__, i) => Math.fround(0.5 + i / 400))]
  const exponents = [...specials, ...Array.from({ length: 200 }, (__, i) => Math.fround((i - 100) / 3)),
  ...Array.from({ length: 40 }, (__, i) => i - 20)]
  const pairs = bases.flatMap((a) => exponents.map((b) => [a, b] as const))
  const [left, right] = [Float32Array.from(pairs, ([a]) => a), Float32Array.from(pairs, ([, b]) => b)]
  it.each<readonly [string, (a: number, b: number) => number]>([
    ['pow', Math.pow], ['add', (a, b) => a + b], ['sub', (a, b) => a - b], ['mul', (a, b) => a * b], ['div', (a, b) => a / b],
    ['max', Math.max], ['min', Math.min], ['greater', (a, b) => (a > b ? 1 : 0)], ['equal', (a, b) => (a === b ? 1 : 0)]
  ])('%s of two numbers is that of float64, rounded', (name, exact) => {
    const got = over(operations[name], relaxed)(left, right)
    const { worst, said } = worstOf(got, (i) => exact(left[i], right[i]), (i) => `${left[i]}, ${right[i]}`)
    expect(worst, said).toBeLessThanOrEqual(1)
  })

  it.each([-1, 0, 1, 2, 3, 0.5])('a power of %d is one, where the number is known when it is compiled', (b) => {
    const got = over((w, [x]) => operations.pow(w, [x, w.all(b)]), relaxed)(line)
    const { worst, said } = worstOf(got, (i) => line[i] ** b, (i) => String(line[i]))
    expect(worst, said).toBeLessThanOrEqual(1)
  })

  it('the larger of a number and a known 0 is the number, or 0', () => {
    const got = over((w, [x]) => operations.max(w, [x, w.all(0)]), relaxed)(line)
    expect(worstOf(got, (i) => Math.max(line[i], 0), (i) => String(line[i])).worst).toBe(0)
  })

  it('a choice takes the first where the condition is not 0, NaN among them', () => {
    const got = over(operations.select, relaxed)([0, -0, 1, -2, NaN, 1e-45], [1, 2, 3, 4, 5, 6], [-1, -2, -3, -4, -5, -6])
    expect(Array.from(got)).toEqual([-1, -2, 3, 4, 5, 6])
  })
})
