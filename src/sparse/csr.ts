/** Rows with few numbers that are not 0: compressed sparse rows. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import type { Values } from '../expr/node.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { firstOutside } from '../part/outside.js'
import type { Tensor } from '../tensor/tensor.js'
import { dense, misplaced } from './entries.js'

/**
 * A matrix by the entries that are not 0: those of row i stand at `offsets[i]` … `offsets[i + 1]` − 1, each with its column, ascending, in
 * `indices` and its number in `values`. Whatever else `indices` and `values` hold belongs to other rows: rows of a matrix share them.
 */
export interface Csr {
  readonly _tag: 'Csr'
  readonly shape: readonly [rows: number, columns: number]
  readonly offsets: Int32Array
  readonly indices: Int32Array
  readonly values: Values
}

const sizeIssues = (axis: number, n: number): readonly Issue[] =>
  Number.isSafeInteger(n) && n >= 0 ? [] : [issue(`shape[${axis}]`, String(n), 'a whole number ≥ 0')]

/** Everything that is wrong with a matrix, the first of each kind; reads each entry once. */
export const csrIssues = ({ shape: [rows, columns], offsets, indices, values }: Csr): readonly Issue[] => {
  const sizes = [
    ...sizeIssues(0, rows),
    ...sizeIssues(1, columns),
    ...(offsets.length === rows + 1 ? [] : [issue('offsets', `${offsets.length} of them`, `${rows + 1}, one more than rows`)]),
    ...(indices.length === values.length ? [] : [issue('values', `${values.length} of them`, `${indices.length}, as many as indices`)])
  ]
  if (sizes.length > 0) return sizes
  const wrong = offsets.findIndex((at, i) => at < (i === 0 ? 0 : offsets[i - 1]) || at > indices.length)
  if (wrong >= 0) {
    const [least, at] = [wrong === 0 ? 0 : offsets[wrong - 1], offsets[wrong]]
    return [issue(`offsets[${wrong}]`, String(at), `a whole number, ${least} ≤ offset ≤ ${indices.length}`)]
  }
  const { outside, descending, infinite } = misplaced(columns, { offsets, indices, values })
  return [
    ...(outside < 0 ? [] : [issue(`indices[${outside}]`, String(indices[outside]), `a whole number, 0 ≤ index < ${columns}`)]),
    ...(descending < 0 ? []
      : [issue(`indices[${descending}]`, `${indices[descending]} after ${indices[descending - 1]}`, 'ascending columns, each once a row')]),
    ...(infinite < 0 ? [] : [issue(`values[${infinite}]`, String(values[infinite]), 'a finite number')])
  ]
}

/**
 * A matrix [rows, columns] from compressed sparse rows. Errors: offsets that do not ascend from ≥ 0 to at most the number of entries,
 * columns out of range, not ascending or twice in a row, numbers that are not finite; all of them, the first of each kind.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { showIssue } from 'tikhonov/layer'
 * import { csr } from 'tikhonov/sparse'
 * const two = (column: number) => csr([2, 5], [0, 1, 3], [4, 0, column], [1, 1, 2])
 * E.isRight(two(3)) // => true
 * E.mapLeft((issues: readonly Parameters<typeof showIssue>[0][]) => issues.map(showIssue))(two(5))
 * // => E.left(['indices[2]: found 5, allowed: a whole number, 0 ≤ index < 5'])
 * ```
 */
export const csr = (
  shape: readonly [rows: number, columns: number], offsets: ArrayLike<number>, indices: ArrayLike<number>, values: ArrayLike<number>
): E.Either<NEA.NonEmptyArray<Issue>, Csr> => {
  const whole = ([['offsets', offsets], ['indices', indices]] as const).flatMap(([name, list]) => {
    const at = firstOutside(list, { min: -(2 ** 31), max: 2 ** 31, open: 'max' }, true)
    return at < 0 ? [] : [issue(`${name}[${at}]`, String(list[at]), 'a whole number below 2³¹')]
  })
  const made: Csr = {
    _tag: 'Csr', shape, offsets: Int32Array.from(offsets), indices: Int32Array.from(indices), values: Float64Array.from(values)
  }
  return unlessIssues(whole.length > 0 ? whole : csrIssues(made), () => made)
}

/**
 * Rows `from` … `to` − 1, which share the entries of the matrix.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { csr, csrRows } from 'tikhonov/sparse'
 * F.pipe(csr([2, 5], [0, 1, 3], [4, 0, 3], [1, 1, 2]), E.map((x) => [...csrRows(x, 1, 2).offsets])) // => E.right([1, 3])
 * ```
 */
export const csrRows = ({ shape: [, columns], offsets, indices, values }: Csr, from: number, to: number): Csr =>
  ({ _tag: 'Csr', shape: [to - from, columns], offsets: offsets.subarray(from, to + 1), indices, values })

/**
 * The same rows with every number written, [rows, columns].
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { csr, toDense } from 'tikhonov/sparse'
 * import { toNested } from 'tikhonov/tensor'
 * F.pipe(csr([2, 3], [0, 1, 3], [2, 0, 1], [1, 1, 2]), E.map(toDense), E.map(toNested)) // => E.right([[0, 0, 1], [1, 2, 0]])
 * ```
 */
export const toDense = (x: Csr): Tensor => {
  const [rows, columns] = x.shape
  return { _tag: 'Tensor', shape: x.shape, data: dense(x, new Float64Array(rows * columns), columns) }
}
