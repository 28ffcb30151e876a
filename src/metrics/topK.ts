/** Accuracy where a few guesses are allowed. */
import { add, mul } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { equal, greater } from '../expr/compare.js'
import type { Expr } from '../expr/node.js'
import { axisSize } from '../expr/shape.js'
import { oneHot } from '../losses/oneHot.js'
import { count } from '../part/checks.js'
import { classNumbers, labelsMisfit, labelsWanted, wantedClass } from './labels.js'
import type { MeanMetric } from './metric.js'
import { metricOf } from './metricOf.js'

/** 1 where fewer than k classes come before the wanted one: those more probable, and equals of a lower number. 0 where it is none. */
const amongFirst = (k: number) => (predicted: Expr, wanted: Expr): Expr => {
  const last = predicted.shape.length - 1
  const classes = axisSize(predicted.shape, -1)
  const label = wantedClass(predicted, wanted)
  const across = (e: Expr) => keepAxes(e, predicted.shape, [last])
  const chosen = oneHot(label, classes)
  const own = across(sum(mul(predicted, chosen), [last]))
  const behind = add(greater(own, predicted), mul(equal(own, predicted), greater(classNumbers(predicted), across(label))))
  return mul(sum(chosen, [last]), greater(sum(behind, [last]), classes - k - 0.5))
}

/**
 * The part of the examples whose wanted class is among the k most probable (of equals, the lower numbers): `topK(1)` is `accuracy`.
 *
 * k is 5 unless told. Predictions and wanted values as for `accuracy`; predictions are finite. Errors: k not a whole number ≥ 1, or more
 * than there are classes; in `measure`, a label that is no class. Laws: `metricLaws`, `topKLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { measure, topK } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(topK(2))(tensor([[0.1, 0.2, 0.7], [0.1, 0.2, 0.7]]), tensor([1, 0])) // => E.right(0.5)
 * ```
 */
export const topK = (k = 5): MeanMetric =>
  metricOf('topK', amongFirst(k), {
    options: { k },
    issues: count('k', k),
    misfit: (predicted, wanted) =>
      labelsMisfit(predicted, wanted) ??
      (k > axisSize(predicted.shape, -1) ? `wants ${k} or more classes` : undefined),
    wanted: labelsWanted
  })
