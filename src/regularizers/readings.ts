/**
 * Readings of a penalty R beside its gradient, and `exact`, which asks training for one. A penalty has them or has not, by its type: what
 * takes a `Proximal` does not compile with one that is only a formula.
 */
import { div, neg, sub } from '../expr/arithmetic.js'
import { allAxes } from '../expr/broadcast.js'
import { greater, max, min, select } from '../expr/compare.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { spec } from '../part/spec.js'
import { ontoL1Ball } from './balls.js'
import { regularizerSpec, type Operator, type Regularizer } from './regularizer.js'

/** A penalty with a proximal operator: proximal(t)(w) = argmin over u of R(u) + ‖u − w‖²/(2t). */
export interface Proximal extends Regularizer {
  readonly proximal: Operator
  /** Whether it acts on each weight by itself, so that t may be an expression of w's shape, a step for each weight. */
  readonly elementwise: boolean
  /** Whether prox(s + t) = prox(s) ∘ prox(t): steps that were missed can be made up for by one. No unless told. */
  readonly composes?: boolean
}

/** A penalty whose proximal operator acts on each weight by itself. */
export interface Separable extends Proximal {
  readonly elementwise: true
}

/**
 * A penalty with its proximal operator: prox(t)(w) = argmin over u of R(u) + ‖u − w‖²/(2t), for t ≥ 0. Check it with `proximalLaws` of
 * `tikhonov/laws`. Moreau 1965.
 * @example
 * ```ts
 * import { constant, div, evaluate, max, mul, sub } from 'tikhonov/expr'
 * import { l2Norm, proximal, regularizer } from 'tikhonov/regularizers'
 * const length = proximal(regularizer('length', {}, (w) => l2Norm(w)), (t) => (w) => mul(w, max(0, div(sub(l2Norm(w), t), l2Norm(w)))))
 * evaluate(length.proximal(1)(constant([3, 4]))) // => [2.4, 3.2]
 * ```
 */
export const proximal = (penalty: Regularizer, operator: Operator): Proximal => ({ ...penalty, proximal: operator, elementwise: false })

/**
 * The same where the operator acts on each weight by itself: then t may be an expression of w's shape, so that optimizers whose steps
 * differ from weight to weight (Adam) can use it.
 * @example
 * ```ts
 * import { add, constant, div, evaluate, mul, sum } from 'tikhonov/expr'
 * import { regularizer, separable } from 'tikhonov/regularizers'
 * const squares = separable(regularizer('squares', {}, (w) => mul(0.5, sum(mul(w, w)))), (t) => (w) => div(w, add(1, t)))
 * evaluate(squares.proximal(constant([0, 1, 3]))(constant([4, 4, 4]))) // => [4, 2, 1]
 * ```
 */
export const separable = (penalty: Regularizer, operator: Operator): Separable => ({ ...penalty, proximal: operator, elementwise: true })

/** A penalty with a projection: onto(c)(w) is the point of {u: R(u) ≤ c} nearest to w. */
export interface Bounded extends Regularizer {
  readonly onto: Operator
}

/**
 * A penalty, with what readings it has, and besides the projection onto where it is at most c ≥ 0: the constraint that it is the multiplier
 * of. Check it with `ontoLaws` of `tikhonov/laws`.
 * @example
 * ```ts
 * import { constant, evaluate, max, min, mul, neg } from 'tikhonov/expr'
 * import { bounded, lInfNorm, regularizer } from 'tikhonov/regularizers'
 * const largest = bounded(regularizer('largest', {}, (w) => lInfNorm(w)), (c) => (w) => max(min(w, c), mul(-1, c)))
 * evaluate(largest.onto(2)(constant([-3, 1]))) // => [-2, 1]
 * ```
 */
export const bounded = <R extends Regularizer>(penalty: R, onto: Operator): R & Bounded => ({ ...penalty, onto })

/** The c for which λ·R ≤ bound is R ≤ c: bound/λ, ∞ where λ is 0. */
export const radiusOf = (bound: Scalar, lambda: Scalar): Expr => {
  const some = greater(lambda, 0)
  return select(some, div(bound, select(some, lambda, 1)), Infinity)
}

/** Onto {Σ|x| ≤ radius}, all elements together; a radius of 0 leaves 0. */
export const ontoSum = (radius: Scalar) => (x: Expr): Expr =>
  isInvalid(x) ? x : select(greater(radius, 0), ontoL1Ball(radius)(allAxes(x.shape))(x), 0)

/**
 * The same penalty, treated by training through its proximal operator: each step goes down the gradient of everything else and then through
 * prox(t), t the optimizer's pace, so that its exact zeros are zeros of the weights and a point at rest is one of loss + R. It is reported,
 * and counts in `total`, as any penalty. A parameter takes one; an activity none. Only penalties that have the operator compile.
 * Errors, when a model is built: two on one parameter, one on an activity or a normalised weight; when a trainer is: an optimizer that does
 * not tell its pace, or whose pace differs between weights where the operator does not act on each by itself.
 * Daubechies, Defrise & De Mol 2004; Parikh & Boyd 2014. Laws: `exactLaws`.
 * @example
 * ```ts
 * import { dense } from 'tikhonov/layers'
 * import { exact, l1 } from 'tikhonov/regularizers'
 * exact(l1(0.1)).terms.map((t) => [t.name, t.exact]) // => [['l1', true]]
 * dense(30, { kernelRegularizer: exact(l1(0.1)) }).spec.options.kernelRegularizer
 * // => { kind: 'exact', options: { term: { kind: 'l1', options: { lambda: 0.1 } } } }
 * ```
 */
export const exact = ({ terms, issues, proximal: operator, elementwise, composes = false, ...rest }: Proximal): Regularizer => ({
  _tag: 'Regularizer',
  terms: terms.map((t) => ({ ...t, spec: spec('exact', { term: t.spec }), exact: true })),
  issues,
  exact: terms.length === 0 ? [] : [{
    spec: regularizerSpec({ terms, issues, ...rest }) ?? spec('none'), proximal: operator, elementwise, composes
  }]
})

/**
 * w − clip(w, −t, t): towards 0 by t, and exactly 0 within it; the proximal operator of t·‖w‖₁, t ≥ 0, of w's shape or a scalar.
 * Donoho 1995.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { softThreshold } from 'tikhonov/regularizers'
 * evaluate(softThreshold(1)(constant([-3, 0.5, 2]))) // => [-2, 0, 1]
 * ```
 */
export const softThreshold = (t: Scalar) => (w: Expr): Expr => sub(w, max(min(w, t), neg(t)))
