/** Mean squared error as a metric. */
import { mse as loss } from '../losses/mse.js'
import type { MeanMetric } from './metric.js'
import { metricOfLoss } from './metricOf.js'

/** The mean of (ŷ − y)² over examples and outputs; shapes [examples, …] both. Laws: `metricLaws`. */
export const mse = (): MeanMetric => metricOfLoss(loss())
