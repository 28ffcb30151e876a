/**
 * Keras's constraints, for exact compatibility: each divides by ε + ‖v‖₂ with ε = 1e-7, always. So they shrink what is allowed too (by 1e-7
 * at each step: a norm of .50 is .49 after 1e5 of them), and none is a projection: a zero vector stays zero under all of them. And each
 * has axes of its own: Keras does not know which way a layer's units lie.
 */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { max as larger, min as smaller } from '../expr/compare.js'
import { invalid, isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { showShape } from '../expr/shape.js'
import { sqrt } from '../expr/transcendental.js'
import { positive } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { boundsIssues } from './bounds.js'
import { constraint, type Constraint } from './constraint.js'
import type { MinMaxNormOptions } from './minMaxNorm.js'

/** Along what the constraints of Keras measure. */
export interface KerasAxisOptions {
  /**
   * The axes of the parameter over which a norm is taken, negative ones counted from the end; 0 unless told, whatever the parameter is.
   * So a bias is one vector, and so is a column of an embedding (one dimension of all words). Of a kernel of `conv2d` that is no filter: a
   * filter is [0, 1, 2], as Keras's documentation says, one of `conv1d` [0, 1], a row of an embedding 1. `whole` does not change them.
   */
  readonly axis?: number | readonly number[]
}

type Axes = NonNullable<KerasAxisOptions['axis']>

/** Keras's `epsilon()`, unless its user sets another. */
const epsilon = 1e-7

const axesOf = (axis: Axes): readonly number[] => (typeof axis === 'number' ? [axis] : axis)

const axisIssues = (axis: Axes): readonly Issue[] =>
  axesOf(axis).every(Number.isInteger) ? [] : [issue('axis', String(axis), 'a whole number, or some')]

/** v·wanted(‖v‖₂)/(ε + ‖v‖₂) for each vector v over the axes. */
const rescaled = (kind: string, axis: Axes, wanted: (norm: Expr) => Scalar) => () => (w: Expr): Expr => {
  if (isInvalid(w)) return w
  const [axes, rank] = [axesOf(axis), w.shape.length]
  if (!axes.every((a) => a >= -rank && a < rank)) {
    return invalid({ _tag: 'ShapeProblem', operation: kind, shapes: [w.shape], message: `no axes ${showShape(axes)} in rank ${rank}` }, [w])
  }
  const norm = sqrt(sum(mul(w, w), axes))
  return mul(w, keepAxes(div(wanted(norm), add(epsilon, norm)), w.shape, axes))
}

/** A constraint of Keras: its options, what it wants of a norm, and what is wrong with them. */
const named = (
  kind: string, axis: Axes, options: Readonly<Record<string, Scalar>>, wanted: (norm: Expr) => Scalar, issues: readonly Issue[] = []
): Constraint =>
  constraint(kind, { ...options, axis }, rescaled(kind, axis, wanted), [...issues, ...axisIssues(axis)])

/**
 * Keras's MaxNorm: v·clip(‖v‖₂, 0, cap)/(ε + ‖v‖₂) for each vector v over `axis`. cap is 2 and the axis 0 unless told, as in Keras.
 * Errors: a cap that is not > 0, an axis that is no whole number; when a model is built, an axis that the parameter has not. Use `maxNorm`
 * unless you compare with Keras: it knows the units of each layer. Laws: `constraintLaws` of vectors over the axis, `ownAxesLaws`.
 * @example
 * ```ts
 * import { kerasMaxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(kerasMaxNorm(2).project([0])(constant([0.3, 0.4]))) // => [0.29999994, 0.39999992]
 * const [kernel, perFilter] = [constant([0.6, 0.6, 0.8, 0.8], [2, 2, 1, 1]), kerasMaxNorm(1, { axis: [0, 1, 2] })]
 * evaluate(kerasMaxNorm(1).project([0, 1, 2])(kernel)).map((w) => w.toFixed(3)) // => ['0.600', '0.600', '0.800', '0.800']
 * evaluate(perFilter.project([0, 1, 2])(kernel)).map((w) => w.toFixed(3)) // => ['0.424', '0.424', '0.566', '0.566']
 * ```
 */
export const kerasMaxNorm = (cap: Scalar = 2, { axis = 0 }: KerasAxisOptions = {}): Constraint =>
  named('kerasMaxNorm', axis, { cap }, (norm) => smaller(norm, cap), positive('cap', cap))

/**
 * Keras's UnitNorm: v/(ε + ‖v‖₂) for each vector v over `axis`, 0 unless told, as in Keras. Errors: those of the axis of `kerasMaxNorm`.
 * Use `unitNorm` unless you compare with Keras. Laws: `constraintLaws` of vectors over the axis, `ownAxesLaws`.
 * @example
 * ```ts
 * import { kerasUnitNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(kerasUnitNorm().project([0])(constant([0, 0]))) // => [0, 0]
 * evaluate(kerasUnitNorm().project([])(constant([3, 4]))).map((w) => w.toFixed(3)) // => ['0.600', '0.800']
 * ```
 */
export const kerasUnitNorm = ({ axis = 0 }: KerasAxisOptions = {}): Constraint => named('kerasUnitNorm', axis, {}, () => 1)

/**
 * Keras's MinMaxNorm: v·(rate·clip(‖v‖₂, min, max) + (1 − rate)·‖v‖₂)/(ε + ‖v‖₂) for each vector v over `axis`. min 0, max 1, rate 1 and
 * the axis 0 unless told, as in Keras. Errors: those of `minMaxNorm`, which to use unless you compare with Keras, and those of the axis of
 * `kerasMaxNorm`. Laws: `constraintLaws` of vectors over the axis, `ownAxesLaws`.
 * @example
 * ```ts
 * import { kerasMinMaxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(kerasMinMaxNorm({ min: 1 }).project([0])(constant([0, 0]))) // => [0, 0]
 * ```
 */
export const kerasMinMaxNorm = (
  { min = 0, max = 1, rate = 1, axis = 0 }: Partial<MinMaxNormOptions> & KerasAxisOptions = {}
): Constraint =>
  named('kerasMinMaxNorm', axis, { min, max, rate },
    (norm) => add(mul(rate, smaller(larger(norm, min), max)), mul(sub(1, rate), norm)),
    boundsIssues(min, max, rate))
