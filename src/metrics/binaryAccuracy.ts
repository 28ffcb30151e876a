/** Accuracy of decisions between two classes. */
import { equal, greater } from '../expr/compare.js'
import { differing } from '../losses/lossOf.js'
import { finite } from '../part/checks.js'
import type { MeanMetric } from './metric.js'
import { metricOf } from './metricOf.js'

/**
 * The part of the outputs that lie on the right side: ŷ > threshold where y > ½, ŷ ≤ threshold elsewhere.
 *
 * The threshold is ½ unless told; 0 for scores, as `hinge` has them (labels −1 and 1 serve as 0 and 1). Shapes [examples, …] both.
 * Errors: a threshold that is not finite. Laws: `metricLaws`, `binaryAccuracyLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { binaryAccuracy, measure } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(binaryAccuracy())(tensor([[0.9], [0.6], [0.5], [0.1]]), tensor([[1], [0], [0], [0]])) // => E.right(0.75)
 * ```
 */
export const binaryAccuracy = (threshold = 0.5): MeanMetric =>
  metricOf('binaryAccuracy', (predicted, wanted) => equal(greater(predicted, threshold), greater(wanted, 0.5)), {
    options: { threshold }, issues: finite('threshold', threshold), misfit: differing
  })
