/** What is kept although it misses a bound: what a projection itself may miss it by, rounding as it does. */
import { div, mul, sub } from '../expr/arithmetic.js'
import { abs, equal } from '../expr/compare.js'
import type { Expr } from '../expr/node.js'

/**
 * The distance ε from 1 to the next number, in the precision of whoever computes it: 4/3 is rounded to 4/3 ± ε/3, and all else here is
 * exact. 1 is asked of a value (x = x), so that it is no constant that would be folded in another precision.
 */
const epsilonAt = (x: Expr): Expr => {
  const one = equal(x, x)
  return abs(sub(mul(3, sub(div(mul(4, one), 3), one)), one))
}

/**
 * 2.5·n·ε, in the precision of `x`: what a sum over n weights, computed, may miss its bound by, relative to it, and still count as
 * allowed. A projected point is rounded, so that its own sum misses by up to (n/2 + 3.5)·ε; with this much leave, projecting again changes
 * no bit, and what is kept is within 4·n·ε of what is allowed.
 */
export const leeway = (n: number, x: Expr): Expr => mul(2.5 * n, epsilonAt(x))
