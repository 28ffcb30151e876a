import { describe, expect, it } from 'vitest'
import { evaluate, reduceMax, sum, variable, type Expr, type Shape } from 'tikhonov/expr'
import type { Emit } from '../../src/engine/wasm/kernel.js'
import { reduceMax as emitMax, sum as emitSum } from '../../src/engine/wasm/reduce.js'
import { emitted, firstDifference, whole, type Split } from './alone.js'

/** Numbers of either sign, of sizes that cancel. */
const numbers = (n: number, seed = 1) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + seed) * (i % 7 === 0 ? 100 : 3))

const sizeOf = (shape: Shape) => shape.reduce((n, d) => n * d, 1)

const cases: readonly (readonly [Shape, readonly number[]])[] = [
  [[5], [0]], [[1], [0]], [[3], [0]], [[64], [0]], [[1000], [0]], [[8192], [0]], [[20_011], [0]], [[100_000], [0]], [[0], [0]],
  [[7, 10], [1]], [[128, 10], [1]], [[3, 17], [1]], [[4, 16], [1]], [[2, 20_003], [1]], [[5, 0], [1]], [[0, 5], [1]],
  [[7, 10], [0]], [[128, 512], [0]], [[9, 17], [0]], [[33, 3], [0]], [[1, 5], [0]], [[20_003, 2], [0]], [[9001, 19], [0]], [[0, 5], [0]],
  [[3, 4, 5], [1]], [[2, 300, 40], [1]], [[3, 4, 5], [0, 2]], [[30, 7, 50], [0, 2]], [[200, 6, 100], [0, 2]], [[3, 4, 5], [0, 1, 2]],
  [[2, 3, 4, 5], [1, 3]], [[2, 3, 4, 5], [0, 2]], [[8, 6, 4, 20], [0, 2]], [[100, 3, 90, 6], [0, 2]], [[2, 1, 5], [1]], [[2, 3, 1,
  5, 2], [0, 3]]
]

const one: Split = ({ extent }) => Array.from({ length: Math.max(0, extent - 1) }, (_, i) => i + 1)
const uneven: Split = ({ extent }) => [Math.floor(extent / 3), Math.floor(extent / 3), Math.floor((2 * extent) / 3) + (extent > 3 ? 1 : 0)]

const run = (emit: Emit, e: Expr, x: Float32Array, split: Split) => {
  const made = emitted(emit, e)
  if (made === undefined) throw new Error('not emitted')
  made.set({ x })
  made.run(split)
  expect(made.untouched()).toBe(true)
  return made.result()
}

describe.each<readonly [string, Emit, (x: Expr, axes: readonly number[]) => Expr]>([['sum', emitSum, sum], ['reduceMax', emitMax,
reduceMax]])('%s', (_, emit, of) => {
  it.each(cases)('of %j over %j is that of the reference, however it is split', (shape, axes) => {
    const e = of(variable('x', shape), axes)
    const x = numbers(sizeOf(shape))
    const exact = evaluate(e, { x })
    const got = run(emit, e, x, whole)
    exact.forEach((value, i) => {
      const off = Math.abs(got[i] - value)
      expect(got[i] === value || off <= 2 ** -24 * Math.abs(value) * 1.01 + 1e-12 * x.length, `element ${i}: ${got[i]},
      not ${value}`).toBe(true)
    })
    for (const split of [one, uneven]) expect(firstDifference(run(emit, e, x, split), got)).toBe(-1)
  })

  it('passes NaN of its own elements, and infinities', () => {
    const e = of(variable('x', [4, 7]), [1])
    const x = numbers(28)
    x[3] = NaN
    x[9] = Infinity
    x[20] = -Infinity
    expect(Array.from(run(emit, e, x, whole))).toEqual(evaluate(e, { x }).map(Math.fround))
  })
})
