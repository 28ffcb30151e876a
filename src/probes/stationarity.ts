/** How far a parameter is from where it would rest. */
import { sub } from '../expr/arithmetic.js'
import { lInfNorm } from '../regularizers/norms.js'
import { probe, type Probe } from './probe.js'

/**
 * ‖w − P(w − ∇f(w))‖∞ of each parameter that is learned, at the weights before the step: f is the mean loss of the batch with all penalties
 * but exact ones, P the proximal operator of the exact penalty by a step of 1 if there is one, then the projection of the constraint if
 * there is one; ‖∇f‖∞ where there is neither. Where all are 0 a full batch moves nothing. `kkt` is the same of what has exact penalties.
 * Laws: `probeLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { axesOf } from 'tikhonov/layer'
 * import { stationarity } from 'tikhonov/probes'
 * const [value, gradient, next] = [constant([2, 0]), constant([-0.5, 0.25]), constant([2.5, -0.25])]
 * const seen = { path: 'w', role: 'bias', axes: axesOf([2]), value, next, unconstrained: next, gradient, penalties: {} } as const
 * const residual = stationarity.of(seen)
 * residual === undefined ? undefined : evaluate(residual) // => [0.5]
 * ```
 */
export const stationarity: Probe = /* #__PURE__ */ probe('stationarity', {}, (seen) => {
  const { value, gradient, axes, regularizer, constraint, unconstrained } = seen
  if (unconstrained === value) return undefined
  const moved = (regularizer?.exact ?? []).reduce((w, { proximal }) => proximal(1, axes)(w), sub(value, gradient))
  return lInfNorm(sub(value, constraint === undefined ? moved : constraint.project(axes.incoming)(moved)))
})
