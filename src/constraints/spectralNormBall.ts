/** A bound on what a matrix stretches by. */
import { mul, sub } from '../expr/arithmetic.js'
import { greater, min, select } from '../expr/compare.js'
import { matmul } from '../expr/matmul.js'
import type { Scalar } from '../expr/node.js'
import { reduceMax } from '../expr/reduce.js'
import { sizeOf } from '../expr/shape.js'
import { svd } from '../expr/svd.js'
import { positive } from '../part/checks.js'
import { leeway } from '../regularizers/rounding.js'
import { onMatrix } from '../regularizers/units.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * The largest singular value of the matrix [incoming weights, units] is at most cap: U·min(s, cap)·Vᵀ, the nearest in the sense of
 * Frobenius, by a decomposition at every step (`svd`), which no other projection is as dear as. So that a dense layer with
 * an activation of slope ≤ 1 is Lipschitz with the constant cap. `spectralNormalization` divides instead, by an estimate. cap > 0, given
 * always; it may be a `hyper`. Errors: another cap. Lefkimmiatis, Ward & Unser 2013; Sedghi, Gupta & Long 2019. Laws:
 * `convexProjectionLaws`.
 * @example
 * ```ts
 * import { spectralNormBall } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(spectralNormBall(2).project([0])(constant([3, 0, 0, 1], [2, 2]))) // => [2, 0, 0, 1]
 * ```
 */
export const spectralNormBall = (cap: Scalar): Constraint =>
  constraint('spectralNormBall', { cap }, onMatrix((m) => {
    const { u, s, v } = svd(m)
    const largest = reduceMax(s)
    const beyond = greater(sub(largest, cap), mul(leeway(sizeOf(m.shape) + 4, largest), cap))
    return select(beyond, matmul(mul(u, min(s, cap)), v, { b: true }), m)
  }), positive('cap', cap), ['whole'])
