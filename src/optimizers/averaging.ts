/** Weight averaging: a run keeps the mean of the weights that it has met, and trains as if it did not. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { equal, max, select } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { count, rate } from '../part/checks.js'
import { issue } from '../part/issue.js'
import { joinPath, type Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import { remember, slot, type Slot } from './slot.js'
import { gradientTransform, unchanged, type GradientTransform, type Update } from './transform.js'

/** Under what name averages are kept, between the transformation's place and the parameter's path. */
export const averageSlot = 'averageOfWeights'

/** a ← a + share·(w − a), w the weights that the step begins with: constant weights are their average from the first step, bit for bit. */
const averaging = (shared: (place: Path) => { readonly share: Expr; readonly slots: Slot['slots'] }): Update => (place) =>
  (delta, weights) => {
    const { share, slots } = shared(place)
    const averages = remember(
      place, averageSlot, delta, (before, _, path) => add(before, mul(share, sub(weights[path].value, before))),
      (path) => weights[path].initial ?? 0)
    return { delta, slots: { ...slots, ...averages.slots }, pace: unchanged(delta) }
  }

/**
 * Keeps the exponential moving average of the weights, free of bias from the first step: a = Σ βᵗ⁻ˢ·wₛ / Σ βᵗ⁻ˢ over the weights that
 * the steps so far began with, constraints and exact penalties done. Steps stay as they are. `averaged` of `tikhonov/training` reads it.
 *
 * Default: β = .999. Errors: β outside [0, 1). Polyak & Juditsky 1992. Laws: `averagingLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { after, adam, emaOfWeights } from 'tikhonov/optimizers'
 * after(emaOfWeights(0.99), adam()).transform.issues // => []
 * ```
 */
export const emaOfWeights = (decay: Scalar = 0.999): GradientTransform =>
  gradientTransform(spec('emaOfWeights', { decay }), averaging((place) => {
    // Σ βᵗ⁻ˢ·(1 − β), of which the newest weights have 1 − β.
    const mass = slot(joinPath(place, 'mass'), [], (before) => add(mul(decay, before), sub(1, decay)))
    return { share: div(sub(1, decay), mass.now), slots: mass.slots }
  }), rate('decay', decay))

/** Options of `swa`. */
export interface SwaOptions {
  /** How many steps to take before the first weights count. */
  readonly after: number
  /** After how many steps the next do; 1 unless told. An epoch or a cycle of the learning rate is usual. */
  readonly every?: number
}

/**
 * Stochastic weight averaging: keeps the plain mean of the weights after `after` steps, and after each `every` more. Until then it is the
 * weights as they are. Steps stay as they are. `averaged` of `tikhonov/training` reads it; statistics of batch normalisation are not those
 * of the averaged weights, see there.
 *
 * Errors: after no whole number ≥ 0, every none ≥ 1. Izmailov et al. 2018. Laws: `averagingLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { after, sgd, swa } from 'tikhonov/optimizers'
 * after(swa({ after: 1000, every: 100 }), sgd(0.05)).transform.spec.kind // => 'chain'
 * ```
 */
export const swa = ({ after, every = 1 }: SwaOptions): GradientTransform =>
  gradientTransform(spec('swa', { after, every }), averaging((place) => {
    // Counts to `every` and begins again at 1; the weights of step `after` are the first that count.
    const counted = slot(joinPath(place, 'counted'), [], (before) => select(equal(before, every), 1, add(before, 1)), every - 1 - after)
    const due = equal(counted.now, every)
    const n = slot(joinPath(place, 'n'), [], (before) => add(before, due))
    return { share: select(due, div(1, max(n.now, 1)), equal(n.now, 0)), slots: { ...counted.slots, ...n.slots } }
  }), [
    ...(Number.isSafeInteger(after) && after >= 0 ? [] : [issue('after', String(after), 'a whole number ≥ 0')]), ...count('every', every)
  ])
