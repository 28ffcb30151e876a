import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reference } from 'tikhonov/engine'
import { concat, evaluate, gradient, problems, reduceMax, reshape, sum, svd, variable, type Precision } from 'tikhonov/expr'

type Matrix = { readonly x: readonly number[]; readonly m: number; readonly n: number }

const element = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -256, max: 256 }).map((k) => k / 77))
const matrices: fc.Arbitrary<Matrix> = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([m, n]) =>
  fc.array(element, { minLength: m * n, maxLength: m * n }).map((x) => ({ x, m, n })))

/** U, s and V of a matrix. */
const factors = ({ x, m, n }: Matrix, precision: Precision = 'float64') => {
  const { u, s, v } = svd(variable('x', [m, n]))
  const [flat] = reference(precision).evaluate([concat([u, s, v].map((e) => reshape(e, [e.shape.reduce((p, q) => p * q, 1)])), 0)])(
    { values: () => x, seed: 0, step: 0, position: 0 })
  const k = Math.min(m, n)
  const all = Array.from(flat)
  return { u: all.slice(0, m * k), s: all.slice(m * k, m * k + k), v: all.slice(m * k + k), k }
}
const expectOrthonormal = (q: readonly number[], rows: number, k: number, digits: number): void => {
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      const along = Array.from({ length: rows }, (_, r) => q[r * k + a] * q[r * k + b]).reduce((p, c) => p + c, 0)
      expect(along).toBeCloseTo(a === b ? 1 : 0, digits)
    }
  }
}
const expectFactors = (w: Matrix, precision: Precision, digits: number): void => {
  const { u, s, v, k } = factors(w, precision)
  expectOrthonormal(u, w.m, k, digits)
  expectOrthonormal(v, w.n, k, digits)
  s.forEach((x, i) => { expect(x).toBeLessThanOrEqual(s[i - 1] ?? Infinity) })
  expect(Math.min(...s)).toBeGreaterThanOrEqual(0)
  const largest = Math.max(s[0], Number.MIN_VALUE)
  w.x.forEach((x, i) => {
    const [r, c] = [Math.floor(i / w.n), i % w.n]
    const again = s.reduce((p, size, j) => p + (size / largest) * u[r * k + j] * v[c * k + j], 0)
    expect(again).toBeCloseTo(x / largest, digits)
  })
}

describe('a singular value decomposition', () => {
  it.each([['float64', 13], ['float32', 5]] as const)('factorises any matrix, in %s', (precision, digits) => {
    fc.assert(fc.property(matrices, (w) => { expectFactors(w, precision, digits) }))
  })
  it('of rank one, of zeros, of a row, of a column, of an orthogonal matrix', () => {
    const rankOne = Array.from({ length: 20 }, (_, i) => (1 + Math.floor(i / 4)) * (1 + (i % 4)))
    const cases: readonly Matrix[] = [
      { x: rankOne, m: 5, n: 4 }, { x: rankOne, m: 4, n: 5 }, { x: Array<number>(6).fill(0), m: 3, n: 2 },
      { x: [3, 0, 4], m: 1, n: 3 }, { x: [3, 0, 4], m: 3, n: 1 }, { x: [0, 1, -1, 0], m: 2, n: 2 }
    ]
    cases.forEach((w) => { expectFactors(w, 'float64', 13) })
    expect(factors(cases[0]).s.slice(1)).toEqual([0, 0, 0])
    expect(factors(cases[2]).s).toEqual([0, 0])
    expect(factors(cases[3]).s).toEqual([5])
  })
  it.each([1e300, 1e-300, 1e-200])('of weights of size %s, whose squares are no floats', (size) => {
    expectFactors({ x: [1, 2, 3, 4].map((x) => x * size), m: 2, n: 2 }, 'float64', 13)
    expectFactors({ x: [1, 2, size, 4], m: 2, n: 2 }, 'float64', 13)
    expectFactors({ x: [1, size, 5e-324, 0, 2, size], m: 2, n: 3 }, 'float64', 13)
  })
  it('has the singular values of the Hilbert matrix of order 3, to 15 digits of the largest', () => {
    // Roots of the characteristic polynomial of the symmetric matrix 1/(i + j − 1).
    const wanted = [1.4083189271236540, 0.12232706585390585, 0.0026873403557735292]
    const x = Array.from({ length: 9 }, (_, i) => 1 / (Math.floor(i / 3) + (i % 3) + 1))
    factors({ x, m: 3, n: 3 }).s.forEach((s, i) => { expect(Math.abs(s - wanted[i])).toBeLessThan(1e-15) })
  })
  it('ends with NaN where something is not finite', () => {
    expect(factors({ x: [1, NaN, 3, 4], m: 2, n: 2 }).s).toEqual([NaN, NaN])
    expect(factors({ x: [1, Infinity, 3, 4], m: 2, n: 2 }).u).toEqual([NaN, NaN, NaN, NaN])
  })
  it('of no matrix is a misfit, told once', () => {
    const { u, s, v } = svd(variable('x', [3]))
    expect(problems([u, s, v]).map((p) => p.message)).toEqual(['wants a matrix'])
  })
})

describe('gradients through singular values', () => {
  const w = variable('w', [3, 2])
  const at = [3, 1, -1, 2, 0.5, 1]
  it.each([['of their sum', sum], ['of the largest', reduceMax]] as const)('%s are central differences', (_, of) => {
    const f = of(svd(w).s)
    const slope = evaluate(gradient(f, [w])[0], { w: at })
    slope.forEach((g, i) => {
      const [up, down] = [1e-5, -1e-5].map((h) => evaluate(f, { w: at.map((x, j) => (j === i ? x + h : x)) })[0])
      expect(g).toBeCloseTo((up - down) / 2e-5, 8)
    })
  })
  it('of a tie share it: the gradient of the largest at the identity is half of it', () => {
    const square = variable('w', [2, 2])
    expect(evaluate(gradient(reduceMax(svd(square).s), [square])[0], { w: [1, 0, 0, 1] })).toEqual([0.5, 0, 0, 0.5])
  })
  it('give nothing to singular values that are 0', () => {
    expect(evaluate(gradient(sum(svd(w).s), [w])[0], { w: [2, 0, 0, 0, 0, 0] })).toEqual([1, 0, 0, 0, 0, 0])
  })
})
