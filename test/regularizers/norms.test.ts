import { describe, expect, it } from 'vitest'
import { reference } from 'tikhonov/engine'
import { add, evaluate, gradient, mul, problems, showShapeProblem, sum, variable } from 'tikhonov/expr'
import { l1Norm, l2Norm, lInfNorm, lpNorm, type Norm } from 'tikhonov/regularizers'

const at = (norm: Norm, values: readonly number[]): number => evaluate(norm(variable('w', [values.length])), { w: values })[0]
const slope = (norm: Norm, values: readonly number[]): readonly number[] => {
  const w = variable('w', [values.length])
  return evaluate(gradient(norm(w), [w])[0], { w: values })
}
const all: readonly (readonly [string, Norm])[] =
  [['l1Norm', l1Norm], ['l2Norm', l2Norm], ['lInfNorm', lInfNorm], ['lpNorm(1.5)', lpNorm(1.5)], ['lpNorm(3)', lpNorm(3)]]

describe('the norms', () => {
  it('of [3, 0, -4] are 7, 5, 4 and (27 + 64)^⅓', () => {
    expect(at(l1Norm, [3, 0, -4])).toBe(7)
    expect(at(l2Norm, [3, 0, -4])).toBe(5)
    expect(at(lInfNorm, [3, 0, -4])).toBe(4)
    expect(at(lpNorm(3), [3, 0, -4])).toBeCloseTo(91 ** (1 / 3), 14)
  })

  it.each(all)('%s: has slope 0 at 0, and 0 in the elements that are 0, never NaN', (_, norm) => {
    expect(slope(norm, [0, 0])).toEqual([0, 0])
    const [first, second] = slope(norm, [0, 2])
    expect(first).toBe(0)
    expect(second).toBeCloseTo(1, 14)
  })

  it.each(all)('%s: of nothing is 0, over no axes the size of each element', (_, norm) => {
    expect(evaluate(norm(variable('w', [0])), { w: [] })).toEqual([0])
    expect(evaluate(norm(variable('w', [0, 2]), [0]), { w: [] })).toEqual([0, 0])
    expect(evaluate(norm(variable('w', [2, 2]), []), { w: [1, -2, 0, 4] })).toEqual([1, 2, 0, 4])
  })

  it.each(all)('%s: takes axes from the end, and removes them', (_, norm) => {
    expect(norm(variable('w', [2, 3, 4]), [-1, 0]).shape).toEqual([3])
    expect(norm(variable('w', [2, 3, 4])).shape).toEqual([])
  })

  it.each(all)('%s: says which axis there is not', (_, norm) => {
    const found = problems([norm(variable('w', [2, 3]), [2])]).map(showShapeProblem)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/\[2, 3\]: no axes \[2\] in rank 2/)
  })

  it.each(all)('%s: of NaN is NaN, so that a run ends there', (_, norm) => {
    expect(at(norm, [1, NaN])).toBeNaN()
  })

  it.each([['l2Norm', l2Norm], ['lpNorm(1.5)', lpNorm(1.5)], ['lpNorm(3)', lpNorm(3)]] as const)(
    '%s: survives sizes whose powers overflow, in float64 and in float32', (_, norm) => {
      expect(at(norm, [1e200, 1e200]) / 1e200).toBeCloseTo(at(norm, [1, 1]), 14)
      expect(at(norm, [1e-200, 1e-200]) / 1e-200).toBeCloseTo(at(norm, [1, 1]), 14)
      const run = { values: () => [1e25, 1e25], seed: 0, step: 0, position: 0 }
      const [single] = reference('float32').evaluate([norm(variable('w', [2]))])(run)
      expect(single[0] / 1e25).toBeCloseTo(at(norm, [1, 1]), 6)
    })

  it('have the second derivatives of their formulas: (δᵢⱼ − wᵢwⱼ/‖w‖²)/‖w‖ for the Euclidean one', () => {
    const [w, v] = [variable('w', [2]), variable('v', [2])]
    const [dw] = gradient(l2Norm(w), [w])
    const [along] = gradient(sum(mul(dw, v)), [w])
    expect(evaluate(along, { w: [3, 4], v: [1, 0] }).map((x) => Math.round(x * 1e12) / 1e12)).toEqual([16 / 125, -12 / 125])
  })

  it('have gradients that add up with those of other terms of the same weights', () => {
    const w = variable('w', [2])
    expect(evaluate(gradient(add(l2Norm(w), l1Norm(w)), [w])[0], { w: [0, -3] })).toEqual([0, -2])
  })
})

describe('lpNorm', () => {
  it('is the norm of that name at 1, 2 and ∞', () => {
    expect(lpNorm(1)).toBe(l1Norm)
    expect(lpNorm(2)).toBe(l2Norm)
    expect(lpNorm(Infinity)).toBe(lInfNorm)
  })

  it.each([0.99, 0, -1, NaN, -Infinity])('makes p = %s a misfit that says what p may be', (p) => {
    expect(problems([lpNorm(p)(variable('w', [2]))]).map(showShapeProblem)).toEqual([`lpNorm [2]: ${p} is no p of a norm: 1 ≤ p ≤ ∞`])
  })
})
