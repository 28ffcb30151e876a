import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant, evaluate, gradient, isotonic, mul, order, problems, sort, sum, takeAlong, variable, type Expr } from 'tikhonov/expr'

const rows = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 })).chain(([m, n]) =>
  fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -4, max: 4, noNaN: true })), { minLength: m * n, maxLength: m * n })
    .map((x) => ({ x, shape: [m, n] as const })))
const split = (x: readonly number[], n: number): readonly (readonly number[])[] =>
  Array.from({ length: x.length / n }, (_, r) => x.slice(r * n, (r + 1) * n))
const slope = (f: (x: Expr) => Expr, x: readonly number[], dy: readonly number[]) =>
  evaluate(gradient(sum(mul(f(variable('x', [x.length])), constant(dy))), [variable('x', [x.length])])[0], { x })

describe('an order', () => {
  it('is that of a stable sort, row by row', () => {
    fc.assert(fc.property(rows, ({ x, shape }) => {
      const wanted = split(x, shape[1]).flatMap((row) => row.map((_, i) => i).sort((i, j) => row[i] - row[j]))
      expect(evaluate(order(constant(x, shape)))).toEqual(wanted)
      expect(evaluate(sort(constant(x, shape)))).toEqual(split(x, shape[1]).flatMap((row) => [...row].sort((p, q) => p - q)))
    }))
  })
  it('puts infinities at the ends and NaN last, and keeps both zeros in their order', () => {
    expect(evaluate(order(constant([NaN, Infinity, 0, -0, NaN, -Infinity])))).toEqual([5, 2, 3, 1, 0, 4])
  })
  it('of one element, of none and of no axis', () => {
    expect(evaluate(order(constant([7], [1, 1])))).toEqual([0])
    expect(evaluate(sort(constant([], [2, 0])))).toEqual([])
    expect(problems([order(constant(1))]).map((p) => p.message)).toEqual(['wants an axis: rank 1 or more'])
  })
})

describe('reading along an axis', () => {
  it('gives NaN for a number that is no place, and never another row\'s', () => {
    expect(evaluate(takeAlong(constant([1, 2, 3, 4], [2, 2]), constant([-1, 2, 0.5, NaN], [2, 2])))).toEqual([NaN, NaN, NaN, NaN])
  })
  it('has the transpose as its derivative', () => {
    expect(slope((x) => takeAlong(x, constant([2, 0, 2])), [5, 6, 7], [1, 10, 100])).toEqual([10, 0, 101])
  })
})

/** The least squares by the min-max formula: max over a ≤ i of min over b ≥ i of the mean of a … b (Robertson, Wright & Dykstra 1988). */
const isotonicOf = (x: readonly number[]): readonly number[] => x.map((_, i) =>
  Math.max(...x.slice(0, i + 1).map((__, a) => Math.min(...x.slice(i).map((___, k) => {
    const part = x.slice(a, i + k + 1)
    return part.reduce((p, q) => p + q, 0) / part.length
  })))))

describe('isotonic regression', () => {
  it('is the min-max of means, row by row, and the same bits when done again', () => {
    fc.assert(fc.property(rows, ({ x, shape }) => {
      const once = evaluate(isotonic(constant(x, shape)))
      split(x, shape[1]).flatMap(isotonicOf).forEach((y, i) => { expect(once[i]).toBeCloseTo(y, 12) })
      expect(evaluate(isotonic(constant(once, shape)))).toEqual(once)
    }))
  })
  it('averages its gradient over each level', () => {
    expect(slope(isotonic, [1, 4, 2, 3, 7], [1, 2, 4, 6, 8])).toEqual([1, 4, 4, 4, 8])
  })
  it('ends whatever it is given', () => {
    expect(evaluate(isotonic(constant([3, NaN, 1, Infinity, 0])))).toEqual([3, NaN, 1, Infinity, Infinity])
    expect(evaluate(isotonic(constant([Infinity, -Infinity, 1])))[0]).toBeNaN()
    expect(evaluate(isotonic(constant([1e308, -1e308])))).toEqual([0, 0])
    expect(evaluate(isotonic(constant([], [0])))).toEqual([])
  })
})
