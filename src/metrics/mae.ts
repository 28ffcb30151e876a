/** Mean absolute error as a metric. */
import { mae as loss } from '../losses/mae.js'
import type { MeanMetric } from './metric.js'
import { metricOfLoss } from './metricOf.js'

/**
 * The mean of |ŷ − y| over examples and outputs; shapes [examples, …] both. Laws: `metricLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { mae, measure } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(mae())(tensor([[1], [2]]), tensor([[0], [5]])) // => E.right(2)
 * ```
 */
export const mae = (): MeanMetric => metricOfLoss(loss())
