/** Weight decay as a part of the direction. */
import { add, mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { weightRoles } from '../part/role.js'
import { spec } from '../part/spec.js'
import { gradientTransform, unchanged, type GradientTransform } from './transform.js'
import { byRole, chosen, type Where } from './where.js'

/** Options of decay. */
export interface DecayOptions {
  /** What decays; kernels, recurrent kernels and embeddings unless told. PyTorch decays `everything`, biases included. */
  readonly where?: Where
}

/** The roles that decay unless told. */
export const decaying: Where = /* #__PURE__ */ byRole(...weightRoles)

/**
 * d ← d + λ·w. What it means is a matter of its place in the chain:
 * - first it is the gradient of ½λΣw², PyTorch's weight_decay; before plain descent that is l2(λ/2), whose gradient is λ·w;
 * - after `scaleByAdam` and before `descend` it is the decoupled decay of AdamW, w ← (1 − ηλ)·w − …, whatever the gradients' scale.
 *
 * Kernels decay, biases do not, unless told. Errors: λ < 0 or not finite; those of `where`. Loshchilov & Hutter 2019.
 * Laws: `transformLaws`; of optimizers made with it, `decayLaws` and `penaltyDecayLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, variable } from 'tikhonov/expr'
 * import { addDecay } from 'tikhonov/optimizers'
 * const w = { value: constant([2, 4]), role: 'kernel', incoming: [0] } as const
 * const { delta } = addDecay(0.5).update('')({ w: constant([1, 1]) }, { w }, 0.1)
 * evaluate(delta.w) // => [2, 3]
 * ```
 */
export const addDecay = (lambda: Scalar, { where = decaying }: DecayOptions = {}): GradientTransform =>
  gradientTransform(spec('addDecay', { lambda, where: where.spec }), () => (delta, weights) => {
    const decays = chosen(where, weights)
    return {
      delta: mapByPath(delta, (d, path) => (decays(path) ? add(d, mul(lambda, weights[path].value)) : d)),
      slots: {},
      pace: unchanged(delta),
      issues: where.missing(Object.keys(weights))
    }
  }, nonNegative('lambda', lambda))
