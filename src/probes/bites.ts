/** How often a constraint does something. */
import { sub } from '../expr/arithmetic.js'
import { equal } from '../expr/compare.js'
import { mean } from '../expr/reduce.js'
import { lInfNorm } from '../regularizers/norms.js'
import { probe, type Probe } from './probe.js'

/**
 * The share of units, 0 … 1, whose incoming weights the constraint of their parameter moved in this step: 0 for a cap that never bites.
 * Of parameters that have a constraint.
 * @example
 * ```ts
 * import { maxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { axesOf } from 'tikhonov/layer'
 * import { bites } from 'tikhonov/probes'
 * const w = constant([3, 0.1, 4, 0.1], [2, 2])
 * const parts = { path: 'w', role: 'kernel', axes: axesOf([2, 2]), value: w, gradient: w, penalties: {} } as const
 * const constraint = maxNorm(1)
 * const told = bites.of({ ...parts, constraint, unconstrained: w, next: constraint.project([0])(w) })
 * told === undefined ? undefined : evaluate(told) // => [0.5]
 * ```
 */
export const bites: Probe = /* #__PURE__ */ probe('bites', {}, ({ constraint, axes, next, unconstrained }) =>
  constraint === undefined ? undefined : sub(1, mean(equal(lInfNorm(sub(next, unconstrained), axes.incoming), 0))))
