/** Projections onto the simplex and the balls and spheres of the norms, which constraints and the readings of penalties share. */
import { add, div, mul, neg, sub } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { abs, equal, greater, max, select, sign } from '../expr/compare.js'
import { cumulativeSum } from '../expr/cumulative.js'
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { reduceMax } from '../expr/reduce.js'
import { order, sort } from '../expr/sort.js'
import { reverse } from '../expr/view.js'
import { leeway } from './rounding.js'
import { onRows, type PerUnit } from './units.js'

/** Something of each row, against the row's elements. */
export const wide = (e: Expr, x: Expr): Expr => keepAxes(e, x.shape, [1])

/** Σ of each row. */
export const totals = (x: Expr): Expr => sum(x, [1])

/** 1 for each row whose sum, given, is `total` as far as rounding lets it be; also where it is no number, which stays as it is. */
const isTotal = (given: Expr, total: Scalar, n: number): Expr => sub(1, greater(abs(sub(given, total)), mul(leeway(n, given), total)))

/**
 * The nearest point of {p ≥ 0, Σp = total} to each row: max(x − τ, 0), with the τ that makes the sum right, found among the sums of the
 * largest elements (Held, Wolfe & Crowder 1974; Duchi et al. 2008). Elements are taken relative to the largest, of which those that are
 * less by `total` or more go to 0: nothing larger than `total` enters a sum. At last the sum is made `total` to a rounding.
 */
const nearestOnSimplex = (x: Expr, total: Scalar): Expr => {
  const below = max(sub(x, wide(reduceMax(x, [1]), x)), neg(total))
  const largest = reverse(sort(below), 1)
  const places = constant(Array.from({ length: x.shape[1] }, (_, j) => j + 1))
  const among = greater(add(mul(places, largest), total), cumulativeSum(largest))
  const tau = div(sub(totals(mul(among, largest)), total), totals(among))
  const p = max(sub(below, wide(tau, x)), 0)
  return mul(p, wide(div(total, totals(p)), x))
}

/** Onto {v ≥ 0, Σv = total}. */
export const ontoSimplex = (total: Scalar): PerUnit => onRows((x) => {
  const negative = totals(greater(0, x))
  return select(wide(mul(equal(negative, 0), isTotal(totals(x), total, x.shape[1])), x), x, nearestOnSimplex(x, total))
})

/** Onto {Σ|v| ≤ radius}: the simplex of sizes, with the signs. */
export const ontoL1Ball = (radius: Scalar): PerUnit => onRows((x) => {
  const sizes = abs(x)
  const p = nearestOnSimplex(sizes, radius)
  const size = totals(sizes)
  const beyond = greater(sub(size, radius), mul(leeway(x.shape[1], size), radius))
  return select(wide(beyond, x), select(equal(p, 0), 0, mul(p, sign(x))), x)
})

/** Onto {Σ|v| = radius}: inside, every size grows by as much; a weight that is 0 grows upwards. */
export const ontoL1Sphere = (radius: Scalar): PerUnit => onRows((x) => {
  const sizes = abs(x)
  const p = nearestOnSimplex(sizes, radius)
  return select(wide(isTotal(totals(sizes), radius, x.shape[1]), x), x, select(greater(0, x), neg(p), p))
})

/** Each weight between two bounds. */
export const clipped = (low: Scalar, high: Scalar) => (w: Expr): Expr =>
  select(greater(low, w), low, select(greater(w, high), high, w))

/** Onto {max|v| ≤ radius}. */
export const ontoLInfBall = (radius: Scalar): PerUnit => () => clipped(neg(radius), radius)

/** Places of the elements of each row by size, 0 for the largest; the first of those that are equal comes first. */
const ranks = (x: Expr): Expr => order(order(neg(abs(x))))

/** Onto {max|v| = radius}: inside, the first of the largest weights grows to it. */
export const ontoLInfSphere = (radius: Scalar): PerUnit => onRows((x) => {
  const short = wide(greater(radius, reduceMax(abs(x), [1])), x)
  const grown = select(greater(0, x), neg(radius), radius)
  return select(mul(short, greater(1, ranks(x))), grown, clipped(neg(radius), radius)(x))
})

/** Onto the vectors of at most k weights that are not 0: the k largest stay. What is not finite becomes NaN rather than 0. */
export const ontoLargest = (k: number): PerUnit => onRows((x) => select(greater(k, ranks(x)), x, sub(x, x)))
