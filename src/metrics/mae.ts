/** Mean absolute error as a metric. */
import { mae as loss } from '../losses/mae.js'
import type { MeanMetric } from './metric.js'
import { metricOfLoss } from './metricOf.js'

/** The mean of |ŷ − y| over examples and outputs; shapes [examples, …] both. Laws: `metricLaws`. */
export const mae = (): MeanMetric => metricOfLoss(loss())
