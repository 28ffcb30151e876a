import { describe, expect, it } from 'vitest'
import { rows, take, tensor, toNested } from 'tikhonov/tensor'

describe('a tensor', () => {
  it.each<readonly [string, () => unknown, string]>([
    ['lists of different lengths', () => tensor([[1, 2], [3]]), 'lists of one length make a tensor, found [2] beside [1]'],
    ['a number beside a list', () => tensor([[1, 2], 3]), 'lists of one length make a tensor, found [2] beside []'],
    ['lists that differ further in', () => tensor([[[1], [2]], [[3], [4, 5]]]), 'lists of one length make a tensor, found [1] beside [2]'],
    ['data that does not fill its shape', () => tensor([1, 2, 3], [2, 2]), '3 numbers do not fill [2, 2]'],
    ['a size below 0', () => tensor(new Float64Array(0), [-1, 0]), '[-1, 0] is no shape: sizes are whole numbers ≥ 0']
  ])('is not made of %s', (_, make, message) => { expect(make).toThrow(new RangeError(message)) })

  it('has as many axes as its lists are deep, where they are empty too', () => {
    expect([tensor(3), tensor([]), tensor([[], []]), tensor([[[1]]])].map(({ shape }) => shape)).toEqual([[], [0], [2, 0], [1, 1, 1]])
  })
})

describe('rows of a tensor', () => {
  const x = tensor([[1, 2], [3, 4], [5, 6]])

  it.each([-1, 3, 0.5, NaN])('by a number that it does not have: %d', (row) => {
    expect(() => take(x, [0, row])).toThrow(RangeError)
  })

  it.each([[2, 1], [0, 4], [-1, 2], [0.5, 2], [0, NaN]])('by bounds that it does not have: %d, %d', (from, to) => {
    expect(() => rows(x, from, to)).toThrow(RangeError)
  })

  it('are none of a scalar', () => { expect(() => take(tensor(1), [0])).toThrow(RangeError) })

  it('may be none, all, and one twice', () => {
    expect(toNested(rows(x, 3, 3))).toEqual([])
    expect(rows(x, 0, 3)).toEqual(x)
    expect(toNested(take(x, [1, 1]))).toEqual([[3, 4], [3, 4]])
    expect(take(x, []).shape).toEqual([0, 2])
  })
})
