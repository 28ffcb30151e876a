/** Regularised dual averaging. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { joinPath, mapByPath, type Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import type { Separable } from '../regularizers/readings.js'
import { regularizerSpec } from '../regularizers/regularizer.js'
import { decaying } from './addDecay.js'
import { shrinking, to } from './landing.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { remember, slot } from './slot.js'
import { gradientTransform } from './transform.js'
import type { Where } from './where.js'

/** Options of `rda`. */
export interface RdaOptions {
  /** R, against the MEAN of gradients: the same λ as in a loss that is a mean. None unless told. */
  readonly penalty?: Separable
  /** What is penalised; kernels, recurrent kernels and embeddings unless told. All parameters are averaged. */
  readonly where?: Where
}

/**
 * G ← G + g; w ← argmin over u of ⟨G/t, u⟩ + R(u) + ‖u − w₀‖²/(2η√t), after t steps: the proximal operator of R by η√t at w₀ − η·G/√t.
 * For R = λ‖w‖₁ and w₀ = 0 a weight is exactly 0 while the MEAN of its gradients is within ±λ, the paper's
 * −(√t/γ)·sign(ḡ)·max(0, |ḡ| − λ) with η = 1/γ. The threshold does not shrink with the rate, which is why it finds fewer weights than
 * `exact(l1(λ))` under `sgd`.
 *
 * Defaults: η = .01, no penalty. Slots: sum, centre = w₀ (0 in the paper; what a network with hidden layers begins with must differ from
 * unit to unit), t. It tells no pace: `exact` penalties do not go with it, its own takes their place. Errors: η < 0 or not finite; those of
 * the penalty and of `where`. Xiao 2010; Nesterov 2009. Laws: `sparseStepLaws`, `idleLaws` (where η is a number), `optimizerLaws`.
 * @example
 * ```ts
 * import { rda } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * rda(0.1, { penalty: l1(0.02) }).spec.options.penalty // => { kind: 'l1', options: { lambda: 0.02 } }
 * ```
 */
export const rda = (learningRate: LearningRate = 0.01, { penalty, where = decaying }: RdaOptions = {}): Optimizer => {
  const options = { penalty: regularizerSpec(penalty), where: where.spec }
  return optimizer('rda', learningRate, options, gradientTransform(spec('rda', options), (place) => (gradients, weights, eta) => {
    const shrink = shrinking(penalty, where, weights)
    const before = (name: string, path: Path): Expr => variable(joinPath(place, name, path), gradients[path].shape)
    const t = slot(joinPath(place, 't'), [], (steps) => add(steps, 1))
    const sum = remember(place, 'sum', gradients, (sum, g) => add(sum, g))
    const centre = remember(place, 'centre', gradients, (w) => w, (path) => weights[path].initial ?? 0)
    const best = (path: Path, sum: Expr, steps: Expr): Expr =>
      shrink(path, mul(eta, sqrt(steps)))(sub(centre.now[path], mul(eta, div(sum, sqrt(steps)))))
    return {
      delta: to(mapByPath(gradients, (_, path) => best(path, sum.now[path], t.now)), weights),
      slots: { ...sum.slots, ...centre.slots, ...(Object.keys(gradients).length === 0 ? {} : t.slots) },
      // Of another learning rate at each step this does not know the last one.
      ...(typeof eta === 'number' ? {
        idle: mapByPath(gradients, (_, path) =>
          ({ after: () => ({ value: best(path, before('sum', path), variable(joinPath(place, 't'), [])) }) }))
      } : {}),
      issues: where.missing(Object.keys(weights))
    }
  }, penalty?.issues ?? []))
}
