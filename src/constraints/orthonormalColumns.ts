/** Orthonormal columns. */
import { sub } from '../expr/arithmetic.js'
import { abs, greater, select } from '../expr/compare.js'
import { matmul } from '../expr/matmul.js'
import { reduceMax } from '../expr/reduce.js'
import { sizeOf } from '../expr/shape.js'
import { svd } from '../expr/svd.js'
import { identity, smallerGram } from '../regularizers/matrix.js'
import { leeway } from '../regularizers/rounding.js'
import { onMatrix } from '../regularizers/units.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * WᵀW = I for the matrix W [incoming weights, units]: its polar factor U·Vᵀ, the nearest. Where there are more units than weights of each,
 * the rows are made orthonormal instead, as the initializer `orthogonal` does. The set is the manifold of Stiefel, which is not convex;
 * where a singular value is 0 several points are as near, and one of them is taken. A decomposition at every step, as in
 * `spectralNormBall`. Fan & Hoffman 1955; Higham 1986; Saxe, McClelland & Ganguli 2014. Laws: `projectionLaws`.
 * @example
 * ```ts
 * import { orthonormalColumns } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(orthonormalColumns.project([0])(constant([3, 0, 0, 0, 0, -2], [3, 2]))) // => [1, 0, 0, 0, 0, -1]
 * ```
 */
export const orthonormalColumns: Constraint = /*#__PURE__*/ constraint('orthonormalColumns', {}, onMatrix((m) => {
  const { u, v } = svd(m)
  const off = reduceMax(abs(sub(smallerGram(m), identity(Math.min(...m.shape)))))
  return select(greater(off, leeway(sizeOf(m.shape) + 4, off)), matmul(u, v, { b: true }), m)
}), [], ['whole'])
