/** Penalties on the distance from given weights: transfer from one task to another. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { constant } from '../expr/leaf.js'
import { invalid, isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { sameShape, showShape } from '../expr/shape.js'
import { nonNegative } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import type { Tensor } from '../tensor/tensor.js'
import { separable, type Separable } from './readings.js'
import { regularizer } from './regularizer.js'

const given = ({ data, shape }: Tensor): Expr => constant(data, shape)

/** An operation on w and given values of its shape; a misfit where the shapes differ, for a broadcast would hide it. */
const beside = (operation: string, w: Expr, values: Tensor, of: (values: Expr) => Expr): Expr =>
  isInvalid(w) || sameShape(w.shape, values.shape) ? of(given(values))
  : invalid({ _tag: 'ShapeProblem', operation, shapes: [w.shape, values.shape], message: 'differ in shape' }, [w])

/**
 * towards(w⁰, λ) = ½λ·Σ(w − w⁰)²: weights stay near given ones, those of a model that has learned something like it (L2-SP), where `ridge`
 * draws them to 0. The gradient is λ(w − w⁰), the proximal operator (w + tλw⁰)/(1 + tλ). λ ≥ 0, given always; it may be a `hyper`.
 * Errors: a λ below 0 or not finite; when a model is built, weights of another shape. Li, Grandvalet & Davoine 2018.
 * Laws: `regularizerLaws` (at rest at w⁰), `convexLaws`, `lambdaLaws`, `proximalLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { penaltyOf, towards } from 'tikhonov/regularizers'
 * import { tensor } from 'tikhonov/tensor'
 * const near = towards(tensor([1, 2]), 0.5)
 * evaluate(penaltyOf(near)(constant([1, 4]))) // => [1]
 * evaluate(near.proximal(2)(constant([1, 4]))) // => [1, 3]
 * ```
 */
export const towards = (weights: Tensor, lambda: Scalar): Separable => separable(
  regularizer('towards', { lambda, weights: weights.shape }, (w) => beside('towards', w, weights, (origin) => {
    const apart = sub(w, origin)
    return mul(0.5, lambda, sum(mul(apart, apart)))
  }), nonNegative('lambda', lambda)),
  (t) => (w) => beside('towards', w, weights, (origin) => div(add(w, mul(lambda, t, origin)), add(1, mul(lambda, t))))
)

/** Options of `elasticWeightConsolidation`. */
export interface ConsolidationOptions {
  /** w⁰: the weights after the first task. */
  readonly weights: Tensor
  /** F ≥ 0: how much each of them mattered to it; `fisherDiagonal` of `tikhonov/training` estimates it. */
  readonly fisher: Tensor
}

const fisherIssues = ({ weights, fisher }: ConsolidationOptions): readonly Issue[] => [
  ...(sameShape(weights.shape, fisher.shape) ? [] : [issue('fisher', `shape ${showShape(fisher.shape)}`, showShape(weights.shape))]),
  ...(fisher.data.every((f) => f >= 0 && Number.isFinite(f)) ? [] : [issue('fisher', 'a number that is none or below 0', 'numbers ≥ 0')])
]

/**
 * elasticWeightConsolidation(λ, { weights: w⁰, fisher: F }) = ½λ·Σ F(w − w⁰)²: after a first task, each weight stays as near to its value
 * as it mattered there, and those that did not are free for the next. The gradient is λF(w − w⁰), the proximal operator
 * (w + tλFw⁰)/(1 + tλF). λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not finite, an F of another shape or below 0;
 * when a model is built, weights of another shape. Kirkpatrick et al. 2017.
 * Laws: `regularizerLaws` (at rest at w⁰), `convexLaws`, `lambdaLaws`, `proximalLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { elasticWeightConsolidation, penaltyOf } from 'tikhonov/regularizers'
 * import { tensor } from 'tikhonov/tensor'
 * const kept = elasticWeightConsolidation(1, { weights: tensor([1, 2]), fisher: tensor([0, 3]) })
 * evaluate(penaltyOf(kept)(constant([9, 4]))) // => [6]
 * evaluate(kept.proximal(1)(constant([9, 4]))) // => [9, 2.5]
 * ```
 */
export const elasticWeightConsolidation = (lambda: Scalar, options: ConsolidationOptions): Separable => {
  const { weights, fisher } = options
  const kind = 'elasticWeightConsolidation'
  return separable(
    regularizer(kind, { lambda, weights: weights.shape }, (w) => beside(kind, w, weights, (origin) => {
      const apart = sub(w, origin)
      return mul(0.5, lambda, sum(mul(given(fisher), mul(apart, apart))))
    }), [...nonNegative('lambda', lambda), ...fisherIssues(options)]),
    (t) => (w) => beside(kind, w, weights, (origin) => {
      const pull = mul(lambda, given(fisher), t)
      return div(add(w, mul(pull, origin)), add(1, pull))
    })
  )
}
