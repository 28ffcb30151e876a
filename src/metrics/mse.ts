/** Mean squared error as a metric. */
import { mse as loss } from '../losses/mse.js'
import type { MeanMetric } from './metric.js'
import { metricOfLoss } from './metricOf.js'

/**
 * The mean of (ŷ − y)² over examples and outputs; shapes [examples, …] both. Laws: `metricLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { measure, mse } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(mse())(tensor([[1], [2]]), tensor([[0], [5]])) // => E.right(5)
 * ```
 */
export const mse = (): MeanMetric => metricOfLoss(loss())
