/** Weights in order. */
import { neg } from '../expr/arithmetic.js'
import { isotonic } from '../expr/isotonic.js'
import { onRows } from '../regularizers/units.js'
import { constraint, type Constraint } from './constraint.js'

/** An order of weights, and along what they have it. */
export interface MonotoneOptions {
  /** An axis of the parameter, negative ones counted from the end; the incoming weights of each unit, in their order, unless told. */
  readonly axis?: number
}

/**
 * v₁ ≤ v₂ ≤ … (or ≥) for the incoming weights of each unit, or along an axis: isotonic regression, by pooling adjacent violators, each pool
 * at its mean. For inputs that are the levels of something ordinal, thermometer codes, dose and response. Errors, when a model is
 * built: an axis that the parameter has not. Ayer et al. 1955; Best & Chakravarti 1990. Laws: `convexProjectionLaws`.
 * @example
 * ```ts
 * import { monotone } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(monotone('increasing').project([0])(constant([1, 4, 2, 3, 7]))) // => [1, 3, 3, 3, 7]
 * evaluate(monotone('decreasing', { axis: 1 }).project([0])(constant([1, 3, 2, 1], [2, 2]))) // => [2, 2, 2, 1]
 * ```
 */
export const monotone = (direction: 'increasing' | 'decreasing', { axis }: MonotoneOptions = {}): Constraint =>
  constraint('monotone', { direction, axis }, (incoming) =>
    onRows((x) => (direction === 'increasing' ? isotonic(x) : neg(isotonic(neg(x)))))(axis === undefined ? incoming : [axis]),
  [], axis === undefined ? ['cone'] : [])
