/** How many parameters a penalised linear fit spends. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import { add, div, mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { greater, select } from '../expr/compare.js'
import { evaluate } from '../expr/evaluate.js'
import { constant } from '../expr/leaf.js'
import { showShape } from '../expr/shape.js'
import { svd } from '../expr/svd.js'
import { nonNegative } from '../part/checks.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import type { Tensor } from '../tensor/tensor.js'

/** The columns of a matrix, one after the other, at some places. */
const columnsAt = ({ shape: [n, p], data }: Tensor, places: readonly number[]): readonly number[] =>
  Array.from({ length: n }, (_, row) => places.map((column) => data[row * p + column])).flat()

/**
 * The effective degrees of freedom of a linear fit y ≈ x·w that minimises mean squares + l1(α) + l2(λ), in closed form: over the columns
 * A of x whose weight is not 0, Σ s²/(s² + n·λ), s the singular values of x_A, n its rows. Without l2 that is the rank of x_A (for the
 * lasso the number of non-zero weights: Zou, Hastie & Tibshirani 2007), without zeros the trace of ridge's hat matrix (Hoerl & Kennard
 * 1970), with both the elastic net's (Tibshirani & Taylor 2012). x [n, p] as it was fitted, centred where there is an intercept, which is
 * not counted; w [p] or [p, outputs], over which it is summed. λ = 0 unless told; ridge(λ) is l2(λ/2).
 * Errors: shapes that do not fit each other, numbers that are not finite, λ < 0.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { degreesOfFreedom } from 'tikhonov/report'
 * import { tensor } from 'tikhonov/tensor'
 * const x = tensor([[2, 0, 0], [0, 1, 0]])
 * degreesOfFreedom(x, tensor([3, -1, 0])) // => E.right(2)
 * degreesOfFreedom(x, tensor([3, 0, 0]), { l2: 2 }) // => E.right(0.5)
 * ```
 */
export const degreesOfFreedom = (
  x: Tensor, w: Tensor, { l2: lambda = 0 }: { readonly l2?: number } = {}
): E.Either<NEA.NonEmptyArray<Issue>, number> => {
  const [n, p] = x.shape
  const fits = x.shape.length === 2 && (w.shape.length === 1 || w.shape.length === 2) && w.shape[0] === p
  const finite = ({ data }: Tensor): boolean => data.every(Number.isFinite)
  const issues = [
    ...(fits ? [] : [issue('w', `weights ${showShape(w.shape)} of inputs ${showShape(x.shape)}`, 'weights [p] or [p, outputs] of [n, p]')]),
    ...[['x', x] as const, ['w', w] as const].flatMap(([at, t]) =>
      (finite(t) ? [] : [issue(at, 'a number that is not finite', 'finite numbers')])),
    ...nonNegative('l2', lambda)
  ]
  const spent = (output: number, outputs: number): number => {
    const active = Array.from({ length: p }, (_, i) => i).filter((i) => w.data[i * outputs + output] !== 0)
    if (active.length === 0 || n === 0) return 0
    const { s } = svd(constant(columnsAt(x, active), [n, active.length]))
    const squares = mul(s, s)
    return evaluate(sum(select(greater(s, 0), div(squares, add(squares, n * lambda)), 0)))[0]
  }
  return unlessIssues(issues, () => {
    const outputs = w.shape[1] ?? 1
    return Array.from({ length: outputs }, (_, output) => spent(output, outputs)).reduce((a, b) => a + b, 0)
  })
}
