/** Metrics from a formula about one output, and from losses. */
import type { Expr } from '../expr/node.js'
import type { Loss } from '../losses/loss.js'
import { meanOfOutputs, unlessMisfit } from '../losses/lossOf.js'
import type { Issue } from '../part/issue.js'
import { spec, type SpecValue } from '../part/spec.js'
import type { MeanMetric } from './metric.js'

/** What a metric may say beside its formula. Defaults: no options, no issues, every shape and wanted value fits. */
export interface MetricOptions {
  readonly options?: Readonly<Record<string, SpecValue | undefined>>
  readonly issues?: readonly Issue[]
  /** Why predictions and wanted values do not fit, if so. */
  readonly misfit?: (predicted: Expr, wanted: Expr) => string | undefined
  /** Which wanted values are allowed, given both shapes. */
  readonly wanted?: NonNullable<MeanMetric['wanted']>
}

/**
 * A metric of your own: each example's mean of what the formula returns, [batch, …], averaged with the weights of the examples.
 * Predictions are what `predictions` gives: probabilities also where the loss takes logits. Laws: `metricLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { abs, greater, sub } from 'tikhonov/expr'
 * import { measure, metricOf } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * const within = (far: number) => metricOf('within', (p, y) => greater(far, abs(sub(p, y))), { options: { far } })
 * measure(within(0.5))(tensor([[1], [2]]), tensor([[1.25], [3]])) // => E.right(0.5)
 * ```
 */
export const metricOf = (kind: string, formula: (predicted: Expr, wanted: Expr) => Expr, given: MetricOptions = {}): MeanMetric => ({
  _tag: 'MeanMetric',
  spec: spec(kind, given.options),
  issues: given.issues ?? [],
  each: (predicted, wanted) =>
    unlessMisfit(kind, predicted, wanted, given.misfit?.(predicted, wanted), () => meanOfOutputs(formula(predicted, wanted))),
  ...(given.wanted === undefined ? {} : { wanted: given.wanted })
})

/**
 * A loss as a metric: its mean over what `predictions` gives. Wanted values are what the loss allows.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { huber } from 'tikhonov/losses'
 * import { measure, metricOfLoss } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(metricOfLoss(huber()))(tensor([[1], [2]]), tensor([[0], [5]])) // => E.right(1.5)
 * ```
 */
export const metricOfLoss = ({ spec: named, issues, each, wanted }: Loss): MeanMetric =>
  ({ _tag: 'MeanMetric', spec: named, issues, each, wanted: (predicted) => wanted(predicted) })
