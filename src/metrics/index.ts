/** Metrics. */
export type { MeanMetric, Metric, WholeMetric } from './metric.js'
