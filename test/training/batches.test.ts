import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitrary } from 'tikhonov/laws'
import { permutation } from 'tikhonov/random'
import { tensor } from 'tikhonov/tensor'
import { batches, type Batch, type Batches, type BatchesOptions, type Examples } from 'tikhonov/training'

/** n examples of two inputs; the first input, the wanted value and the weight all say which example it is. */
const numbered = (n: number): Examples => ({
  x: tensor(Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? i / 2 : 7)), [n, 2]),
  y: tensor(Float64Array.from({ length: n }, (_, i) => i), [n]),
  weight: Array.from({ length: n }, (_, i) => i + 0.5)
})

const made = (examples: Examples, options: BatchesOptions): Batches => {
  const found = batches(examples, options)
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  return found.right
}

const firsts = (given: Iterable<Batch>, n: number): readonly Batch[] => {
  const found: Batch[] = []
  for (const batch of given) if (found.push(batch) === n) break
  return found
}

const present = ({ x, count = x.shape[0] }: Batch): readonly number[] => Array.from(x.data).filter((_, i) => i % 2 === 0).slice(0, count)
const numbers = (given: Iterable<Batch>): readonly (readonly number[])[] => Array.from(given, present)
const issues = (examples: Examples, options: BatchesOptions) => {
  const found = batches(examples, options)
  return E.isLeft(found) ? found.left.map(({ path, found: was, allowed }) => `${path}: ${was} (${allowed})`) : []
}

