/** Unit norm. */
import { ontoShell } from '../regularizers/shell.js'
import { constraint, type Constraint } from './constraint.js'

/**
 * ‖v‖₂ = 1 for the incoming weights v of each unit: v/‖v‖₂, the nearest point of the sphere; 1/√n in each of n elements where v is 0, to
 * which every point of the sphere is equally near. A bias, whose units have one element each, becomes ±1: give it to kernels.
 * `kerasUnitNorm` is Keras's formula. Salimans & Kingma 2016 learn the length apart. Laws: `projectionLaws` (the set is not convex).
 * @example
 * ```ts
 * import { unitNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(unitNorm.project([0])(constant([3, 0, 4, 0], [2, 2]))) // => [0.6, 0.707, 0.8, 0.707]
 * ```
 */
export const unitNorm: Constraint = /*#__PURE__*/ constraint('unitNorm', {}, ontoShell(1, 1))
