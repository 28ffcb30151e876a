/** The projection that `maxNorm`, `unitNorm` and `minMaxNorm` share: onto the vectors whose length lies between two bounds. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { countOver, keepAxes } from '../expr/broadcast.js'
import { abs, equal, greater, max, min, select } from '../expr/compare.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { polar } from '../regularizers/norms.js'

/**
 * The distance ε from 1 to the next number, in the precision of whoever computes it: 4/3 is rounded to 4/3 ± ε/3, and all else here is
 * exact. 1 is asked of a value (x = x), so that it is no constant that would be folded in another precision.
 */
const epsilonAt = (x: Expr): Expr => {
  const one = equal(x, x)
  return abs(sub(mul(3, sub(div(mul(4, one), 3), one)), one))
}

/**
 * For each vector v over the incoming axes the nearest point with low ≤ ‖v‖₂ ≤ high: v itself, or v·(bound/‖v‖₂); every point of length
 * low is equally near to 0, and the one with equal elements is taken.
 *
 * Where v is kept: a projected vector is rounded, so its length as computed misses the bound by up to (n/2 + 3.5)·ε of it, n the number
 * of elements (one rounding for each square and each sum, halved by the root, and a few more). Lengths within 2.5·n·ε of a bound count
 * as allowed (n = 1 is exact), so that projecting again changes no bit, and what is kept is within 4·n·ε of what is allowed.
 */
export const ontoShell = (low: Scalar, high: Scalar) => (incoming: readonly number[]) => (w: Expr): Expr => {
  if (isInvalid(w)) return w
  const n = countOver(w.shape, incoming)
  const { size, direction } = polar(w, incoming)
  const bound = min(max(size, low), high)
  const beyond = greater(abs(sub(size, bound)), mul(mul(2.5 * n, epsilonAt(size)), bound))
  const wide = (e: Expr): Expr => keepAxes(e, w.shape, incoming)
  return select(wide(beyond), mul(wide(bound), select(wide(greater(size, 0)), direction, 1 / Math.sqrt(n))), w)
}

/** The part `rate` of the way from w to its projection p; p itself at rate 1, w itself where it is allowed. */
export const towards = (rate: Scalar, w: Expr, p: Expr): Expr => select(equal(rate, 1), p, add(w, mul(rate, sub(p, w))))
