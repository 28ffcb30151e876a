import { either as E, readonlyNonEmptyArray as RNEA } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  constraint, kerasMaxNorm, kerasMinMaxNorm, kerasUnitNorm, maxNorm, minMaxNorm, nonNegative, unitNorm, type Constraint
} from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { constant, hyper, variable, type Precision, type Range, type Shape } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { sequential } from 'tikhonov/model'

/** A constraint as a function of numbers, in one precision. */
const bound = (c: Constraint, shape: Shape, incoming: readonly number[], precision: Precision = 'float64') => {
  const projector = reference(precision).evaluate([c.project(incoming)(variable('w', shape))])
  return (w: ArrayLike<number>): readonly number[] => Array.from(projector({ values: () => w, seed: 0, step: 0, position: 0 })[0])
}
const columns = (w: readonly number[], n: number, k: number): readonly (readonly number[])[] =>
  Array.from({ length: k }, (_, j) => Array.from({ length: n }, (_unused, i) => w[i * k + j]))
const length = (v: readonly number[]): number => Math.hypot(...v)

/** Numbers in [−1, 1), the same each time: a Weyl sequence. */
const numbers = (count: number, seed: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (((i + 1) * 0.754877666 + seed * 0.569840291) % 1) * 2 - 1)
const expectNear = (got: readonly number[], want: readonly number[]): void => {
  expect(got).toHaveLength(want.length)
  want.forEach((x, i) => { expect(got[i]).toBeCloseTo(x, 14) })
}

const projections: readonly (readonly [string, Constraint, readonly [number, number]])[] = [
  ['maxNorm(0.7)', maxNorm(0.7), [0, 0.7]], ['unitNorm', unitNorm, [1, 1]], ['minMaxNorm', minMaxNorm({ min: 0.3, max: 0.9 }), [0.3, 0.9]]
]

describe.each([['float64', 2 ** -52], ['float32', 2 ** -23]] as const)('in %s', (precision, epsilon) => {
  it.each(projections)('%s is within 4nε for n from 1 to 1,000, and the same bits when projected again', (_, c, [least, most]) => {
    for (const n of [1, 2, 3, 4, 7, 30, 1000]) {
      const project = bound(c, [n, 8], [0], precision)
      for (let seed = 0; seed < 20; seed++) {
        const w = Float32Array.from(numbers(8 * n, seed), (x, i) => (i % 8 === 0 ? 0 : x * 10 ** ((i % 8) - 4)))
        const once = project(w)
        for (const v of columns(once, n, 8)) {
          expect(length(v) / most).toBeLessThanOrEqual(1 + 4 * n * epsilon)
          expect(length(v)).toBeGreaterThanOrEqual(least * (1 - 4 * n * epsilon))
        }
        expect(project(once)).toEqual(once)
      }
    }
  })

  it.each(projections)('%s keeps the direction', (_, c) => {
    const w = Float32Array.from(numbers(12, 3))
    columns(bound(c, [4, 3], [0], precision)(w), 4, 3).forEach((p, j) => {
      const v = columns(Array.from(w), 4, 3)[j]
      const cosine = p.reduce((sum, x, i) => sum + x * v[i], 0) / length(p) / length(v)
      expect(cosine).toBeCloseTo(1, precision === 'float64' ? 14 : 6)
    })
  })
})

