/** The mean below a moving window. */
import { div } from './arithmetic.js'
import { broadcast, sum } from './broadcast.js'
import { isInvalid, type Expr } from './node.js'
import { patches } from './patches.js'
import type { PoolWindow } from './pool.js'

/**
 * The mean of what lies below each place of a window: [n, …spatial, c] → [n, …places, c]. What lies beyond the edge does not count: the sum
 * of the patches is divided by that of the patches of ones, which is a constant.
 * @example
 * ```ts
 * import { averagePool, constant, evaluate } from 'tikhonov/expr'
 * evaluate(averagePool(constant([3, 7, 5], [1, 3, 1]), { size: [2], strides: [2], padding: 'same' })) // => [5, 5]
 * ```
 */
export const averagePool = (x: Expr, window: PoolWindow): Expr => {
  const p = patches(x, window)
  if (isInvalid(p)) return p
  const cells = window.size.map((_, a) => 1 + window.size.length + a)
  const ones = broadcast(1, [1, ...x.shape.slice(1, -1), 1])
  return div(sum(p, cells), sum(patches(ones, window), cells))
}
