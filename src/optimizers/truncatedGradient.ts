/** Truncated gradient. */
import { add, mul } from '../expr/arithmetic.js'
import { abs, equal, greater, select } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { count, nonNegative, positive } from '../part/checks.js'
import { joinPath, mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { softThreshold } from '../regularizers/readings.js'
import { decaying } from './addDecay.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { to } from './landing.js'
import { onlyAt } from './masked.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { slot } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'
import { chosen, type Where } from './where.js'

/** Options of `truncatedGradient`. */
export interface TruncatedGradientOptions {
  /** λ ≥ 0, the pull towards 0 of one step, by the learning rate. */
  readonly gravity: Scalar
  /** K, a whole number ≥ 1: truncate at each K-th step, by K times as much; 10 unless told. */
  readonly every?: number
  /** θ > 0: only weights within ±θ are truncated; all unless told. */
  readonly threshold?: Scalar
  /** What is truncated; kernels, recurrent kernels and embeddings unless told. */
  readonly where?: Where
}

const truncate = ({ gravity, every = 10, threshold, where = decaying }: TruncatedGradientOptions): GradientTransform => {
  const truncated = (w: Expr, by: Scalar): Expr =>
    (threshold === undefined ? softThreshold(by)(w) : select(greater(abs(w), threshold), w, softThreshold(by)(w)))
  return gradientTransform(spec('truncate', { gravity, every, threshold, where: where.spec }), (place) => (delta, weights, eta) => {
    const steps = slot(joinPath(place, 'steps'), [], (before) => select(greater(before, every - 1.5), 0, add(before, 1)))
    const pull = select(equal(steps.now, 0), mul(every, eta, gravity), 0)
    const within = onlyAt(delta, chosen(where, weights))
    return {
      delta: { ...delta, ...to(mapByPath(within, (d, path) => truncated(add(weights[path].value, d), pull)), weights) },
      slots: Object.keys(within).length === 0 ? {} : steps.slots,
      idle: mapByPath(within, (_, path) => ({
        pass: pull, after: (elapsed) => ({ value: truncated(weights[path].value, elapsed) })
      })),
      issues: where.missing(Object.keys(weights))
    }
  }, [
    ...nonNegative('gravity', gravity), ...count('every', every), ...(threshold === undefined ? [] : positive('threshold', threshold))
  ])
}

/**
 * w ← w − η·g, and at each K-th step towards 0 by K·η·gravity, no further than 0, where |w| ≤ θ. With K = 1 and no θ it is
 * `exact(l1(gravity))` under `sgd` (forward-backward splitting): few weights stay exactly 0 there, for a single gradient puts one off it
 * and one pull has to bring it back; a longer K gathers the pull.
 *
 * Defaults: η = .01, K = 10, no θ. Errors: gravity < 0, K no whole number ≥ 1, θ ≤ 0, those of η and of `where`.
 * Langford, Li & Zhang 2009. Laws: `optimizerLaws`, `sparseStepLaws`, `idleLaws`.
 * @example
 * ```ts
 * import { truncatedGradient } from 'tikhonov/optimizers'
 * truncatedGradient(0.1, { gravity: 0.01 }).learningRate // => 0.1
 * truncatedGradient(0.1, { gravity: 0.01, every: 0 }).transform.issues.map((i) => i.path) // => ['truncate/0/every']
 * ```
 */
export const truncatedGradient = (learningRate: LearningRate = 0.01, options: TruncatedGradientOptions): Optimizer => {
  const { gravity, every = 10, threshold, where = decaying } = options
  return optimizer('truncatedGradient', learningRate, { gravity, every, threshold, where: where.spec }, chain(descend, truncate(options)))
}