describe('a projection', () => {
  it.each([1e200, 1e-200, 5e-324])('survives weights of size %s, whose squares are no floats', (size) => {
    expectNear(bound(unitNorm, [2], [0])([size, size]), [Math.SQRT1_2, Math.SQRT1_2])
    expectNear(bound(maxNorm(2), [2], [0])([3 * size, 4 * size]), size > 1 ? [1.2, 1.6] : [3 * size, 4 * size])
  })

  it('sends zero to one point where many are as near, and leaves it where it is allowed', () => {
    expect(bound(unitNorm, [4, 1], [0])([0, 0, 0, 0])).toEqual([0.5, 0.5, 0.5, 0.5])
    expect(bound(minMaxNorm({ min: 0.5, max: 1 }), [4, 1], [0])([0, 0, 0, 0])).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(bound(maxNorm(1), [2, 1], [0])([0, -0])).toEqual([0, -0])
    expect(bound(nonNegative, [3], [])([0, -0, -1])).toEqual([0, -0, 0])
  })

  it('takes each element of a bias for a unit of its own: it is clipped', () => {
    expect(bound(maxNorm(2), [3], [])([-5, 0.5, 3])).toEqual([-2, 0.5, 2])
    expect(bound(unitNorm, [3], [])([-5, 0, 3])).toEqual([-1, 1, 1])
  })

  it('goes along the axes that the layer says, from either end', () => {
    const w = [3, 0, 4, 12]
    expectNear(bound(maxNorm(1), [2, 2], [0])(w), [0.6, 0, 0.8, 1])
    expectNear(bound(maxNorm(1), [2, 2], [-1])(w), [1, 0, 4 / Math.sqrt(160), 12 / Math.sqrt(160)])
    expectNear(bound(maxNorm(1), [2, 2], [0, 1])(w), [3 / 13, 0, 4 / 13, 12 / 13])
  })

  it('leaves what is not finite alone, so that the run ends there', () => {
    expect(bound(maxNorm(1), [2], [0])([NaN, 5])).toEqual([NaN, 5])
    expect(bound(nonNegative, [2], [])([NaN, -1])).toEqual([NaN, 0])
  })

  it('keeps what is allowed after 10,000 steps, where Keras\'s loses one part in 1,000', () => {
    const times = (c: Constraint) => Array.from({ length: 10_000 }).reduce<readonly number[]>((w) => project.get(c)?.(w) ?? [], [0.3, 0.4])
    const project = new Map([maxNorm(2), kerasMaxNorm(2)].map((c) => [c, bound(c, [2], [0])]))
    const [ours, keras] = [...project.keys()].map(times)
    expect(ours).toEqual([0.3, 0.4])
    expect(length(keras)).toBeCloseTo(0.5 - 1e4 * 1e-7, 8)
  })
})

describe('the axes of Keras', () => {
  // Each value is v/‖v‖ by hand, but for the 1e-7 that Keras adds to ‖v‖.
  const expectAbout = (got: readonly number[], want: readonly number[]): void => {
    expect(got).toHaveLength(want.length)
    want.forEach((x, i) => { expect(got[i]).toBeCloseTo(x, 6) })
  }

  it('are 0 of every parameter: a bias and a scale are one vector, an embedding is taken by columns', () => {
    expectAbout(bound(kerasMaxNorm(1), [2], [])([0.9, 1.2]), [0.6, 0.8])
    expectAbout(bound(kerasUnitNorm(), [2], [])([3, 4]), [0.6, 0.8])
    expectAbout(bound(kerasMinMaxNorm({ min: 10, max: 20 }), [2], [])([3, 4]), [6, 8])
    expectAbout(bound(kerasMaxNorm(1), [2, 2], [1])([3, 0.3, 4, 0.4]), [0.6, 0.3, 0.8, 0.4])
    expectAbout(bound(kerasMaxNorm(1), [2, 2, 1, 1], [0, 1, 2])([0.6, 0.6, 0.8, 0.8]), [0.6, 0.6, 0.8, 0.8])
  })

  it('or those told: a filter, a row', () => {
    const filter = bound(kerasMaxNorm(1, { axis: [0, 1, 2] }), [2, 2, 1, 1], [0, 1, 2])([0.6, 0.6, 0.8, 0.8])
    expectAbout(filter, [0.6, 0.6, 0.8, 0.8].map((x) => x / Math.SQRT2))
    expectAbout(bound(kerasUnitNorm({ axis: -1 }), [2, 2], [0])([3, 4, 0, 2]), [0.6, 0.8, 0, 1])
    expectAbout(bound(kerasMaxNorm(1, { axis: [] }), [2], [])([-5, 0.5]), [-1, 0.5])
  })

  it('that the parameter has, or the model is none', () => {
    const built = (kernelConstraint: Constraint, biasConstraint: Constraint) =>
      E.mapLeft(RNEA.map(showIssue))(sequential([2], dense(3, { kernelConstraint, biasConstraint })))
    expect(built(kerasMaxNorm(1, { axis: [0, 2] }), kerasUnitNorm({ axis: 1 }))).toEqual(E.left([
      'dense/0/kernel/kerasMaxNorm: found kerasMaxNorm [2, 3]: no axes [0, 2] in rank 2, allowed: shapes that fit kerasMaxNorm',
      'dense/0/bias/kerasUnitNorm: found kerasUnitNorm [3]: no axes [1] in rank 1, allowed: shapes that fit kerasUnitNorm'
    ]))
    expect(built(kerasMaxNorm(1), kerasMinMaxNorm({ axis: 0.5 }))).toEqual(E.left([
      'dense/0/bias/kerasMinMaxNorm/axis: found 0.5, allowed: a whole number, or some'
    ]))
  })
})

