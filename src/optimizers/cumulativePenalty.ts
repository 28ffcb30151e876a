/** The cumulative L1 penalty. */
import { add, mul, sub } from '../expr/arithmetic.js'
import { max, min } from '../expr/compare.js'
import { variable } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { joinPath, mapByPath, type Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import { decaying } from './addDecay.js'
import { chain } from './chain.js'
import { descend } from './descend.js'
import { to } from './landing.js'
import { onlyAt } from './masked.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { remember, slot } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'
import { chosen, type Where } from './where.js'

/** Options of `cumulativePenalty`. */
export interface CumulativePenaltyOptions {
  /** λ ≥ 0, that of λ‖w‖₁ in a loss that is a mean. */
  readonly lambda: Scalar
  /** What is penalised; kernels, recurrent kernels and embeddings unless told. */
  readonly where?: Where
}

/** What is left of w by a penalty of at most u in all, q of it (with its sign) received before: no further than 0. */
const clipped = (w: Expr, u: Expr, q: Expr): Expr => add(
  max(0, sub(max(w, 0), max(0, add(u, q)))),
  min(0, add(min(w, 0), max(0, sub(u, q))))
)

const pay = ({ lambda, where = decaying }: CumulativePenaltyOptions): GradientTransform =>
  gradientTransform(spec('cumulativePenalty', { lambda, where: where.spec }), (place) => (delta, weights, eta) => {
    const u = slot(joinPath(place, 'due'), [], (before) => add(before, mul(eta, lambda)))
    const within = onlyAt(delta, chosen(where, weights))
    const name = (path: Path): Path => joinPath(place, 'paid', path)
    const owed = (path: Path, w: Expr, u: Expr) => {
      const q = variable(name(path), w.shape)
      const value = clipped(w, u, q)
      return { value, paid: add(q, sub(value, w)) }
    }
    const now = mapByPath(within, (d, path) => owed(path, add(weights[path].value, d), u.now))
    return {
      delta: { ...delta, ...to(mapByPath(now, ({ value }) => value), weights) },
      slots: {
        ...remember(place, 'paid', within, (_, __, path) => now[path].paid).slots,
        ...(Object.keys(now).length === 0 ? {} : u.slots)
      },
      idle: mapByPath(within, (_, path) => ({
        after: () => {
          const { value, paid } = owed(path, weights[path].value, variable(joinPath(place, 'due'), []))
          return { value, slots: { [name(path)]: paid } }
        }
      })),
      issues: where.missing(Object.keys(weights))
    }
  }, nonNegative('lambda', lambda))

/**
 * w ← w − η·g, then towards 0 by what it still owes, no further than 0: of the penalty u = Σηλ that any weight could have received so far
 * a weight has paid q, so that one which its gradients put off 0 pays at once for the steps in which it was 0. That keeps weights at 0
 * whose gradients are noise, where `exact(l1(λ))` under `sgd` does not.
 *
 * Default: η = .01. Slots: due (u) and paid (q). Errors: λ < 0 or not finite, those of η and of `where`.
 * Tsuruoka, Tsujii & Ananiadou 2009. Laws: `optimizerLaws`, `sparseStepLaws`, `idleLaws`.
 * @example
 * ```ts
 * import { cumulativePenalty } from 'tikhonov/optimizers'
 * cumulativePenalty(0.1, { lambda: 0.01 }).learningRate // => 0.1
 * cumulativePenalty(0.1, { lambda: -1 }).transform.issues.map((i) => i.path) // => ['cumulativePenalty/0/lambda']
 * ```
 */
export const cumulativePenalty = (learningRate: LearningRate = 0.01, options: CumulativePenaltyOptions): Optimizer => {
  const { lambda, where = decaying } = options
  return optimizer('cumulativePenalty', learningRate, { lambda, where: where.spec }, chain(descend, pay(options)))
}
