/** Clipping by the norm of all directions together. */
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { concat } from '../expr/view.js'
import { positive } from '../part/checks.js'
import { mapByPath, type ByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { l2Norm } from '../regularizers/norms.js'
import { shortened } from './clipByNorm.js'
import { stateless, type GradientTransform } from './transform.js'

/**
 * The length of all directions together, √Σ‖d‖₂²; 0 of none.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { globalNorm } from 'tikhonov/optimizers'
 * evaluate(globalNorm({ w: constant([2, 3]), b: constant([6]) })) // => [7]
 * ```
 */
export const globalNorm = (delta: ByPath<Expr>): Expr => {
  const lengths = Object.values(delta).map((d) => reshape(l2Norm(d), [1]))
  return lengths.length === 0 ? constant(0) : l2Norm(concat(lengths, 0))
}

/**
 * d ← d·min(1, c/‖all d‖₂): one factor for all parameters, so that the direction of the whole step stays. Freeze and mask before it:
 * what has a direction counts. What is not finite stays so, and the step ends with a typed error.
 * Errors: c ≤ 0 or not finite. Pascanu, Mikolov & Bengio 2013. Laws: `clipLaws` by global norm, `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { clipByGlobalNorm } from 'tikhonov/optimizers'
 * const { delta } = clipByGlobalNorm(3.5).update('')({ w: constant([2, 3]), b: constant([6]) }, {}, 1)
 * evaluate(delta.w) // => [1, 1.5]
 * evaluate(delta.b) // => [3]
 * ```
 */
export const clipByGlobalNorm = (limit: Scalar): GradientTransform =>
  stateless(spec('clipByGlobalNorm', { limit }), (delta) => {
    const size = globalNorm(delta)
    return mapByPath(delta, (d) => shortened(d, size, limit))
  }, positive('limit', limit), (delta) => {
    const size = globalNorm(delta)
    return mapByPath(delta, () => shortened(constant(1), size, limit))
  })
