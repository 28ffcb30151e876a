/** A norm between two bounds, at once or step by step. */
import { add, mul, sub } from '../expr/arithmetic.js'
import { equal, select } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { ontoShell } from '../regularizers/shell.js'
import { boundsIssues } from './bounds.js'
import { constraint, type Constraint } from './constraint.js'

/** Bounds of a norm, and which part of the way to them is gone at each step. */
export interface MinMaxNormOptions {
  /** ≥ 0 and at most max. */
  readonly min: Scalar
  /** > 0. */
  readonly max: Scalar
  /** 0 ≤ rate ≤ 1; 1 unless told, which is the projection. */
  readonly rate?: Scalar
}

/** The part `rate` of the way from w to its projection p; p itself at rate 1, w itself where it is allowed. */
const towards = (rate: Scalar, w: Expr, p: Expr): Expr => select(equal(rate, 1), p, add(w, mul(rate, sub(p, w))))

/**
 * min ≤ ‖v‖₂ ≤ max for the incoming weights v of each unit: p = v·(bound/‖v‖₂), the nearest point; min/√n in each of n elements where v is
 * 0, so that no unit stays below min (in Keras a zero column does). With rate < 1 it is a relaxation, v + rate·(p − v): Keras's
 * formula; what is allowed still stays as it is, bit for bit, the rest comes nearer at each step. Errors: min < 0, max ≤ 0, min > max, a
 * rate outside [0, 1]. `kerasMinMaxNorm` is Keras's formula. Laws: `projectionLaws` at rate 1, `relaxationLaws` at any.
 * @example
 * ```ts
 * import { minMaxNorm } from 'tikhonov/constraints'
 * import { constant, evaluate } from 'tikhonov/expr'
 * const columns = constant([3, 0.3, 0, 4, 0.4, 0], [2, 3])
 * evaluate(minMaxNorm({ min: 1, max: 2 }).project([0])(columns)) // => [1.2, 0.6, 0.707, 1.6, 0.8, 0.707]
 * evaluate(minMaxNorm({ min: 0, max: 2, rate: 0.5 }).project([0])(columns)) // => [2.1, 0.3, 0, 2.8, 0.4, 0]
 * minMaxNorm({ min: 2, max: 1 }).issues.map((i) => `${i.path}: ${i.allowed}`) // => ['minMaxNorm/min: a number, 0 ≤ min ≤ 1']
 * ```
 */
export const minMaxNorm = ({ min, max, rate = 1 }: MinMaxNormOptions): Constraint =>
  constraint('minMaxNorm', { min, max, rate },
    (incoming) => (w) => towards(rate, w, ontoShell(min, max)(incoming)(w)),
    boundsIssues(min, max, rate))
