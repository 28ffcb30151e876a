/** The step downhill. */
import { mul, neg } from '../expr/arithmetic.js'
import { constant } from '../expr/leaf.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { stateless, type GradientTransform } from './transform.js'

/**
 * d ← −η·d: directions that point uphill become steps downhill, of the length of the learning rate. What comes before it in a chain
 * sees gradients, what comes after it sees steps.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { descend } from 'tikhonov/optimizers'
 * const { delta } = descend.update('optimizer')({ w: constant([1, -2]) }, {}, 0.5)
 * evaluate(delta.w) // => [-0.5, 1]
 * ```
 */
export const descend: GradientTransform =
  /* #__PURE__ */ stateless(
    /* #__PURE__ */ spec('descend'),
    (delta, _, eta) => mapByPath(delta, (d) => mul(neg(eta), d)),
    [],
    (delta, eta) => mapByPath(delta, () => (typeof eta === 'number' ? constant(eta) : eta))
  )
