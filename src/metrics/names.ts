/** The names under which metrics are reported. */
import { issue, type Issue } from '../part/issue.js'
import { showSpec } from '../part/spec.js'
import type { Metric } from './metric.js'

/** A metric's kind; with its options where another has the same kind: `topK(k 1)` and `topK(k 5)`. */
export const metricNames = (metrics: readonly Metric[]): readonly string[] =>
  metrics.map(({ spec }) => (metrics.filter((m) => m.spec.kind === spec.kind).length > 1 ? showSpec(spec) : spec.kind))

/** Metrics that would be reported under one name, of which only the last would be seen. */
export const nameIssues = (metrics: readonly Metric[]): readonly Issue[] => {
  const names = metricNames(metrics)
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [issue(`metrics/${name}`, 'this metric twice', 'metrics that differ in kind or options')] : [])
}
