/** A certificate of sparsity: how far a parameter is from where loss and exact penalty balance. */
import { sub } from '../expr/arithmetic.js'
import { lInfNorm } from '../regularizers/norms.js'
import { probe, type Probe } from './probe.js'

/**
 * The KKT residual ‖w − prox(w − ∇f(w))‖∞ of each parameter with an `exact` penalty R, at the weights before the step: f is the mean loss
 * of the batch with all other penalties, prox the proximal operator of R by a step of 1. It is 0 where 0 ∈ ∇f(w) + ∂R(w) and only there;
 * for l1(λ) and a weight of 0 that is |∂f| ≤ λ. On a part of the data it is that of the part.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { axesOf } from 'tikhonov/layer'
 * import { kkt } from 'tikhonov/probes'
 * import { exact, l1 } from 'tikhonov/regularizers'
 * const [value, gradient] = [constant([2, 0, 0]), constant([-0.5, 0.3, 0.9])]
 * const seen = { path: 'w', role: 'kernel', axes: axesOf([3]), value, next: value, unconstrained: value, gradient, penalties: {} } as const
 * const residual = kkt.of({ ...seen, regularizer: exact(l1(0.5)) })
 * residual === undefined ? undefined : evaluate(residual) // => [0.4]
 * ```
 */
export const kkt: Probe = /* #__PURE__ */ probe('kkt', {}, ({ value, gradient, axes, regularizer }) =>
  regularizer === undefined || regularizer.exact.length !== 1 ? undefined
    : lInfNorm(sub(value, regularizer.exact[0].proximal(1, axes)(sub(value, gradient)))))
