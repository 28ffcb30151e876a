import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { showIssue, type Issue } from 'tikhonov/layer'
import { csr, csrRows, sparseBatches, toDense } from 'tikhonov/sparse'
import { tensor, toNested } from 'tikhonov/tensor'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)
const shown = (made: E.Either<readonly Issue[], unknown>): readonly string[] => E.isLeft(made) ? made.left.map(showIssue) : []

const three = () => right(csr([3, 5], [0, 1, 3, 3], [4, 0, 3], [1, 2, 3]))

describe('sparse rows', () => {
  it('are the matrix that they say', () => {
    expect(toNested(toDense(three()))).toEqual([[0, 0, 0, 0, 1], [2, 0, 0, 3, 0], [0, 0, 0, 0, 0]])
  })

  it('are cut without copying entries', () => {
    const x = three()
    const part = csrRows(x, 1, 3)
    expect(toNested(toDense(part))).toEqual([[2, 0, 0, 3, 0], [0, 0, 0, 0, 0]])
    expect(part.indices).toBe(x.indices)
  })

  it('are cut into batches in their order, the last one shorter', () => {
    const batches = [...sparseBatches({ x: three(), y: tensor([5, 6, 7]) }, { size: 2 })]
    expect(batches.map(({ x, y }) => [toNested(toDense(x)), toNested(y)])).toEqual([
      [[[0, 0, 0, 0, 1], [2, 0, 0, 3, 0]], [5, 6]], [[[0, 0, 0, 0, 0]], [7]]
    ])
  })
})

describe('rows that do not fit are issues, the first of each kind', () => {
  it.each<readonly [string, E.Either<readonly Issue[], unknown>, readonly string[]]>([
    ['too few offsets, too few values', csr([3, 5], [0, 1], [4, 0], [1]), [
      'offsets: found 2 of them, allowed: 4, one more than rows', 'values: found 1 of them, allowed: 2, as many as indices'
    ]],
    ['offsets that descend', csr([2, 5], [0, 2, 1], [4, 0], [1, 1]), ['offsets[2]: found 1, allowed: a whole number, 2 ≤ offset ≤ 2']],
    ['offsets beyond the entries', csr([1, 5], [0, 3], [4, 0], [1, 1]), ['offsets[1]: found 3, allowed: a whole number, 0 ≤ offset ≤ 2']],
    ['offsets below 0', csr([1, 5], [-1, 0], [], []), ['offsets[0]: found -1, allowed: a whole number, 0 ≤ offset ≤ 0']],
    ['columns out of range, twice, and a number that is none',
      csr([2, 5], [0, 2, 4], [1, 1, -1, 5], [1, NaN, 1, 1]), [
        'indices[2]: found -1, allowed: a whole number, 0 ≤ index < 5',
        'indices[1]: found 1 after 1, allowed: ascending columns, each once a row',
        'values[1]: found NaN, allowed: a finite number'
      ]],
    ['columns that descend', csr([1, 5], [0, 2], [3, 2], [1, 1]),
      ['indices[1]: found 2 after 3, allowed: ascending columns, each once a row']],
    ['columns that are not whole or too large', csr([1, 5], [0, 2], [0.5, 2 ** 31], [1, 1]),
      ['indices[0]: found 0.5, allowed: a whole number below 2³¹']],
    ['a shape that is none', csr([1, -5], [0, 0], [], []), ['shape[1]: found -5, allowed: a whole number ≥ 0']]
  ])('%s', (_, made, issues) => { expect(shown(made)).toEqual(issues) })

  it('an ascending row after a higher column of the row before is none', () => {
    expect(shown(csr([2, 5], [0, 1, 2], [4, 0], [1, 1]))).toEqual([])
  })
})
