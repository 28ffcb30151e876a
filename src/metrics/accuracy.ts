/** Accuracy over classes. */
import { equal } from '../expr/compare.js'
import { argmax, labelsMisfit, labelsWanted, wantedClass } from './labels.js'
import type { MeanMetric } from './metric.js'
import { metricOf } from './metricOf.js'

/**
 * The part of the examples whose most probable class (of equals, the first) is the wanted one.
 *
 * Predictions [examples, …, k ≥ 2]; wanted labels [examples, …] (or with a 1 at the end), or distributions of the predictions' shape, whose
 * first largest counts. Which, the shape decides. Scores serve as well as probabilities. Errors: one output, for which there is
 * `binaryAccuracy`; in `measure`, a label that is no class. Laws: `metricLaws`, `accuracyLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { accuracy, measure } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * const p = tensor([[0.2, 0.8], [0.5, 0.5]])
 * measure(accuracy())(p, tensor([1, 1])) // => E.right(0.5)
 * measure(accuracy())(p, tensor([[0, 1], [1, 0]])) // => E.right(1)
 * ```
 */
export const accuracy = (): MeanMetric =>
  metricOf('accuracy', (predicted, wanted) => equal(argmax(predicted), wantedClass(predicted, wanted)), {
    misfit: labelsMisfit, wanted: labelsWanted
  })
