/** Reductions made of `sum`, and the largest value over axes. */
import { div, mul, sub } from './arithmetic.js'
import { allAxes, broadcast, countOver, keepAxes, reducedShape, sum } from './broadcast.js'
import { equal } from './compare.js'
import { node, isInvalid, type Expr, type Primitive } from './node.js'
import { normalAxes, showShape } from './shape.js'
import { maxOver, reductionOf } from './tabulate.js'

const reduceMaxPrimitive: Primitive<{ readonly axes: readonly number[] }> = {
  name: 'reduceMax',
  shape: reducedShape,
  evaluate: ([x], { args: [from], attributes: { axes } }) => maxOver(x, reductionOf(from.shape, axes)),
  adjoint: (y, dy) => {
    const [x] = y.args
    const wide = (e: Expr) => broadcast(keepAxes(e, x.shape, y.attributes.axes), x.shape)
    const winners = equal(x, wide(y))
    return [mul(wide(div(dy, sum(winners, y.attributes.axes))), winners)]
  },
  show: ({ axes }) => `over ${showShape(axes)}`
}

/**
 * The largest value over axes (all, unless told); −∞ over nothing. Equal winners share the gradient evenly.
 * @example
 * ```ts
 * import { constant, evaluate, reduceMax } from 'tikhonov/expr'
 * evaluate(reduceMax(constant([1, 5, 9, 2], [2, 2]), [1])) // => [5, 9]
 * ```
 */
export const reduceMax = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr => {
  const over = normalAxes(axes, x.shape.length)
  return over.length === 0 ? x : node(reduceMaxPrimitive, [x], { axes: over })
}

/**
 * The mean over axes (all, unless told).
 * @example
 * ```ts
 * import { constant, evaluate, mean } from 'tikhonov/expr'
 * evaluate(mean(constant([1, 3, 10, 20], [2, 2]), [1])) // => [2, 15]
 * ```
 */
export const mean = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr =>
  isInvalid(x) ? x : div(sum(x, axes), countOver(x.shape, axes))

/**
 * The mean squared distance from the mean over axes: the biased variance, as batch normalisation uses it.
 * @example
 * ```ts
 * import { constant, evaluate, variance } from 'tikhonov/expr'
 * evaluate(variance(constant([1, 3, 10, 20], [2, 2]), [1])) // => [1, 25]
 * ```
 */
export const variance = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr => {
  const centred = sub(x, keepAxes(mean(x, axes), x.shape, axes))
  return mean(mul(centred, centred), axes)
}
