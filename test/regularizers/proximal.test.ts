import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant, evaluate } from 'tikhonov/expr'
import {
  fusedLasso, groupLasso, l1, l1l2, l2, lInf, nuclear, ridge, sparseGroupLasso, totalVariation, type Proximal
} from 'tikhonov/regularizers'

type Numbers = readonly number[]

const ratio = (Math.sqrt(5) - 1) / 2

/** Where a convex function of one number is least, by golden section: 45 cuts leave 16·.618⁴⁵ < 10⁻⁸ of −8 … 8. */
const least = (f: (x: number) => number): number => {
  let [low, high] = [-8, 8]
  for (let i = 0; i < 45; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)]
    if (f(a) < f(b)) high = b
    else low = a
  }
  return (low + high) / 2
}

/** Where a convex function of three numbers is least: one search inside another. */
const least3 = (f: (x: number, y: number, z: number) => number): Numbers => {
  const [third, second] = [(x: number, y: number) => least((z) => f(x, y, z)), (x: number) => least((y) => f(x, y, third(x, y)))]
  const x = least((at) => { const y = second(at); return f(at, y, third(at, y)) })
  const y = second(x)
  return [x, y, third(x, y)]
}

const sizes = (u: Numbers): number => u.reduce((s, x) => s + Math.abs(x), 0)
const squares = (u: Numbers): number => u.reduce((s, x) => s + x * x, 0)
const steps = ([a, b, c]: Numbers): number => Math.abs(b - a) + Math.abs(c - b)

/** Penalties of three weights, a column of one unit, each with its formula. */
const cases: readonly (readonly [string, Proximal, (u: Numbers) => number])[] = [
  ['l1', l1(0.5), (u) => 0.5 * sizes(u)],
  ['l2', l2(0.5), (u) => 0.5 * squares(u)],
  ['ridge', ridge(0.5), (u) => 0.25 * squares(u)],
  ['l1l2', l1l2({ l1: 0.5, l2: 0.25 }), (u) => 0.5 * sizes(u) + 0.25 * squares(u)],
  ['groupLasso', groupLasso(0.5), (u) => 0.5 * Math.sqrt(squares(u))],
  ['groupLasso, weighted', groupLasso(0.5, { weighted: true }), (u) => 0.5 * Math.sqrt(3 * squares(u))],
  ['sparseGroupLasso', sparseGroupLasso({ l1: 0.25, group: 0.5 }), (u) => 0.25 * sizes(u) + 0.5 * Math.sqrt(squares(u))],
  ['lInf', lInf(0.5), (u) => 0.5 * Math.max(...u.map(Math.abs))],
  ['nuclear, of one column', nuclear(0.5), (u) => 0.5 * Math.sqrt(squares(u))],
  ['totalVariation', totalVariation(0.5), (u) => 0.5 * steps(u)],
  ['fusedLasso', fusedLasso({ l1: 0.25, variation: 0.5 }), (u) => 0.25 * sizes(u) + 0.5 * steps(u)]
]

describe('a proximal operator', () => {
  const weight = fc.integer({ min: -16, max: 16 }).map((n) => n / 4)
  // h rises from its minimum u by ‖u' − u‖²/2t or more, t ≤ 2: whoever comes within 10⁻⁹ of the least h is within √(4·10⁻⁹) < 10⁻⁴ of u.
  it.each(cases)('of %s is the minimiser that a search over all three weights finds', (_, penalty, formula) => {
    fc.assert(fc.property(weight, weight, weight, fc.constantFrom(0.5, 2), (a, b, c, t) => {
      const w = [a, b, c]
      const h = ([x, y, z]: Numbers): number => formula([x, y, z]) + squares([x - a, y - b, z - c]) / (2 * t)
      const found = least3((x, y, z) => h([x, y, z]))
      const p = evaluate(penalty.proximal(t)(constant(w, [3, 1])))
      expect(h(p)).toBeLessThanOrEqual(h(found) + 1e-13)
      expect(h(found) - h(p)).toBeLessThan(1e-9)
      p.forEach((x, i) => { expect(Math.abs(x - found[i])).toBeLessThan(1e-4) })
    }), { numRuns: 10 })
  })
})

describe('the operator of total variation', () => {
  it('fuses neighbours bit for bit, whatever the order of their sums', () => {
    const w = Array.from({ length: 50 }, (_, i) => (i % 2) / 3 + (i > 20 ? 3 : 0))
    const p = evaluate(totalVariation(1).proximal(4)(constant(w)))
    expect(new Set(p).size).toBe(2)
    // Two levels: each mean drawn towards the other by t over its length.
    const mean = (from: number, to: number) => w.slice(from, to).reduce((s, x) => s + x, 0) / (to - from)
    expect(p[0]).toBeCloseTo(mean(0, 21) + 4 / 21, 12)
    expect(p[49]).toBeCloseTo(mean(21, 50) - 4 / 29, 12)
  })

  it('goes along the axis it is told, whatever the others', () => {
    const w = constant([1, 10, 3, 20, 2, 0], [3, 2])
    const along = (axis: number, x = w) => evaluate(totalVariation(1, { axis }).proximal(1)(x))
    expect(along(0)).toEqual([2, 11, 2, 18, 2, 1])
    expect(along(1)).toEqual([2, 9, 4, 19, 1, 1])
    expect(along(-1)).toEqual(along(1))
    expect(along(0, constant([5], [1]))).toEqual([5])
  })
})
