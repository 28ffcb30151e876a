/** FTRL-proximal: follow the regularised leader. */
import { add, div, mul, neg, sub } from '../expr/arithmetic.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { positive } from '../part/checks.js'
import { joinPath, mapByPath, type Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import type { Separable } from '../regularizers/readings.js'
import { regularizerSpec } from '../regularizers/regularizer.js'
import { decaying } from './addDecay.js'
import { shrinking, to } from './landing.js'
import { optimizer, type Optimizer } from './optimizer.js'
import { remember } from './slot.js'
import { gradientTransform } from './transform.js'
import type { Where } from './where.js'

/** Options of `ftrl`. */
export interface FtrlOptions {
  /** β > 0, what the root of the sum of squares begins with; 1 unless told. */
  readonly beta?: number
  /** R, against the SUM of gradients, as in the paper: l1(λ₁), l1l2({ l1: λ₁, l2: λ₂/2 }). None unless told. */
  readonly penalty?: Separable
  /** What is penalised; kernels, recurrent kernels and embeddings unless told. All parameters follow the leader. */
  readonly where?: Where
}

/**
 * n ← n + g²; z ← z + g − (√n − √n₋)/α·w; w ← prox of R by η at −η·z, η = α/(β + √n): for R = λ₁‖w‖₁ + ½λ₂‖w‖² that is the paper's
 * w = 0 if |z| ≤ λ₁, else −(z − sign(z)·λ₁)/((β + √n)/α + λ₂). Each step weighs the whole past again, so weights are exactly 0 while the
 * sum of their gradients does not outweigh λ₁, and come back when it does. Without R it is `torchAdagrad(α, { initialAccumulator: 0,
 * epsilon: β })`, step for step.
 *
 * Defaults: α = .1, β = 1, no penalty. R goes against the SUM of gradients: λ is t times what it is in `rda` or in a loss that is a mean
 * of t examples. Slots n, and z = −w₀·β/α at first, so that a run begins at the parameters' first values; who replaces parameters of a
 * state replaces their z. It tells no pace: `exact` penalties do not go with it, its own takes their place.
 * Errors: α ≤ 0, β ≤ 0, or not finite; those of the penalty and of `where`. McMahan et al. 2013. Laws: `followLeaderLaws`,
 * `sparseStepLaws`, `idleLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { ftrl } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * ftrl(0.1, { penalty: l1(2) }).spec.options.penalty // => { kind: 'l1', options: { lambda: 2 } }
 * ftrl(0.1, { beta: 0 }).transform.issues.map((i) => i.path) // => ['ftrl/0/beta']
 * ```
 */
export const ftrl = (alpha = 0.1, { beta = 1, penalty, where = decaying }: FtrlOptions = {}): Optimizer => {
  const options = { beta, penalty: regularizerSpec(penalty), where: where.spec }
  return optimizer('ftrl', alpha, options, gradientTransform(spec('ftrl', { alpha, ...options }), (place) => (gradients, weights) => {
    const shrink = shrinking(penalty, where, weights)
    const before = (name: string, path: Path): Expr => variable(joinPath(place, name, path), gradients[path].shape)
    const n = remember(place, 'n', gradients, (sum, g) => add(sum, mul(g, g)))
    const z = remember(place, 'z', gradients, (sum, g, path) => {
      const sigma = div(sub(sqrt(n.now[path]), sqrt(before('n', path))), alpha)
      return sub(add(sum, g), mul(sigma, weights[path].value))
    }, (path) => mul(-beta / alpha, weights[path].initial ?? 0))
    const leader = (path: Path, z: Expr, n: Expr): Expr => {
      const step = div(alpha, add(beta, sqrt(n)))
      return shrink(path, step)(neg(mul(step, z)))
    }
    return {
      delta: to(mapByPath(gradients, (_, path) => leader(path, z.now[path], n.now[path])), weights),
      slots: { ...n.slots, ...z.slots },
      idle: mapByPath(gradients, (_, path) => ({ after: () => ({ value: leader(path, before('z', path), before('n', path)) }) })),
      issues: where.missing(Object.keys(weights))
    }
  }, [...positive('alpha', alpha), ...positive('beta', beta), ...(penalty?.issues ?? [])]))
}
