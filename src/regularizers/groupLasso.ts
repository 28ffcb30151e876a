/** The group lasso. */
import { mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import type { Scalar } from '../expr/node.js'
import { axesOf } from '../part/axes.js'
import { nonNegative } from '../part/checks.js'
import { groupsOf, ontoLengths, shortened, type GroupOptions } from './groups.js'
import { l2Norm } from './norms.js'
import { bounded, proximal, radiusOf, type Bounded, type Proximal } from './readings.js'
import { regularizer } from './regularizer.js'

/**
 * groupLasso(λ) = λ·Σ‖v‖₂ over groups v of weights: the incoming weights of each unit, or with `groups: 'outgoing'` the outgoing weights of
 * each input. Groups become 0 as a whole, so that units, filters, gates or features leave; `exact(groupLasso(λ))` makes them exactly 0.
 * Which axes a group lies over comes from the layer. The gradient is λ·v/‖v‖₂, and 0 where v is 0. Its proximal operator shortens each
 * group by tλ; its projection does so until their lengths add up. λ ≥ 0, given always; it may be a `hyper`. Errors: a λ below 0 or not
 * finite. Yuan & Lin 2006; on neural networks Scardapane, Comminiello, Hussain & Uncini 2017.
 * Laws: `regularizerLaws`, `convexLaws`, `homogeneousLaws` of degree 1, `lambdaLaws`, `groupLaws`, `convexProximalLaws`,
 * `ontoLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { groupLasso, penaltyOf } from 'tikhonov/regularizers'
 * const w = constant([3, 0.3, 4, 0.4], [2, 2])
 * evaluate(penaltyOf(groupLasso(2))(w)) // => [11]
 * evaluate(penaltyOf(groupLasso(2, { groups: 'outgoing' }))(constant([3, 4, 0, 0], [2, 2]))) // => [10]
 * evaluate(groupLasso(1).proximal(1)(w)) // => [2.4, 0, 3.2, 0]
 * ```
 */
export const groupLasso = (lambda: Scalar, options: GroupOptions = {}): Proximal & Bounded => bounded(proximal(
  regularizer('groupLasso', { lambda, ...options }, (w, axes) => {
    const { over, weight } = groupsOf(w, axes, options)
    return mul(lambda, weight, sum(l2Norm(w, over)))
  }, nonNegative('lambda', lambda)),
  (t, axes) => (w) => {
    const { over, weight } = groupsOf(w, axes ?? axesOf(w.shape), options)
    return shortened(mul(lambda, weight, t), over)(w)
  }
), (c, axes) => (w) => {
  const { over, weight } = groupsOf(w, axes ?? axesOf(w.shape), options)
  return ontoLengths(radiusOf(c, mul(lambda, weight)), over)(w)
})
