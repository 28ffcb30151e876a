/** Division by the root of the sum of all squared gradients. */
import { add, div, mul, reciprocal } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative, positive } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { root, type Form } from './form.js'
import { remember } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/** Options of `scaleByAdagrad`. */
export interface ScaleByAdagradOptions {
  /** What the sum begins with; .1 unless told. */
  readonly initialAccumulator?: number
  /** 1e-7 unless told. */
  readonly epsilon?: Scalar
  /** `keras` unless told. */
  readonly form?: Form
}

/**
 * s ← s + d², with s = initialAccumulator at first; d ← d/√(s + ε) in the Keras form, d/(√s + ε) in PyTorch's.
 * Errors: initialAccumulator < 0, ε ≤ 0. Duchi, Hazan & Singer 2011. Laws: `transformLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { scaleByAdagrad } from 'tikhonov/optimizers'
 * const { delta } = scaleByAdagrad({ epsilon: 1e-20 }).update('adagrad')({ w: constant([3]) }, {}, 1)
 * evaluate(delta.w, { 'adagrad/sum/w': [16] }) // => [0.6]
 * ```
 */
export const scaleByAdagrad = (
  { initialAccumulator = 0.1, epsilon = 1e-7, form = 'keras' }: ScaleByAdagradOptions = {}
): GradientTransform =>
  gradientTransform(spec('scaleByAdagrad', { initialAccumulator, epsilon, form }), (place) => (delta) => {
    const s = remember(place, 'sum', delta, (before, d) => add(before, mul(d, d)), initialAccumulator)
    const roots = mapByPath(s.now, (each) => root(form, each, epsilon))
    return { delta: mapByPath(delta, (d, path) => div(d, roots[path])), slots: s.slots, pace: mapByPath(roots, reciprocal), idle: {} }
  }, [...nonNegative('initialAccumulator', initialAccumulator), ...positive('epsilon', epsilon)])
