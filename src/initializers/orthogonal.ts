/** Orthogonal first values. */
import { mul } from '../expr/arithmetic.js'
import { invalid } from '../expr/node.js'
import { orthonormal } from '../expr/orthonormal.js'
import { reshape } from '../expr/reshape.js'
import { sizeOf } from '../expr/shape.js'
import { transpose } from '../expr/view.js'
import { finite } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { draws } from '../random/draws.js'
import type { Initializer } from './initializer.js'

/**
 * gain·Q with orthonormal columns, uniform over all such matrices: WᵀW = gain²·I; where a matrix is wider than high its rows are
 * orthonormal, WWᵀ = gain²·I. Of a tensor of higher rank the last axis are the columns, the others together the rows. Made by
 * Householder's reflections from the normal matrix that is drawn at the parameter's address. Default gain 1. Errors: a gain that is not
 * finite; a shape of less than two axes. Saxe, McClelland & Ganguli 2014. Laws: `initializerLaws`, `orthogonalLaws`.
 * @example
 * ```ts
 * import { evaluate, matmul } from 'tikhonov/expr'
 * import { orthogonal } from 'tikhonov/initializers'
 * const w = orthogonal(3).initial([4, 1])('dense/0/kernel')
 * evaluate(matmul(w, w, { a: true })) // => [9]
 * ```
 */
export const orthogonal = (gain = 1): Initializer => ({
  _tag: 'Initializer',
  spec: spec('orthogonal', { gain }),
  issues: finite('gain', gain),
  initial: (shape) => (path) => {
    if (shape.length < 2) {
      return invalid({ _tag: 'ShapeProblem', operation: 'orthogonal', shapes: [shape], message: 'wants a matrix: rank 2 or more' })
    }
    const [rows, columns] = [sizeOf(shape.slice(0, -1)), shape[shape.length - 1]]
    const normal = draws('initial', path).normal('orthogonal', [Math.max(rows, columns), Math.min(rows, columns)])
    const q = orthonormal(normal)
    return mul(gain, reshape(rows < columns ? transpose(q) : q, shape))
  }
})
