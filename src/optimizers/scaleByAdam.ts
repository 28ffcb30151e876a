/** Adam's direction: a running mean of the gradient over a running root mean square. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import type { Expr, Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { positive, rate } from '../part/checks.js'
import { joinPath, mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import type { Form } from './form.js'
import { remember, slot } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/** Options of `scaleByAdam`. */
export interface ScaleByAdamOptions {
  /** How much of the mean stays at each step; .9 unless told. */
  readonly beta1?: Scalar
  /** How much of the mean square stays at each step; .999 unless told. */
  readonly beta2?: Scalar
  /** 1e-7 unless told. */
  readonly epsilon?: Scalar
  /** `keras` unless told. */
  readonly form?: Form
}

/** β·mean + (1 − β)·x: one step of a running mean. */
const towards = (beta: Scalar, mean: Expr, x: Scalar): Expr => add(mul(beta, mean), mul(sub(1, beta), x))

/**
 * m ← β₁·m + (1 − β₁)·d, v ← β₂·v + (1 − β₂)·d², both 0 at first, and with cᵢ = 1 − βᵢᵗ at step t = 1, 2, …
 * - d ← √c₂/c₁ · m/(√v + ε) in the Keras form, whose ε is the "ε hat" of the paper's section 2;
 * - d ← (m/c₁)/(√(v/c₂) + ε) in PyTorch's, which is the paper's algorithm 1.
 *
 * cᵢ is kept as one scalar slot, the running mean of 1, c ← β·c + (1 − β): the same number, exact where 1 − βᵗ cancels, and right when
 * β varies. Errors: β outside [0, 1), ε ≤ 0. Kingma & Ba 2015. Laws: `transformLaws`; of the optimizer `adam`, `scaleInvariantLaws`
 * and `firstStepLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { scaleByAdam } from 'tikhonov/optimizers'
 * const { delta } = scaleByAdam({ epsilon: 1e-20 }).update('adam')({ w: constant([8, -0.5]) }, {}, 1)
 * const fresh = { 'adam/m/w': [0, 0], 'adam/v/w': [0, 0], 'adam/correction1': [0], 'adam/correction2': [0] }
 * evaluate(delta.w, fresh) // => [1, -1]
 * ```
 */
export const scaleByAdam = (
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, form = 'keras' }: ScaleByAdamOptions = {}
): GradientTransform =>
  gradientTransform(spec('scaleByAdam', { beta1, beta2, epsilon, form }), (place) => (delta) => {
    const m = remember(place, 'm', delta, (before, d) => towards(beta1, before, d))
    const v = remember(place, 'v', delta, (before, d) => towards(beta2, before, mul(d, d)))
    const c1 = slot(joinPath(place, 'correction1'), [], (before) => towards(beta1, before, 1))
    const c2 = slot(joinPath(place, 'correction2'), [], (before) => towards(beta2, before, 1))
    const rootC2 = sqrt(c2.now)
    const direction = (mean: Expr, square: Expr): Expr =>
      form === 'keras'
        ? mul(div(rootC2, c1.now), div(mean, add(sqrt(square), epsilon)))
        : div(div(mean, c1.now), add(div(sqrt(square), rootC2), epsilon))
    return {
      delta: mapByPath(m.now, (mean, path) => direction(mean, v.now[path])),
      // A constant direction is its own mean: m/c₁ = 1.
      pace: mapByPath(v.now, (square) => direction(c1.now, square)),
      slots: { ...m.slots, ...v.slots, ...c1.slots, ...c2.slots }
    }
  }, [...rate('beta1', beta1), ...rate('beta2', beta2), ...positive('epsilon', epsilon)])
