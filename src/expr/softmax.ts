/** The logarithm of the softmax, and how to tell an expression that is one: losses compute from logits where they see it. */
import { sub } from './arithmetic.js'
import { keepAxes, sum } from './broadcast.js'
import type { Expr } from './node.js'
import { reduceMax } from './reduce.js'
import { stopGradient } from './stop.js'
import { exp, log } from './transcendental.js'

/**
 * Along the last axis, x − ln Σ eˣ without overflow: the logarithm of the softmax. Its own fixed point.
 * @example
 * ```ts
 * import { constant, evaluate, logSoftmax } from 'tikhonov/expr'
 * evaluate(logSoftmax(constant([1000, 1000]))) // => [-Math.LN2, -Math.LN2]
 * ```
 */
export const logSoftmax = (x: Expr): Expr => {
  const last = [x.shape.length - 1]
  const centred = sub(x, keepAxes(stopGradient(reduceMax(x, last)), x.shape, last))
  return sub(centred, keepAxes(log(sum(exp(centred), last)), x.shape, last))
}

/** The first argument of a node of this primitive, else `undefined`. */
const inside = (e: Expr | undefined, ...names: readonly string[]): Expr | undefined =>
  e !== undefined && names.includes(e.primitive.name) ? e.args[0] : undefined

const underViews = (e: Expr | undefined): Expr | undefined => {
  const viewed = inside(e, 'broadcast', 'reshape')
  return viewed === undefined ? e : underViews(viewed)
}

const isOverLast = (e: Expr): boolean => {
  const { axes } = (e as Expr<{ readonly axes: readonly number[] }>).attributes
  return axes.length === 1 && axes[0] === e.args[0].shape.length - 1
}

/**
 * Whether this is x − ln Σ eˣ along the last axis, as `logSoftmax` builds it: the exponentials of its rows add up to 1.
 * @example
 * ```ts
 * import { isLogSoftmax, logSoftmax, variable } from 'tikhonov/expr'
 * const z = variable('z', [2, 3])
 * const found = [logSoftmax(z), z].map(isLogSoftmax)
 * found // => [true, false]
 * ```
 */
export const isLogSoftmax = (e: Expr): boolean => {
  const total = inside(underViews(e.primitive.name === 'sub' ? e.args[1] : undefined), 'log')
  const terms = inside(total, 'sum')
  return total !== undefined && terms !== undefined && isOverLast(total) && inside(terms, 'exp') === e.args[0]
}
