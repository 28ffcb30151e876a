/** Examples cut into batches, epoch after epoch: a lazy sequence that can be entered at any batch. */
import { option as O, type either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { sizeOf } from '../expr/shape.js'
import type { Batch } from '../engine/engine.js'
import { seed as seedIssues } from '../part/checks.js'
import { issue, under, unlessIssues, type Issue } from '../part/issue.js'
import { unfold } from '../part/unfold.js'
import { permutation } from '../random/permutation.js'
import { take, type Tensor } from '../tensor/tensor.js'

/** Examples, axis 0 one to each, with what is wanted for each and how much each counts (1 unless told). */
export interface Examples {
  readonly x: Tensor
  readonly y: Tensor
  readonly weight?: ArrayLike<number>
}

/** How examples are cut. */
export interface BatchesOptions {
  /** Examples in a batch: a whole number ≥ 1; all of them where it is more than there are (`Infinity` says so). 32 unless told. */
  readonly size?: number
  /** How many times the examples are gone through: a whole number ≥ 1, or `Infinity`. Once unless told. */
  readonly epochs?: number
  /** A seed decides the order of each epoch; `false` keeps the order. Seed 0 unless told. */
  readonly shuffle?: false | { readonly seed: number }
  /** A last batch that is too short is filled up (`count` says how many are examples), left out, or kept short. 'pad' unless told. */
  readonly last?: 'pad' | 'drop' | 'keep'
  /** The cursor of the state to go on from; 0 unless told. */
  readonly from?: number
}

/** Batches in order; each iteration begins anew. */
export interface Batches extends Iterable<Batch> {
  /** How many batches an epoch has. */
  readonly perEpoch: number
}

const policies = ['pad', 'drop', 'keep']

const countOf = ({ x }: Examples): number => x.shape[0] ?? 0

/** How many examples an epoch hands out. */
const epochOf = (n: number, size: number, last: string): number => (last === 'drop' && size < n ? n - (n % size) : n)

const countable = (name: string, value: number, unless: string): readonly Issue[] =>
  value === Infinity || (Number.isSafeInteger(value) && value >= 1) ? []
  : [issue(name, String(value), `a whole number ≥ 1, or Infinity ${unless}`)]

const exampleIssues = ({ y, weight }: Examples, n: number): readonly Issue[] => [
  ...(n >= 1 ? [] : [issue('x', 'no examples', 'at least 1')]),
  ...(y.shape[0] === n ? [] : [issue('y', `${y.shape[0] ?? 0} examples`, `${n}, as x has`)]),
  ...(weight === undefined || weight.length === n ? [] : [issue('weight', `${weight.length} weights`, `${n}, one an example`)])
]

const optionIssues = (n: number, { size, epochs, shuffle, last, from }: Required<BatchesOptions>): readonly Issue[] => {
  const wrong = [
    ...countable('size', size, 'for all at once'),
    ...countable('epochs', epochs, 'without end'),
    ...(shuffle === false ? [] : under('shuffle', seedIssues('seed', shuffle.seed))),
    ...(policies.includes(last) ? [] : [issue('last', last, `one of ${policies.join(', ')}`)]),
    ...(last !== 'drop' || size <= n || size === Infinity ? []
      : [issue('size', String(size), `at most ${n}: a shorter batch is dropped`)]),
    ...(Number.isSafeInteger(from) && from >= 0 ? [] : [issue('from', String(from), 'a whole number ≥ 0')])
  ]
  if (wrong.length > 0 || n === 0) return wrong
  const epoch = epochOf(n, size, last)
  return [
    ...((from % epoch) % Math.min(size, n) === 0 ? [] : [issue('from', String(from), `a multiple of ${size} in an epoch of ${epoch}`)]),
    ...(from <= epochs * epoch ? [] : [issue('from', String(from), `at most ${epochs * epoch}, the end of the last epoch`)])
  ]
}

/** Rows `from` … `to` − 1 without copying them: tensors are immutable. */
const view = ({ shape, data }: Tensor, from: number, to: number): Tensor => {
  const width = sizeOf(shape.slice(1))
  return { _tag: 'Tensor', shape: [to - from, ...shape.slice(1)], data: data.subarray(from * width, to * width) }
}

/** The examples of these rows; after the first `count` of them they are padding and weigh nothing. */
const rowsOf = ({ x, y, weight }: Examples, rows: readonly number[], count: number): Batch => ({
  x: take(x, rows),
  y: take(y, rows),
  ...(weight === undefined ? {} : { weight: rows.map((r, i) => (i < count ? weight[r] : 0)) }),
  ...(count === rows.length ? {} : { count })
})

const viewOf = ({ x, y, weight }: Examples, from: number, to: number): Batch => ({
  x: view(x, from, to),
  y: view(y, from, to),
  ...(weight === undefined ? {} : { weight: Array.from({ length: to - from }, (_, i) => weight[from + i]) })
})

/** Where a sequence stands: an epoch, a batch in it, and the order of that epoch's examples (`undefined`: as they are). */
interface Place {
  readonly epoch: number
  readonly batch: number
  readonly order: readonly number[] | undefined
}

const sequence = (examples: Examples, { size: asked, epochs, shuffle, last, from }: Required<BatchesOptions>): Batches => {
  const n = countOf(examples)
  const size = Math.min(asked, n)
  const epochSize = epochOf(n, size, last)
  const perEpoch = Math.ceil(epochSize / size)
  const whole = viewOf(examples, 0, n)
  const orderOf = (epoch: number) => (shuffle === false || size === n ? undefined : permutation(n, { seed: shuffle.seed, round: epoch }))

  const batchAt = ({ batch, order }: Place): Batch => {
    const [begin, end] = [batch * size, Math.min((batch + 1) * size, n)]
    if (size === n) return whole
    if (order === undefined && (end - begin === size || last === 'keep')) return viewOf(examples, begin, end)
    const rows = Array.from({ length: end - begin }, (_, i) => order?.[begin + i] ?? begin + i)
    const padding = Array.from({ length: last === 'pad' ? size - rows.length : 0 }, () => rows[rows.length - 1])
    return rowsOf(examples, [...rows, ...padding], rows.length)
  }

  const after = (place: Place): Place =>
    place.batch + 1 < perEpoch ? { ...place, batch: place.batch + 1 } : { epoch: place.epoch + 1, batch: 0, order: undefined }
  const first: Place = { epoch: Math.floor(from / epochSize), batch: (from % epochSize) / size, order: undefined }
  return {
    perEpoch,
    [Symbol.iterator]: () => unfold(first, (place) => {
      if (place.epoch >= epochs) return O.none
      const here = { ...place, order: place.order ?? orderOf(place.epoch) }
      return O.some([batchAt(here), after(here)] as const)
    })[Symbol.iterator]()
  }
}

/**
 * The batches of an epoch, of each epoch, one after the other, made as they are asked for.
 *
 * Batch boundaries are a function of the position in the stream: `from: state.cursor` hands out exactly the batches that were left, in
 * mid-epoch too. In epoch e the examples come in the order `permutation(n, { seed, round: e })`. A batch that is the whole set is neither
 * shuffled nor copied: it is the same batch in each epoch, since a mean does not depend on the order. Without shuffling nothing is copied.
 *
 * A padded batch repeats its last example (whatever the loss, it is then finite there as elsewhere); `count` says how many are examples,
 * and neither the loss nor penalties on activities nor the cursor see the others.
 *
 * Defaults: `size` 32, `epochs` 1, `shuffle` by seed 0, `last` 'pad', `from` 0. Errors, all of them together: a size, number of epochs or
 * seed out of range, a size that drops every batch, a `from` where no batch begins or past the end, no examples, x, y and weights of
 * different length.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { tensor } from 'tikhonov/tensor'
 * import { batches } from 'tikhonov/training'
 * const examples = { x: tensor([[1], [2], [3]]), y: tensor([[0], [1], [0]]) }
 * F.pipe(
 *   batches(examples, { size: 2, epochs: 2, shuffle: false }),
 *   E.map((all) => [...all].map(({ x, count }) => [...x.data].slice(0, count)))
 * ) // => E.right([[1, 2], [3], [1, 2], [3]])
 * F.pipe(batches(examples, { size: 2, shuffle: false, from: 2 }), E.map((left) => [...left].length)) // => E.right(1)
 * ```
 */
export const batches = (examples: Examples, options: BatchesOptions = {}): E.Either<NEA.NonEmptyArray<Issue>, Batches> => {
  const all = { size: 32, epochs: 1, shuffle: { seed: 0 }, last: 'pad', from: 0, ...options } as const
  const n = countOf(examples)
  return unlessIssues([...exampleIssues(examples, n), ...optionIssues(n, all)], () => sequence(examples, all))
}
