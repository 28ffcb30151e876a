/** Norms of whole tensors, as functions of their own. */
import { mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { abs, greater, select } from '../expr/compare.js'
import type { Expr } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'

/** ‖w‖₁ = Σ|w|; its gradient is sign(w), 0 at 0. */
export const l1Norm = (w: Expr): Expr => sum(abs(w))

/**
 * √Σw² over axes, with gradient w/‖w‖ and, at 0, gradient 0: the root is guarded inside. The one norm that penalties, constraints
 * and clipping share.
 */
export const norm = (w: Expr, axes?: readonly number[]): Expr => {
  const squares = sum(mul(w, w), axes)
  const some = greater(squares, 0)
  return mul(some, sqrt(select(some, squares, 1)))
}
