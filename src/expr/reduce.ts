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

/** The largest value over axes (all, unless told); −∞ over nothing. Equal winners share the gradient evenly. */
export const reduceMax = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr => {
  const over = normalAxes(axes, x.shape.length)
  return over.length === 0 ? x : node(reduceMaxPrimitive, [x], { axes: over })
}

/** The mean over axes (all, unless told). */
export const mean = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr =>
  isInvalid(x) ? x : div(sum(x, axes), countOver(x.shape, axes))

/** The mean squared distance from the mean over axes: the biased variance, as batch normalisation uses it. */
export const variance = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr => {
  const centred = sub(x, keepAxes(mean(x, axes), x.shape, axes))
  return mean(mul(centred, centred), axes)
}
