/** Which class is predicted, and which is wanted. */
import { neg } from '../expr/arithmetic.js'
import { keepAxes } from '../expr/broadcast.js'
import { equal, select } from '../expr/compare.js'
import { anyNumber, constant } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { reduceMax } from '../expr/reduce.js'
import { reshape } from '../expr/reshape.js'
import { axisSize, sameShape, type Shape } from '../expr/shape.js'
import { classesProblem } from '../losses/categoricalCrossEntropy.js'
import type { Wanted } from '../losses/loss.js'

/** The numbers of the classes, 0 … k − 1, of predictions [batch, …, k]. */
export const classNumbers = (predicted: Expr): Expr => constant(Array.from({ length: axisSize(predicted.shape, -1) }, (_, c) => c))

/**
 * The number of the largest along the last axis, the first of equals: [batch, …, k] → [batch, …]; k where one is NaN.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { argmax } from 'tikhonov/metrics'
 * evaluate(argmax(constant([0, 3, 3, 7, 1, 2], [2, 3]))) // => [1, 0]
 * ```
 */
export const argmax = (x: Expr): Expr => {
  const last = x.shape.length - 1
  const largest = equal(x, keepAxes(reduceMax(x, [last]), x.shape, [last]))
  return neg(reduceMax(neg(select(largest, classNumbers(x), axisSize(x.shape, -1))), [last]))
}

/** The wanted class of each prediction: its label, or where wanted values are distributions, their first largest. */
export const wantedClass = (predicted: Expr, wanted: Expr): Expr =>
  sameShape(predicted.shape, wanted.shape) ? argmax(wanted) : reshape(wanted, predicted.shape.slice(0, -1))

/** What may be wanted beside predictions over classes: labels that are classes, or distributions of finite numbers. */
export const labelsWanted = (predicted: Shape, wanted: Shape): Wanted =>
  sameShape(predicted, wanted) ? { shape: predicted, range: anyNumber }
  : { shape: predicted.slice(0, -1), range: { min: 0, max: axisSize(predicted, -1) - 1, open: 'none' }, whole: true }

/** Why these are not predictions over classes with labels or distributions, if so. */
export const labelsMisfit = (predicted: Expr, wanted: Expr): string | undefined => {
  const labels = predicted.shape.slice(0, -1)
  return classesProblem(predicted, 'binaryAccuracy') ??
    ([predicted.shape, labels, [...labels, 1]].some((shape) => sameShape(shape, wanted.shape)) ? undefined
    : 'wants one label or one distribution for each prediction')
}
