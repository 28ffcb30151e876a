/** The confidence penalty. */
import { add, mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { greater, select } from '../expr/compare.js'
import { isInvalid, type Scalar } from '../expr/node.js'
import { axisSize } from '../expr/shape.js'
import { log } from '../expr/transcendental.js'
import { nonNegative } from '../part/checks.js'
import { regularizer, type Regularizer } from './regularizer.js'

/**
 * confidence(λ) = λ·Σ p·ln(K·p) for probabilities p of K classes along the last axis: λ times ln K less their entropy, and so what
 * −λ·H(p) is but for a constant that makes it ≥ 0, and 0 where all classes are alike. An activity penalty, for a layer whose activation is
 * softmax: `dense(10, { activation: softmax, activityRegularizer: confidence(0.1) })`; as any, it is a mean over the examples. Where p is 0
 * it adds 0, and its derivative is taken to be λ·ln K. λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not finite.
 * Pereyra, Tucker, Chorowski, Kaiser & Hinton 2017. Laws: `regularizerLaws` on probabilities, `convexLaws`, `lambdaLaws`, `activityLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { confidence, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(confidence(1))(constant([0.25, 0.25, 0.25, 0.25], [1, 4]))) // => [0]
 * evaluate(penaltyOf(confidence(1))(constant([1, 0, 0, 0], [1, 4]))) // => [Math.log(4)]
 * ```
 */
export const confidence = (lambda: Scalar): Regularizer =>
  regularizer('confidence', { lambda }, (p) => {
    if (isInvalid(p)) return p
    const some = greater(p, 0)
    return mul(lambda, sum(mul(p, add(log(select(some, p, 1)), Math.log(axisSize(p.shape, -1) || 1)))))
  }, nonNegative('lambda', lambda))
