/** The Huber loss: squares near what was wanted, absolute values far from it. */
import { mul, neg, sub } from '../expr/arithmetic.js'
import { max, min } from '../expr/compare.js'
import type { Scalar } from '../expr/node.js'
import { positive } from '../part/checks.js'
import type { Loss } from './loss.js'
import { lossOf } from './lossOf.js'

/**
 * For each example, the mean over its outputs of ½e² where |e| ≤ δ, else δ·(|e| − ½δ), with e = ŷ − y.
 *
 * Its derivative is e, clipped to [−δ, δ]: an outlier pulls with a bounded force. δ is 1 unless told (as in Keras; PyTorch's `HuberLoss`
 * is the same, its `SmoothL1Loss` is divided by δ). Errors: δ not a finite number > 0. Huber 1964. Laws: `residualLossLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { huber } from 'tikhonov/losses'
 * evaluate(huber().each(constant([0.5, -3], [2, 1]), constant([0, 0], [2, 1]))) // => [0.125, 2.5]
 * huber(0).issues[0].allowed // => 'a number, 0 < delta'
 * ```
 */
export const huber = (delta: Scalar = 1): Loss =>
  lossOf('huber', (predicted, wanted) => {
    const error = sub(predicted, wanted)
    const clipped = max(min(error, delta), neg(delta))
    return mul(clipped, sub(error, mul(0.5, clipped)))
  }, { options: { delta }, issues: positive('delta', delta) })
