/** The projection onto where the elastic net is bounded. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { allAxes } from '../expr/broadcast.js'
import { abs, equal, greater, max, select, sign } from '../expr/compare.js'
import { cumulativeSum } from '../expr/cumulative.js'
import { constant } from '../expr/leaf.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { sort } from '../expr/sort.js'
import { sqrt } from '../expr/transcendental.js'
import { reverse } from '../expr/view.js'
import { totals, wide } from './balls.js'
import { leeway } from './rounding.js'
import { onRows } from './units.js'

/** a/b, and 0 where b is 0. */
const ratio = (a: Scalar, b: Expr): Expr => select(greater(b, 0), div(a, select(greater(b, 0), b, 1)), 0)
/** The t > 0 with a·t² + b·t = c, for a, b, c ≥ 0, without a difference: 2c/(b + √(b² + 4ac)). */
const root = (a: Scalar, b: Expr, c: Scalar): Expr => ratio(mul(2, c), add(b, sqrt(add(mul(b, b), mul(4, a, c)))))

/**
 * Onto {α·Σ|v| + β·Σv² ≤ bound}, all elements together: soft(x, αμ)/(1 + 2βμ), with the μ at which the bound is met. That is a quadratic
 * equation once it is known which elements stay: those s, by size, with which the value at μ = s/α, all that are smaller gone, is below
 * the bound. At last the value is made `bound` to a rounding. A bound of 0 leaves 0.
 */
export const ontoElastic = (alpha: Scalar, beta: Scalar) => (bound: Scalar) => (w: Expr): Expr => isInvalid(w) ? w : onRows((x) => {
  const sizes = abs(x)
  const valueOf = (v: Expr): readonly [Expr, Expr] => [mul(alpha, totals(v)), mul(beta, totals(mul(v, v)))]
  const largest = reverse(sort(sizes), 1)
  const squares = mul(largest, largest)
  const places = constant(Array.from({ length: x.shape[1] }, (_, j) => j + 1))
  const [first, second] = [cumulativeSum(largest), cumulativeSum(squares)]
  const per = ratio(alpha, add(alpha, mul(2, beta, largest)))
  const spread = add(sub(second, mul(2, largest, first)), mul(places, squares))
  const stays = greater(bound, add(mul(alpha, per, sub(first, mul(places, largest))), mul(beta, per, per, spread)))
  const [some, more] = valueOf(mul(stays, largest))
  const slope = add(mul(alpha, alpha, totals(stays)), mul(4, beta, bound))
  const mu = root(mul(beta, slope), slope, max(sub(add(some, more), bound), 0))
  const p = div(max(sub(sizes, wide(mul(alpha, mu), x)), 0), wide(add(1, mul(2, beta, mu)), x))
  const [linear, square] = valueOf(p)
  const met = mul(p, wide(root(square, linear, bound), x))
  const [own, ownSquare] = valueOf(sizes)
  const value = add(own, ownSquare)
  const beyond = greater(sub(value, bound), mul(leeway(x.shape[1], value), bound))
  return select(wide(beyond, x), select(equal(met, 0), 0, mul(met, sign(x))), x)
})(allAxes(w.shape))(w)
