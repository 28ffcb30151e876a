/** Symmetric matrices. */
import { add, mul } from '../expr/arithmetic.js'
import { invalid, type Expr } from '../expr/node.js'
import { transpose } from '../expr/view.js'
import { onMatrix } from '../regularizers/units.js'
import { constraint, type Constraint } from './constraint.js'

const halfway = (m: Expr): Expr => {
  const [rows, columns] = m.shape
  const message = `${rows} weights of each of ${columns} units are no square`
  return rows === columns ? mul(0.5, add(m, transpose(m)))
    : invalid({ _tag: 'ShapeProblem', operation: 'symmetric', shapes: [m.shape], message }, [m])
}

/**
 * W = Wᵀ for the matrix W [incoming weights, units]: (W + Wᵀ)/2, the nearest. For kernels between as many inputs as units, such as the
 * recurrent kernel of a `simpleRnn`. Errors, when a model is built: a matrix that is not square. Higham 1988. Laws:
 * `convexProjectionLaws`.
 * @example
 * ```ts
 * import { symmetric } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(symmetric.project([0])(constant([1, 2, 4, 5], [2, 2]))) // => [1, 3, 3, 5]
 * ```
 */
export const symmetric: Constraint = /*#__PURE__*/ constraint('symmetric', {}, onMatrix(halfway), [], ['whole'])
