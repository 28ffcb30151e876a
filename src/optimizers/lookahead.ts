/** Lookahead. */
import { add, mul, sub } from '../expr/arithmetic.js'
import { equal, select } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { count, fraction } from '../part/checks.js'
import { joinPath, mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { remember, slot } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/** Options of `lookahead`. */
export interface LookaheadOptions {
  /** k, how many fast steps make a slow one; 5 unless told. */
  readonly every?: number
  /** α, how much of the way to the fast weights the slow ones go; .5 unless told. */
  readonly alpha?: Scalar
}

/**
 * At each k-th step the slow weights go towards the fast ones, s ← s + α·(w + d − s), and the fast ones go there, d ← s − w; all other
 * steps stay. For the end of a chain: `after(lookahead(), adam())`. The slow weights begin where the parameters do.
 *
 * α = 1 is the optimizer itself. Defaults: k = 5, α = .5. It tells no pace: `exact` penalties, which move the fast weights alone, are
 * refused. Errors: k no whole number ≥ 1, α outside [0, 1]. Zhang, Lucas, Hinton & Ba 2019. Laws: `lookaheadLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { trajectory } from 'tikhonov/laws'
 * import { after, lookahead, sgd } from 'tikhonov/optimizers'
 * const slow = trajectory(after(lookahead({ every: 2 }), sgd(1)), { w: { shape: [1], role: 'kernel' } })
 * slow({ from: { w: [0] }, gradient: () => ({ w: [-1] }), steps: 4 }).map(({ w }) => w[0]) // => [0, 1, 1, 2, 2]
 * ```
 */
export const lookahead = ({ every = 5, alpha = 0.5 }: LookaheadOptions = {}): GradientTransform =>
  gradientTransform(spec('lookahead', { every, alpha }), (place) => (delta, weights) => {
    const taken = slot(joinPath(place, 'steps'), [], (before) => select(equal(before, every), 1, add(before, 1)))
    const due = equal(taken.now, every)
    const moved = (d: Expr, path: string): Expr => add(weights[path].value, d)
    const slow = remember(
      place, 'slow', delta, (before, d, path) => select(due, add(before, mul(alpha, sub(moved(d, path), before))), before),
      (path) => weights[path].initial ?? 0)
    return {
      delta: mapByPath(delta, (d, path) => select(due, sub(slow.now[path], weights[path].value), d)),
      slots: { ...taken.slots, ...slow.slots }
    }
  }, [...count('every', every), ...fraction('alpha', alpha)])