describe('a relaxation', () => {
  const relaxed = (rate: number) => bound(minMaxNorm({ min: 1, max: 2, rate }), [2], [0])
  it('goes the part of the way: at rate 0 nowhere, at rate 1 all of it, bit for bit', () => {
    expect(relaxed(0)([3, 4])).toEqual([3, 4])
    expect(relaxed(1)([3, 4])).toEqual(bound(minMaxNorm({ min: 1, max: 2 }), [2], [0])([3, 4]))
    expectNear(relaxed(0.5)([3, 4]), [2.1, 2.8])
    expect(relaxed(0.5)([0.6, 0.8].map((x) => 1.5 * x))).toEqual([0.6, 0.8].map((x) => 1.5 * x))
  })
})

describe('bad options are issues with the path of the option:', () => {
  const told = (c: Constraint) => c.issues.map(showIssue)
  const range: Range = { min: 0.5, max: 3, open: 'none' }

  it.each([0, -1, NaN, Infinity])('a cap of %s', (cap) => {
    expect(told(maxNorm(cap))).toEqual([`maxNorm/cap: found ${cap}, allowed: a number, 0 < cap`])
    expect(told(kerasMaxNorm(cap))).toEqual([`kerasMaxNorm/cap: found ${cap}, allowed: a number, 0 < cap`])
  })

  it('a minimum above the maximum, a rate that is none', () => {
    expect(told(minMaxNorm({ min: 2, max: 1 }))).toEqual(['minMaxNorm/min: found 2, allowed: a number, 0 ≤ min ≤ 1'])
    expect(told(kerasMinMaxNorm({ min: 2 }))).toEqual(['kerasMinMaxNorm/min: found 2, allowed: a number, 0 ≤ min ≤ 1'])
    expect(told(minMaxNorm({ min: -1, max: 0, rate: 1.5 }))).toEqual([
      'minMaxNorm/min: found -1, allowed: a number, 0 ≤ min', 'minMaxNorm/max: found 0, allowed: a number, 0 < max',
      'minMaxNorm/rate: found 1.5, allowed: a number, 0 ≤ rate ≤ 1'
    ])
  })

  it('a hyper-parameter that may be what the option may not', () => {
    expect(told(maxNorm(hyper('cap', 1, range)))).toEqual([])
    expect(told(maxNorm(hyper('cap', 1)))[0]).toMatch(/^maxNorm\/cap: found a hyper-parameter that may be a finite number/)
    expect(told(minMaxNorm({ min: 0.5, max: hyper('max', 1, range) }))).toEqual([])
    const above = minMaxNorm({ min: 0.6, max: hyper('max', 1, range) })
    expect(told(above)).toEqual(['minMaxNorm/min: found 0.6, allowed: a number, 0 ≤ min ≤ 0.5'])
    expect(told(maxNorm(constant([1, 2])))).toEqual(['maxNorm/cap: found an expression of shape [2], allowed: a scalar'])
  })

  it('a homemade name that is none', () => {
    expect(told(constraint('1st', {}, () => (w) => w))[0]).toMatch(/^constraint: found '1st', allowed: a name/)
  })

  it('and good ones are none', () => {
    const good = [maxNorm(1e-9), unitNorm, nonNegative, minMaxNorm({ min: 0, max: 1, rate: 0 }), minMaxNorm({ min: 1, max: 1 })]
    expect([...good, kerasMaxNorm(), kerasUnitNorm({ axis: [0, -1] }), kerasMinMaxNorm({ axis: [] })].flatMap(told)).toEqual([])
  })
})
