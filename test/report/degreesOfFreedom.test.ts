import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { degreesOfFreedom } from 'tikhonov/report'
import { tensor, type Tensor } from 'tikhonov/tensor'

type Matrix = readonly (readonly number[])[]

/** A⁻¹·B by elimination with pivots. */
const solved = (a: Matrix, b: Matrix): Matrix => {
  const rows = a.map((row, i) => [...row, ...b[i]])
  rows.forEach((_, k) => {
    const pivot = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k]) > Math.abs(rows[best][k]) ? i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    rows[k] = rows[k].map((v) => v / rows[k][k])
    rows.forEach((row, i) => { if (i !== k) rows[i] = row.map((v, j) => v - row[k] * rows[k][j]) })
  })
  return rows.map((row) => row.slice(a.length))
}

/** The trace of x·(xᵀx + n·λ·I)⁻¹·xᵀ: of the matrix that takes y to its fit. */
const trace = (x: Matrix, lambda: number): number => {
  const gram = x[0].map((_, i) => x[0].map((__, j) => x.reduce((s, row) => s + row[i] * row[j], 0)))
  const damped = gram.map((row, i) => row.map((v, j) => (i === j ? v + x.length * lambda : v)))
  return solved(damped, gram).reduce((s, row, i) => s + row[i], 0)
}

const of = (x: Tensor, w: Tensor, l2?: number): number =>
  E.getOrElse(() => Number.NaN)(degreesOfFreedom(x, w, l2 === undefined ? {} : { l2 }))

const row = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 })
const matrix = fc.array(row, { minLength: 4, maxLength: 8 })

describe('the degrees of freedom of a linear fit', () => {
  it('are the trace of its hat matrix', () => {
    fc.assert(fc.property(matrix, fc.double({ min: 0.01, max: 10, noNaN: true }), (x, lambda) => {
      expect(of(tensor(x), tensor([1, 1, 1]), lambda)).toBeCloseTo(trace(x, lambda), 8)
    }))
  })

  it('are those of the columns that are used, output by output', () => {
    fc.assert(fc.property(matrix, (x) => {
      const used = tensor(x.map(([a, , c]) => [a, c]))
      expect(of(tensor(x), tensor([[1, 0], [0, 0], [-2, 0]]), 0.5)).toBeCloseTo(of(used, tensor([1, 1]), 0.5), 10)
    }))
  })

  it('count the weights of a lasso that are not 0, and a column that another repeats not again', () => {
    expect(of(tensor([[1, 0, 1], [0, 2, 0], [1, 1, 1]]), tensor([0.5, 0, 0]))).toBe(1)
    expect(of(tensor([[1, 0, 1], [0, 2, 0], [1, 1, 1]]), tensor([0.5, 0.25, 0.25]))).toBe(2)
    expect(of(tensor([[1, 2]]), tensor([0, 0]))).toBe(0)
  })

  it('refuse what does not fit, all of it at once', () => {
    expect(degreesOfFreedom(tensor([[1, NaN]]), tensor([1, 2, 3]), { l2: -1 })).toMatchObject({
      left: [{ path: 'w', found: 'weights [3] of inputs [1, 2]' }, { path: 'x' }, { path: 'l2', found: '-1' }]
    })
  })
})
