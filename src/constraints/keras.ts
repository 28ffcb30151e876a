/**
 * Keras's constraints, for exact compatibility: each divides by ε + ‖v‖₂ with ε = 1e-7, always. So they shrink what is allowed too (by 1e-7
 * at each step: a norm of .50 is .49 after 1e5 of them), and none is a projection: a zero vector stays zero under all of them.
 */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { max as larger, min as smaller } from '../expr/compare.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { positive } from '../part/checks.js'
import { boundsIssues } from './bounds.js'
import { constraint, type Constraint } from './constraint.js'
import type { MinMaxNormOptions } from './minMaxNorm.js'

/** Keras's `epsilon()`, unless its user sets another. */
const epsilon = 1e-7

/** v·wanted(‖v‖₂)/(ε + ‖v‖₂) for each vector v over the incoming axes. */
const rescaled = (wanted: (norm: Expr) => Scalar) => (incoming: readonly number[]) => (w: Expr): Expr => {
  const norm = sqrt(sum(mul(w, w), incoming))
  return isInvalid(norm) ? norm : mul(w, keepAxes(div(wanted(norm), add(epsilon, norm)), w.shape, incoming))
}

/**
 * Keras's MaxNorm: v·clip(‖v‖₂, 0, cap)/(ε + ‖v‖₂). cap is 2 unless told, as in Keras. Errors: a cap that is not > 0. Use `maxNorm` unless
 * you compare with Keras.
 * @example
 * ```ts
 * import { kerasMaxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(kerasMaxNorm(2).project([0])(constant([0.3, 0.4]))) // => [0.29999994, 0.39999992]
 * ```
 */
export const kerasMaxNorm = (cap: Scalar = 2): Constraint =>
  constraint('kerasMaxNorm', { cap }, rescaled((norm) => smaller(norm, cap)), positive('cap', cap))

/**
 * Keras's UnitNorm: v/(ε + ‖v‖₂). Use `unitNorm` unless you compare with Keras.
 * @example
 * ```ts
 * import { kerasUnitNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(kerasUnitNorm.project([0])(constant([0, 0]))) // => [0, 0]
 * ```
 */
export const kerasUnitNorm: Constraint = /*#__PURE__*/ constraint('kerasUnitNorm', {}, rescaled(() => 1))

/**
 * Keras's MinMaxNorm: v·(rate·clip(‖v‖₂, min, max) + (1 − rate)·‖v‖₂)/(ε + ‖v‖₂). min 0, max 1 and rate 1 unless told, as in Keras. Errors:
 * those of `minMaxNorm`, which to use unless you compare with Keras.
 * @example
 * ```ts
 * import { kerasMinMaxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(kerasMinMaxNorm({ min: 1 }).project([0])(constant([0, 0]))) // => [0, 0]
 * ```
 */
export const kerasMinMaxNorm = ({ min = 0, max = 1, rate = 1 }: Partial<MinMaxNormOptions> = {}): Constraint =>
  constraint('kerasMinMaxNorm', { min, max, rate },
    rescaled((norm) => add(mul(rate, smaller(larger(norm, min), max)), mul(sub(1, rate), norm))),
    boundsIssues(min, max, rate))
