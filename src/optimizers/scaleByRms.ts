/** Division by the running root mean square of the gradient. */
import { add, div, mul, reciprocal, sub } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { positive, rate } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { root, type Form } from './form.js'
import { remember } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/** Options of `scaleByRms`. */
export interface ScaleByRmsOptions {
  /** How much of the mean square stays at each step; .9 unless told. */
  readonly rho?: Scalar
  /** 1e-7 unless told. */
  readonly epsilon?: Scalar
  /** `keras` unless told. */
  readonly form?: Form
}

/**
 * v ← ρ·v + (1 − ρ)·d², with v = 0 at first; d ← d/√(v + ε) in the Keras form, d/(√v + ε) in PyTorch's. Tieleman & Hinton 2012.
 * Errors: ρ outside [0, 1), ε ≤ 0. Laws: `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { scaleByRms } from 'tikhonov/optimizers'
 * const { delta } = scaleByRms({ rho: 0.75, epsilon: 1e-20 }).update('rms')({ w: constant([4]) }, {}, 1)
 * evaluate(delta.w, { 'rms/v/w': [0] }) // => [2]
 * ```
 */
export const scaleByRms = ({ rho = 0.9, epsilon = 1e-7, form = 'keras' }: ScaleByRmsOptions = {}): GradientTransform =>
  gradientTransform(spec('scaleByRms', { rho, epsilon, form }), (place) => (delta) => {
    const v = remember(place, 'v', delta, (before, d) => add(mul(rho, before), mul(sub(1, rho), mul(d, d))))
    const roots = mapByPath(v.now, (each) => root(form, each, epsilon))
    return { delta: mapByPath(delta, (d, path) => div(d, roots[path])), slots: v.slots, pace: mapByPath(roots, reciprocal) }
  }, [...rate('rho', rho), ...positive('epsilon', epsilon)])
