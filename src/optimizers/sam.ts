/** Sharpness-aware minimisation. */
import { add, div, mul } from '../expr/arithmetic.js'
import { greater, select } from '../expr/compare.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { globalNorm } from './clipByGlobalNorm.js'
import { gradientTransform, unchanged, type GradientTransform } from './transform.js'

/**
 * d ← ∇L(w + ρ·d/‖d‖₂), with one norm over all parameters: the gradient where the loss nearby is (to first order) worst, for the beginning
 * of a chain: `before(sam(0.05), sgd(0.1))`. A step costs two gradients, under the same draws and on the same examples.
 *
 * The penalties take part, the `exact` ones do not. Parameters without a direction are not moved by ρ. Where nobody tells the gradient
 * elsewhere, and where d = 0, d stays. Default: ρ = .05. Errors: ρ < 0. Foret, Kleiner, Mobahi & Neyshabur 2021.
 * Laws: `samLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { sam } from 'tikhonov/optimizers'
 * const w = { value: constant([3, 4]), role: 'kernel', incoming: [] } as const
 * // The loss is ½·‖w‖², whose gradient is w.
 * evaluate(sam(1).update('')({ w: w.value }, { w }, 1, (at) => at).delta.w) // => [3.6, 4.8]
 * ```
 */
export const sam = (rho: Scalar = 0.05): GradientTransform =>
  gradientTransform(spec('sam', { rho }), () => (delta, weights, _, gradientAt = () => delta) => {
    const size = globalNorm(delta)
    const part = div(rho, select(greater(size, 0), size, 1))
    const slopes = gradientAt(mapByPath(delta, (d, path) => add(weights[path].value, mul(part, d))))
    return { delta: mapByPath(delta, (d, path) => slopes[path] ?? d), slots: {}, pace: unchanged(delta) }
  }, nonNegative('rho', rho))
