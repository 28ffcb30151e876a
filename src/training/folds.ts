/** Folds: which rows cross-validation leaves out in turn. */
import { seed as seedIssues } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { refuse } from '../part/refuse.js'
import { permutation } from '../random/permutation.js'

const countIssues = (n: number, k: number): readonly Issue[] =>
  !Number.isSafeInteger(n) || n < 1 ? [issue('n', String(n), 'a whole number ≥ 1')]
  : Number.isSafeInteger(k) && k >= 1 && k <= n ? []
  : [issue('k', String(k), `a whole number, 1 ≤ k ≤ ${n}: each fold has a row`)]

/**
 * The rows that each of k folds leaves out, a permutation at the address of the seed cut in k; sizes differ by one at most. Whoever asks
 * with the same n, k and seed leaves out the same rows, so that what is compared is compared in pairs. The seed is 0 unless told.
 * Errors: n, k ≤ n not whole numbers ≥ 1, a seed out of range (a RangeError: a mistake of the caller). Laws: `foldLaws`.
 * @example
 * ```ts
 * import { foldsOf } from 'tikhonov/training'
 * foldsOf(5, 2).map((rows) => rows.length) // => [3, 2]
 * foldsOf(5, 2).flat().sort() // => [0, 1, 2, 3, 4]
 * ```
 */
export const foldsOf = (n: number, k: number, seed = 0): readonly (readonly number[])[] => {
  refuse([...countIssues(n, k), ...seedIssues('seed', seed)])
  const order = permutation(n, { seed, purpose: 'folds' })
  return Array.from({ length: k }, (_, fold) => order.filter((_, i) => i % k === fold))
}
