/** Running totals. */
import { add } from './arithmetic.js'
import { isInvalid, type Expr } from './node.js'
import { pad, slice } from './view.js'

/** x plus itself `by` places later, along the last axis. */
const doubled = (x: Expr, by: number): Expr => {
  const [lead, n] = [x.shape.slice(0, -1), x.shape[x.shape.length - 1]]
  if (by >= n) return x
  const later = pad(slice(x, x.shape.map(() => 0), [...lead, n - by]), [...lead.map(() => 0), by], x.shape)
  return doubled(add(x, later), 2 * by)
}

/**
 * Σ of all elements up to each, along the last axis, in ⌈log₂ n⌉ additions of whole tensors, so that as many roundings are in each sum
 * (Hillis & Steele 1986).
 * @example
 * ```ts
 * import { constant, cumulativeSum, evaluate } from 'tikhonov/expr'
 * evaluate(cumulativeSum(constant([1, 2, 3, 4]))) // => [1, 3, 6, 10]
 * ```
 */
export const cumulativeSum = (x: Expr): Expr => (isInvalid(x) || x.shape.length === 0 ? x : doubled(x, 1))