describe('batches', () => {
  it('keep the order without shuffling, epoch after epoch', () => {
    expect(numbers(made(numbered(5), { size: 2, epochs: 2, shuffle: false }))).toEqual([[0, 1], [2, 3], [4], [0, 1], [2, 3], [4]])
  })

  it('come 32 to a batch, once, shuffled by seed 0, padded, unless told', () => {
    const all = [...made(numbered(40), {})]
    expect(all.map(({ x, count }) => [x.shape[0], count])).toEqual([[32, undefined], [32, 8]])
    expect(numbers(all).flat()).toEqual(permutation(40, { seed: 0, round: 0 }))
  })

  it('are shuffled anew each epoch, by seed and epoch alone', () => {
    const all = numbers(made(numbered(9), { size: 4, epochs: 3, shuffle: { seed: 5 } }))
    expect([0, 3, 6].map((at) => all.slice(at, at + 3).flat())).toEqual([0, 1, 2].map((round) => permutation(9, { seed: 5, round })))
  })

  it('keep x, y and weight of an example together', () => {
    for (const last of ['pad', 'drop', 'keep'] as const) {
      for (const { x, y, weight, count = x.shape[0] } of made(numbered(7), { size: 3, epochs: 2, last })) {
        for (let i = 0; i < count; i++) expect([y.data[i], weight?.[i]]).toEqual([x.data[2 * i], x.data[2 * i] + 0.5])
      }
    }
  })

  it('pad a short last batch to size with an example that is there, of weight 0', () => {
    const last = [...made(numbered(5), { size: 3, shuffle: false })][1]
    expect(last).toEqual({ x: tensor([[3, 7], [4, 7], [4, 7]]), y: tensor([3, 4, 4]), weight: [3.5, 4.5, 0], count: 2 })
    const { weight: _, ...plain } = numbered(5)
    expect([...made(plain, { size: 3, shuffle: false })][1]).toEqual({ x: last.x, y: last.y, count: 2 })
  })

  it('drop or keep a short last batch when told so', () => {
    const kept = [...made(numbered(5), { size: 2, last: 'keep' })]
    expect(kept.map(({ x, count }) => [x.shape[0], count])).toEqual([[2, undefined], [2, undefined], [1, undefined]])
    const dropped = numbers(made(numbered(5), { size: 2, epochs: 2, last: 'drop', shuffle: { seed: 3 } }))
    expect(dropped).toEqual([0, 1].map((round) => permutation(5, { seed: 3, round })).flatMap((o) => [o.slice(0, 2), o.slice(2, 4)]))
  })

  it('are the whole set where it has no more examples than a batch, unshuffled, the same batch each epoch, no number copied', () => {
    const examples = numbered(5)
    for (const size of [5, 6, Infinity]) {
      const all = [...made(examples, { size, epochs: 3 })]
      expect(numbers(all)).toEqual([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]])
      expect(new Set(all).size).toBe(1)
      expect(all[0].x.data.buffer).toBe(examples.x.data.buffer)
    }
  })

  it('copy nothing where nothing is shuffled', () => {
    const examples = numbered(6)
    for (const { x, y } of made(examples, { size: 2, shuffle: false })) {
      expect(x.data.buffer).toBe(examples.x.data.buffer)
      expect(y.data.buffer).toBe(examples.y.data.buffer)
    }
  })

  it('are made as they are asked for, and without end if so told', () => {
    expect(numbers(firsts(made(numbered(2), { size: 1, epochs: Infinity, shuffle: false }), 5))).toEqual([[0], [1], [0], [1], [0]])
  })

  it('begin anew with each iteration', () => {
    const all = made(numbered(8), { size: 3, epochs: 2 })
    expect(numbers(all)).toEqual(numbers(all))
  })

  it('say how many an epoch has', () => {
    const perEpoch = (n: number, options: BatchesOptions) => made(numbered(n), options).perEpoch
    expect(perEpoch(7, { size: 3 })).toBe(3)
    expect(perEpoch(7, { size: 3, last: 'drop' })).toBe(2)
    expect(perEpoch(7, { size: 9 })).toBe(1)
  })

  it('go on from every cursor where a batch begins with exactly the batches that were left', () => {
    const policy = fc.constantFrom('pad' as const, 'drop' as const, 'keep' as const)
    const shuffle = fc.oneof(fc.constant(false as const), arbitrary.seed().map((seed) => ({ seed })))
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 3 }), policy, shuffle,
      (n, asked, epochs, last, order) => {
        const options = { size: last === 'drop' ? Math.min(asked, n) : asked, epochs, last, shuffle: order }
        const all = [...made(numbered(n), options)]
        const cursors = all.reduce<readonly number[]>((at, batch) => [...at, at[at.length - 1] + present(batch).length], [0])
        cursors.forEach((from, i) => { expect([...made(numbered(n), { ...options, from })]).toEqual(all.slice(i)) })
      }), { numRuns: 60 })
  })

  it('hand out each example once an epoch', () => {
    const all = numbers(made(numbered(50), { size: 7, epochs: 2 }))
    const everyone = Array.from({ length: 50 }, (_, i) => i)
    for (const epoch of [all.slice(0, 8), all.slice(8)]) expect([...epoch.flat()].sort((a, b) => a - b)).toEqual(everyone)
  })

  it.each<readonly [string, BatchesOptions, readonly string[]]>([
    ['size 0', { size: 0 }, ['size: 0 (a whole number ≥ 1, or Infinity for all at once)']],
    ['a size of NaN', { size: Number.NaN }, ['size: NaN (a whole number ≥ 1, or Infinity for all at once)']],
    ['half a size', { size: 2.5 }, ['size: 2.5 (a whole number ≥ 1, or Infinity for all at once)']],
    ['no epochs', { epochs: 0 }, ['epochs: 0 (a whole number ≥ 1, or Infinity without end)']],
    ['a seed out of range', { shuffle: { seed: -1 } }, ['shuffle/seed: -1 (a whole number, 0 ≤ seed < 2³²)']],
    ['a size that drops every batch', { size: 6, last: 'drop' }, ['size: 6 (at most 5: a shorter batch is dropped)']],
    ['a cursor between batches', { size: 2, from: 3 }, ['from: 3 (a multiple of 2 in an epoch of 5)']],
    ['a cursor past the end', { size: 2, from: 12 }, ['from: 12 (at most 5, the end of the last epoch)']],
    ['a cursor below 0', { from: -2 }, ['from: -2 (a whole number ≥ 0)']],
    ['everything at once', { size: 0, epochs: -1, shuffle: { seed: 0.5 }, from: Number.NaN }, [
      'size: 0 (a whole number ≥ 1, or Infinity for all at once)', 'epochs: -1 (a whole number ≥ 1, or Infinity without end)',
      'shuffle/seed: 0.5 (a whole number, 0 ≤ seed < 2³²)', 'from: NaN (a whole number ≥ 0)'
    ]]
  ])('refuse %s', (_, options, expected) => { expect(issues(numbered(5), options)).toEqual(expected) })

  it('refuse examples that do not belong together', () => {
    expect(issues({ x: tensor([[1], [2]]), y: tensor([1]), weight: [1, 1, 1] }, {})).toEqual([
      'y: 1 examples (2, as x has)', 'weight: 3 weights (2, one an example)'
    ])
    const none = { x: tensor(new Float64Array(0), [0, 2]), y: tensor(new Float64Array(0), [0]) }
    expect(issues(none, {})).toEqual(['x: no examples (at least 1)'])
  })
})
