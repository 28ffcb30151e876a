import { describe, expect, it } from 'vitest'
import { bernstein, distribution, hoeffding, normalMean, normalVariance } from 'tikhonov/laws'

/** Uniform draws in (0, 1) from a Weyl sequence through a 32-bit mixer (Steele, Lea & Flood 2014): the same every time. */
const uniforms = (n: number, seed: number): readonly number[] => Array.from({ length: n }, (_, i) => {
  const a = Math.imul(seed * 7919 + i + 1, 0x9e3779b9)
  const b = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
  const c = Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  return (((c ^ (c >>> 16)) >>> 0) + 0.5) / 2 ** 32
})

const normals = (n: number, seed: number): readonly number[] => {
  const u = uniforms(2 * n, seed)
  return Array.from({ length: n }, (_, i) => Math.sqrt(-2 * Math.log(u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]))
}

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length
const trials = Array.from({ length: 1_000 }, (_, i) => i + 1)
const exceeding = (deviation: (seed: number) => number, bound: number) => trials.filter((seed) => deviation(seed) >= bound).length

/** Each bound is asked for an error of 1 %: at most 1 % of 1,000 honest trials may exceed it, and a doubled deviation must be noticed. */
describe.each([
  ['hoeffding', hoeffding(100, 1, 0.01), (seed: number) => Math.abs(mean(uniforms(100, seed)) - 0.5)],
  ['bernstein', bernstein(100, 1 / 12, 0.5, 0.01), (seed: number) => Math.abs(mean(uniforms(100, seed)) - 0.5)],
  ['normalMean', normalMean(100, 1, 0.01), (seed: number) => Math.abs(mean(normals(100, seed)))],
  ['normalVariance', normalVariance(100, 1, 0.01), (seed: number) => Math.abs(mean(normals(100, seed).map((x) => x * x)) - 1)],
  ['distribution', distribution(100, 0.01), (seed: number) =>
    Math.max(...[...uniforms(100, seed)].sort((a, b) => a - b).map((x, i) => Math.max((i + 1) / 100 - x, x - i / 100)))]
] as const)('%s', (_, bound, deviation) => {
  it('is exceeded in at most the stated share of honest trials', () => {
    expect(exceeding(deviation, bound)).toBeLessThanOrEqual(10)
  })

  it('is not far too wide: a third of it is exceeded at times', () => {
    expect(exceeding(deviation, bound / 3)).toBeGreaterThan(10)
  })
})

describe('a bound', () => {
  it('is narrower the more draws there are, and wider the smaller the error', () => {
    expect(hoeffding(400, 1, 0.01)).toBeCloseTo(hoeffding(100, 1, 0.01) / 2, 12)
    expect(hoeffding(100, 1, 1e-9)).toBeGreaterThan(hoeffding(100, 1, 0.01))
    expect(hoeffding(100, 3, 0.01)).toBeCloseTo(3 * hoeffding(100, 1, 0.01), 12)
  })

  it('solves its own inequality', () => {
    const [n, variance, furthest, error] = [500, 0.01, 0.99, 1e-6]
    const t = bernstein(n, variance, furthest, error)
    expect(2 * Math.exp((-n * t * t) / (2 * variance + (2 / 3) * furthest * t))).toBeCloseTo(error, 12)
    const h = hoeffding(n, 2, error)
    expect(2 * Math.exp((-2 * n * h * h) / 4)).toBeCloseTo(error, 12)
  })

  it('of no draws or of an impossible probability is NaN, which no number is at most', () => {
    const none = [hoeffding(0, 1, 0.01), hoeffding(10, 1, 0), hoeffding(10, 1, 1), bernstein(10, 1, 1, 2), normalMean(-1, 1, 0.1)]
    expect(none.every(Number.isNaN)).toBe(true)
  })
})
