/** Nesterov's momentum: the step is taken from where the momentum leads. */
import { add, mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { rate } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { gathered } from './momentum.js'
import { remember } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/**
 * v ← μ·v + d; d ← μ·v + d, with v = 0 at first. Nesterov 1983, as rewritten by Sutskever, Martens, Dahl & Hinton 2013.
 *
 * As with `momentum`, after `descend` it is Keras's form, w += μ·v − η·g, and before it PyTorch's, w −= η·(g + μ·v).
 * Errors: μ outside [0, 1). Laws: `transformLaws`.
 * @example
 * ```ts
 * import { nesterov } from 'tikhonov/optimizers'
 * nesterov(1).issues.map((i) => i.allowed) // => ['a number, 0 ≤ decay < 1']
 * ```
 */
export const nesterov = (decay: Scalar): GradientTransform =>
  gradientTransform(spec('nesterov', { decay }), (place) => (delta) => {
    const v = remember(place, 'v', delta, (before, d) => add(mul(decay, before), d))
    return {
      delta: mapByPath(delta, (d, path) => add(mul(decay, v.now[path]), d)),
      slots: v.slots,
      pace: mapByPath(delta, () => gathered(decay))
    }
  }, rate('decay', decay))
