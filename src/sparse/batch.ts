/** Sparse examples in batches, and what a trainer asks of them. */
import { option as O } from 'fp-ts'
import type { Batch } from '../engine/engine.js'
import { issue, under, type Issue } from '../part/issue.js'
import type { Path } from '../part/path.js'
import { unfold } from '../part/unfold.js'
import { rows, type Tensor } from '../tensor/tensor.js'
import { csrIssues, csrRows, type Csr } from './csr.js'

/** Examples to learn from whose features are mostly 0; what else there is to say is as in a dense batch. */
export interface SparseBatch extends Omit<Batch, 'x'> {
  readonly x: Csr
}

/** Sparse examples, and what is wanted of each. */
export interface SparseExamples {
  readonly x: Csr
  readonly y: Tensor
}

/**
 * Examples in their order, cut into batches: one pass over a stream. `size` examples a batch, a whole number ≥ 1, 1 unless told; the last
 * one may be shorter.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { csr, sparseBatches } from 'tikhonov/sparse'
 * import { tensor } from 'tikhonov/tensor'
 * F.pipe(
 *   csr([3, 5], [0, 1, 3, 3], [4, 0, 3], [1, 1, 2]),
 *   E.map((x) => [...sparseBatches({ x, y: tensor([1, 0, 1]) }, { size: 2 })].map((batch) => batch.x.shape))
 * ) // => E.right([[2, 5], [1, 5]])
 * ```
 */
export const sparseBatches = ({ x, y }: SparseExamples, { size = 1 }: { readonly size?: number } = {}): Iterable<SparseBatch> =>
  unfold(0, (from) => {
    const to = Math.min(from + Math.max(1, Math.floor(size)), x.shape[0])
    return from >= x.shape[0] ? O.none : O.some([{ x: csrRows(x, from, to), y: rows(y, from, to) }, to])
  })

/** What is wrong with rows for a model of so many features. */
export const rowIssues = (path: Path, x: Csr, features: number): readonly Issue[] => [
  ...(x.shape[1] === features ? [] : [issue(path, `${x.shape[1]} columns`, `${features}, the features of the model`)]),
  ...under(path, csrIssues(x))
]
