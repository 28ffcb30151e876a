/**
 * Norms, as functions of their own: over a whole tensor, or over given axes, which go. Gradients come by derivation; at corners they
 * are a stated subgradient, never NaN. Sizes are taken relative to the largest one, so that no square over- or underflows.
 */
import { div, mul } from '../expr/arithmetic.js'
import { allAxes, keepAxes, sum } from '../expr/broadcast.js'
import { abs, greater, max, select } from '../expr/compare.js'
import { invalid, isInvalid, type Expr } from '../expr/node.js'
import { reduceMax } from '../expr/reduce.js'
import { stopGradient } from '../expr/stop.js'
import { pow, sqrt } from '../expr/transcendental.js'

/** A norm of a tensor over axes (all, unless told; negative ones count from the end). The result has the axes that are left. */
export type Norm = (w: Expr, axes?: readonly number[]) => Expr

/**
 * ‖w‖₁ = Σ|w|, the sum of sizes. Its gradient is sign(w), 0 at 0. Laws: `normLaws`, `normOrderLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, gradient, variable } from 'tikhonov/expr'
 * import { l1Norm } from 'tikhonov/regularizers'
 * const w = variable('w', [3])
 * evaluate(l1Norm(w), { w: [3, 0, -4] }) // => [7]
 * evaluate(gradient(l1Norm(w), [w])[0], { w: [3, 0, -4] }) // => [1, 0, -1]
 * evaluate(l1Norm(constant([1, 2, 3, 4], [2, 2]), [0])) // => [4, 6]
 * ```
 */
export const l1Norm: Norm = (w, axes) => sum(abs(w), axes)

/**
 * ‖w‖∞ = max|w|, the largest size; 0 over nothing. Its gradient is the sign of the largest, shared evenly where several are, 0 at 0.
 * Laws: `normLaws`, `normOrderLaws`.
 * @example
 * ```ts
 * import { evaluate, gradient, variable } from 'tikhonov/expr'
 * import { lInfNorm } from 'tikhonov/regularizers'
 * const w = variable('w', [3])
 * evaluate(lInfNorm(w), { w: [3, 0, -4] }) // => [4]
 * evaluate(gradient(lInfNorm(w), [w])[0], { w: [3, 0, -4] }) // => [0, 0, -1]
 * ```
 */
export const lInfNorm: Norm = (w, axes) => max(reduceMax(abs(w), axes), 0)

/** w relative to its largest size over axes (0/1 where all are 0). No gradient goes through the largest: a norm does not depend on it. */
const relative = (w: Expr, axes: readonly number[] | undefined): { readonly largest: Expr; readonly some: Expr; readonly ratio: Expr } => {
  const largest = stopGradient(lInfNorm(w, axes))
  const some = greater(largest, 0)
  return { largest, some, ratio: div(w, keepAxes(select(some, largest, 1), w.shape, axes ?? allAxes(w.shape))) }
}

/** w as its size ‖w‖₂ and its direction w/‖w‖₂, which is 0 where w is. The root is guarded inside, so that its gradient at 0 is 0. */
export const polar = (w: Expr, axes?: readonly number[]): { readonly size: Expr; readonly direction: Expr } => {
  const { largest, some, ratio } = relative(w, axes)
  const root = sqrt(select(some, sum(mul(ratio, ratio), axes), 1))
  return { size: mul(largest, root), direction: div(ratio, keepAxes(root, w.shape, axes ?? allAxes(w.shape))) }
}

/**
 * ‖w‖₂ = √Σw², the length. Its gradient is w/‖w‖₂ and, at 0, 0: one of its subgradients, where the formula alone gives NaN. This is the
 * one length that penalties, constraints and clipping share. Laws: `normLaws`, `normOrderLaws`, `wideRangeLaws`.
 * @example
 * ```ts
 * import { evaluate, gradient, variable } from 'tikhonov/expr'
 * import { l2Norm } from 'tikhonov/regularizers'
 * const w = variable('w', [2])
 * evaluate(l2Norm(w), { w: [3, -4] }) // => [5]
 * evaluate(gradient(l2Norm(w), [w])[0], { w: [3, -4] }) // => [0.6, -0.8]
 * evaluate(gradient(l2Norm(w), [w])[0], { w: [0, 0] }) // => [0, 0]
 * evaluate(l2Norm(w), { w: [3e200, 4e200] }) // => [5e200]
 * ```
 */
export const l2Norm: Norm = (w, axes) => polar(w, axes).size

/** (Σ|w|ᵖ)^(1/p) for 1 < p < ∞. Powers see no 0, whose derivatives are not all finite: an element that is 0 has gradient 0. */
const general = (p: number): Norm => (w, axes) => {
  const { largest, some, ratio } = relative(w, axes)
  const present = greater(abs(ratio), 0)
  const powers = mul(present, pow(select(present, abs(ratio), 1), p))
  return mul(largest, pow(select(some, sum(powers, axes), 1), 1 / p))
}

/**
 * ‖w‖ₚ = (Σ|w|ᵖ)^(1/p) for 1 ≤ p ≤ ∞; lpNorm(1), lpNorm(2) and lpNorm(Infinity) are `l1Norm`, `l2Norm` and `lInfNorm`. Its gradient is
 * sign(w)·(|w|/‖w‖ₚ)ᵖ⁻¹, 0 where w is 0 (Minkowski 1896). Errors: another p makes the expression a misfit that says so.
 * Laws: `normLaws`, `lpNormLaws`, `wideRangeLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, problems } from 'tikhonov/expr'
 * import { lpNorm } from 'tikhonov/regularizers'
 * const w = constant([1, -2, 2])
 * evaluate(lpNorm(3)(w)) // => [2.571281590658235]
 * problems([lpNorm(0.5)(w)]).map((p) => p.message) // => ['0.5 is no p of a norm: 1 ≤ p ≤ ∞']
 * ```
 */
export const lpNorm = (p: number): Norm =>
  p === 1 ? l1Norm
  : p === 2 ? l2Norm
  : p === Infinity ? lInfNorm
  : p > 1 ? general(p)
  : (w) => {
    const message = `${p} is no p of a norm: 1 ≤ p ≤ ∞`
    return invalid(isInvalid(w) ? undefined : { _tag: 'ShapeProblem', operation: 'lpNorm', shapes: [w.shape], message }, [w])
  }
