/** Clipping by the size of the weights. */
import { mul } from '../expr/arithmetic.js'
import { broadcast, keepAxes } from '../expr/broadcast.js'
import { max } from '../expr/compare.js'
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { l2Norm } from '../regularizers/norms.js'
import { shortened } from './clipByNorm.js'
import { gradientTransform, type GradientTransform, type Weight } from './transform.js'

/** Options of `adaptiveClip`. */
export interface AdaptiveClipOptions {
  /** What weights are at least taken to measure, so that those that begin at 0 can move; 1e-3 unless told. */
  readonly epsilon?: Scalar
}

/**
 * d ← d·min(1, λ·max(‖w‖₂, ε)/‖d‖₂) for the incoming weights w of each unit and their direction d, so that no unit turns by more than a
 * part of its length. A bias is taken element by element (the paper takes it whole).
 *
 * The paper leaves the last layer out: `masked(not(byPath('head')), adaptiveClip())`. Defaults: λ = .01, ε = 1e-3.
 * Errors: λ ≤ 0, ε ≤ 0. Brock, De, Smith & Simonyan 2021. Laws: `adaptiveClipLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { adaptiveClip } from 'tikhonov/optimizers'
 * const w = { value: constant([3, 0, 4, 1], [2, 2]), role: 'kernel', incoming: [0] } as const
 * const { delta } = adaptiveClip(0.5).update('')({ w: constant([6, 0.25, 8, 0], [2, 2]) }, { w }, 1)
 * evaluate(delta.w) // => [1.5, 0.25, 2, 0]
 * ```
 */
export const adaptiveClip = (limit: Scalar = 0.01, { epsilon = 1e-3 }: AdaptiveClipOptions = {}): GradientTransform => {
  const clipped = (what: Expr, d: Expr, { value, incoming }: Weight): Expr => {
    const length = (e: Expr): Expr => broadcast(keepAxes(l2Norm(e, incoming), e.shape, incoming), e.shape)
    return shortened(what, length(d), mul(limit, max(length(value), epsilon)))
  }
  return gradientTransform(spec('adaptiveClip', { limit, epsilon }), () => (delta, weights) => ({
    delta: mapByPath(delta, (d, path) => clipped(d, d, weights[path])),
    slots: {},
    pace: mapByPath(delta, (d, path) => clipped(broadcast(constant(1), d.shape), d, weights[path])),
    idle: {}
  }), [...positive('limit', limit), ...positive('epsilon', epsilon)])
}
