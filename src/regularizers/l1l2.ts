/** The elastic net. */
import { add, div, mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { ontoElastic } from './elasticBall.js'
import { l1 } from './l1.js'
import { l2 } from './l2.js'
import { bounded, separable, softThreshold, type Bounded, type Separable } from './readings.js'
import { none, plus } from './regularizer.js'

/**
 * l1l2({ l1: α, l2: β }) = α·Σ|w| + β·Σw²: the sum of `l1(α)` and `l2(β)`, exactly as told. What is left out adds nothing
 * (TensorFlow.js adds l2 = 0.01 by itself); what is given as 0 stays visible in reports, as 0. Errors: those of its parts, under
 * `l1/lambda` and `l2/lambda`. Its proximal operator is that of `l1(α)`, then that of `l2(β)`; its projection is that operator too, by the
 * step at which the bound is met, which is found without iterations. Zou & Hastie 2005.
 * Laws: `l1l2Laws`, and those of `l1` and `l2` but for homogeneity; `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { l1l2, penaltyOf } from 'tikhonov/regularizers'
 * const w = constant([-2, 4])
 * evaluate(penaltyOf(l1l2({ l1: 0.5, l2: 0.25 }))(w)) // => [8]
 * evaluate(penaltyOf(l1l2({ l1: 0.5 }))(w)) // => [3]
 * evaluate(l1l2({ l1: 1, l2: 1 }).onto(2)(constant([4, 1]))) // => [1, 0]
 * l1l2({}).terms // => []
 * ```
 */
export const l1l2 = ({ l1: alpha, l2: beta }: { readonly l1?: Scalar; readonly l2?: Scalar }): Separable & Bounded =>
  bounded(separable(
    plus(alpha === undefined ? none : l1(alpha), beta === undefined ? none : l2(beta)),
    (t) => (w) => div(softThreshold(mul(alpha ?? 0, t))(w), add(1, mul(2, beta ?? 0, t)))
  ), ontoElastic(alpha ?? 0, beta ?? 0))
