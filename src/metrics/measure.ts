/** Metrics of given predictions, without a model. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import { evaluate } from '../expr/evaluate.js'
import { variable } from '../expr/leaf.js'
import { showShape, sizeOf } from '../expr/shape.js'
import { outsideWanted } from '../losses/outsideWanted.js'
import { countingIssues, weightIssues } from '../part/exampleWeights.js'
import { issue, under, unlessIssues, type Issue } from '../part/issue.js'
import { misfits } from '../part/misfit.js'
import { fills, type Tensor } from '../tensor/tensor.js'
import type { MeanMetric, Metric, WholeMetric } from './metric.js'
import { oneAnExample } from './oneAnExample.js'
import { weightedMean } from './weightedMean.js'

type Measured = E.Either<NEA.NonEmptyArray<Issue>, number>

const ones = ({ shape: [rows] }: Tensor): Float64Array => new Float64Array(rows).fill(1)

const weighing = (weight: ArrayLike<number>, { shape: [rows] }: Tensor): readonly Issue[] => {
  const wrong = weightIssues('weight', weight, rows)
  return wrong.length > 0 ? wrong : countingIssues('weight', weight)
}

const fillIssues = (given: Readonly<Record<string, Tensor>>): readonly Issue[] => Object.entries(given).flatMap(([path, x]) =>
  (fills(x) ? [] : [issue(path, `${x.data.length} numbers`, `${sizeOf(x.shape)} numbers in a typed array`)]))

const ofWhole = (metric: WholeMetric, predicted: Tensor, wanted: Tensor, weight: ArrayLike<number>): Measured => {
  const misfit = metric.misfit(predicted.shape, wanted.shape)
  return misfit === undefined ? E.right(metric.of(predicted, wanted, weight))
    : E.left([issue(metric.spec.kind, `${showShape(predicted.shape)} and ${showShape(wanted.shape)}`, misfit)])
}

const wantedIssues = (metric: MeanMetric, predicted: Tensor, { shape, data }: Tensor): readonly Issue[] => {
  const allowed = metric.wanted?.(predicted.shape, shape)
  return allowed === undefined ? [] : outsideWanted('wanted', data, sizeOf(shape.slice(1)), allowed)
}

const ofMean = (metric: MeanMetric, predicted: Tensor, wanted: Tensor, weight: ArrayLike<number>): Measured => {
  const each = oneAnExample(metric)(variable('predicted', predicted.shape), variable('wanted', wanted.shape))
  const wrong = misfits(metric.spec.kind, [each])
  return unlessIssues(wrong.length > 0 ? wrong : wantedIssues(metric, predicted, wanted), () =>
    weightedMean(evaluate(each, { predicted: predicted.data, wanted: wanted.data }), weight))
}

/**
 * A metric of predictions, given what was wanted and how much each example counts (1 unless told).
 *
 * Errors: the metric's issues, shapes that do not fit it, data that does not fill its shape, a metric that does not give one value an
 * example, a wanted value that it does not allow (a label that is no class), weights that are negative, not finite, all 0 or not one an
 * example.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { mae, measure } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(mae())(tensor([[1], [2]]), tensor([[0], [5]]), [3, 1]) // => E.right(1.5)
 * ```
 */
export const measure = (metric: Metric) => (predicted: Tensor, wanted: Tensor, weight: ArrayLike<number> = ones(predicted)): Measured =>
  F.pipe(
    unlessIssues([
      ...under(metric.spec.kind, metric.issues), ...weighing(weight, predicted), ...fillIssues({ predicted, wanted })
    ], () => metric),
    E.chain((m) => (m._tag === 'MeanMetric' ? ofMean(m, predicted, wanted, weight) : ofWhole(m, predicted, wanted, weight)))
  )
