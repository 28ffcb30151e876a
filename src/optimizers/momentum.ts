/** Momentum: directions add up, old ones fade. */
import { add, mul, reciprocal, sub } from '../expr/arithmetic.js'
import type { Expr, Scalar } from '../expr/node.js'
import { rate } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { remember } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/** 1/(1 − decay): what a constant direction of 1 adds up to. */
export const gathered = (decay: Scalar): Expr => reciprocal(sub(1, decay))

/**
 * v ← μ·v + d; d ← v, with v = 0 at first. The heavy ball of Polyak 1964.
 *
 * Its place in the chain makes the form: after `descend` the velocity holds the learning rate, v ← μ·v − η·g, as in Keras; before it
 * v ← μ·v + g and the step is −η·v, as in PyTorch. The two differ once η changes. Errors: μ outside [0, 1). Laws: `transformLaws`.
 * @example
 * ```ts
 * import { chain, descend, momentum } from 'tikhonov/optimizers'
 * const [keras, torch] = [chain(descend, momentum(0.9)), chain(momentum(0.9), descend)]
 * keras.spec.options.parts // => [{ kind: 'descend', options: {} }, { kind: 'momentum', options: { decay: 0.9 } }]
 * ```
 */
export const momentum = (decay: Scalar): GradientTransform =>
  gradientTransform(spec('momentum', { decay }), (place) => (delta) => {
    const v = remember(place, 'v', delta, (before, d) => add(mul(decay, before), d))
    return { delta: v.now, slots: v.slots, pace: mapByPath(delta, () => gathered(decay)) }
  }, rate('decay', decay))
