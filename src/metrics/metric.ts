/** A metric says how good predictions are. A mean can be had at every step; the others need all predictions at once. */
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Wanted } from '../losses/loss.js'
import type { Issue } from '../part/issue.js'
import type { Spec } from '../part/spec.js'
import type { Tensor } from '../tensor/tensor.js'

/** The weighted mean of one value an example, shape [batch]: reported at every step and by `evaluate`. Make yours by `metricOf`. */
export interface MeanMetric {
  readonly _tag: 'MeanMetric'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly each: (predicted: Expr, wanted: Expr) => Expr
  /** Which wanted values `measure` allows beside predictions, given both shapes; any unless told. */
  readonly wanted?: ((predicted: Shape, wanted: Shape) => Wanted) | undefined
}

/** A number from all predictions at once, as AUC and R² are: reported by `evaluate`. */
export interface WholeMetric {
  readonly _tag: 'WholeMetric'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  /** Why predictions and wanted values of these shapes do not fit, if so; axis 0 is the examples. */
  readonly misfit: (predicted: Shape, wanted: Shape) => string | undefined
  /** NaN where the metric is undefined. Weights are ≥ 0, one an example, and do not add up to 0. */
  readonly of: (predicted: Tensor, wanted: Tensor, weight: ArrayLike<number>) => number
}

/** Either. */
export type Metric = MeanMetric | WholeMetric
