/** How good a state is: loss, penalties and metrics in inference mode, on any number of examples. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import { broadcast } from '../expr/broadcast.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { showShape, sizeOf, type Shape } from '../expr/shape.js'
import type { Batch, Report, TrainState } from '../engine/engine.js'
import { infer } from '../layer/scope.js'
import type { Metric } from '../metrics/metric.js'
import { metricNames, nameIssues } from '../metrics/names.js'
import { oneAnExample } from '../metrics/oneAnExample.js'
import { weightedMean } from '../metrics/weightedMean.js'
import { forward } from '../model/model.js'
import { overRows } from '../model/overRows.js'
import { penaltiesOf } from '../model/penalties.js'
import { countingIssues } from '../part/exampleWeights.js'
import { issue, under, unlessIssues, type Issue } from '../part/issue.js'
import { misfits } from '../part/misfit.js'
import { onceFor } from '../part/once.js'
import { mapByPath, type ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { batchIssues } from './batch.js'
import { hypersIn, reading, stateIssues } from './reading.js'
import type { Trainer } from './trainer.js'

/** What `evaluate` finds: a report over all examples, and how many they were. */
export interface Evaluation extends Omit<Report, 'probes'> {
  readonly examples: number
}

/** What is computed of a chunk of examples: everything has one row an example. */
interface Inference {
  readonly predicted: Expr
  readonly loss: Expr
  /** The value of each example where the metric is a mean, else the predictions. */
  readonly metrics: readonly Expr[]
  /** Penalties on activities, the same number in each row. */
  readonly activities: ByPath<Expr>
  /** Penalties on parameters: scalars. */
  readonly penalties: ByPath<Expr>
}

const inference = ({ model, loss }: Trainer, metrics: readonly Metric[], x: Expr, y: Expr): Inference => {
  const output = forward(model, infer)(x)
  const predicted = loss.link?.(output.y) ?? output.y
  return {
    predicted,
    loss: loss.each(output.y, y),
    metrics: metrics.map((m) => (m._tag === 'MeanMetric' ? oneAnExample(m)(predicted, y) : predicted)),
    activities: mapByPath(output.penalties, (p) => broadcast(p, [x.shape[0]])),
    penalties: penaltiesOf(output.parameters)
  }
}

const metricIssues = (metrics: readonly Metric[], of: Inference, wanted: Expr): readonly Issue[] => [
  ...nameIssues(metrics),
  ...metrics.flatMap((m, i) => {
    const misfit = m._tag === 'WholeMetric' ? m.misfit(of.predicted.shape, wanted.shape) : undefined
    return under(`metrics/${m.spec.kind}`, [
      ...m.issues,
      ...misfits('', [of.metrics[i]]),
      ...(misfit === undefined ? [] : [issue('', `${showShape(of.predicted.shape)} and ${showShape(wanted.shape)}`, misfit)])
    ])
  })
]

const weightOf = ({ x, weight, count }: Batch): Float64Array =>
  Float64Array.from({ length: count ?? x.shape[0] ?? 0 }, (_, i) => weight?.[i] ?? 1)

/** Losses and penalties that are not finite. Metrics say themselves where they are undefined. */
const infinities = ({ data, penalties }: Evaluation): readonly Issue[] =>
  Object.entries({ data, ...penalties }).flatMap(([path, value]) =>
    (Number.isFinite(value) ? [] : [issue(path, String(value), 'a finite number')]))

const firstRows = ({ data }: Tensor, rows: number, row: Shape): Tensor =>
  ({ _tag: 'Tensor', shape: [rows, ...row], data: data.subarray(0, rows * sizeOf(row)) })

/** Everything of an evaluation that does not depend on states and examples, made once. */
const bind = (t: Trainer, metrics: readonly Metric[]) => {
  const wanted = t.loss.wanted([1, ...t.model.output]).shape.slice(1)
  const leaves = { 'batch/x': t.model.input, 'batch/y': wanted }
  const of = (by: ByPath<Expr>): Inference => inference(t, metrics, by['batch/x'], by['batch/y'])
  const rootsOf = ({ loss, metrics: each, activities }: Inference) => [loss, ...each, ...Object.values(activities)]
  const one = mapByPath<Shape, Expr>(leaves, (shape, path) => variable(path, [1, ...shape]))
  const { penalties, ...first } = of(one)
  const issues = metricIssues(metrics, { penalties, ...first }, one['batch/y'])
  const fixed = t.engine.evaluate(Object.values(penalties))
  const hypers = hypersIn([...rootsOf({ penalties, ...first }), ...Object.values(penalties)])
  const [names, activities] = [metricNames(metrics), Object.keys(first.activities)]
  // A penalty on activities is one of all examples together: a norm of the whole is no sum over chunks.
  const rows = overRows(t.engine, leaves, (by) => rootsOf(of(by)), activities.length > 0 ? Infinity : undefined)

  const evaluated = (state: TrainState, { x, y, hyper: given }: Batch, weight: Float64Array): Evaluation => {
    const n = weight.length
    const { hyper, run } = reading(t, hypers, state, given)
    const [losses, ...found] = rows(n, { 'batch/x': x, 'batch/y': y }, run)
    const data = weightedMean(losses.data, weight)
    const values = fixed(run)
    const added = [
      ...Object.keys(penalties).map((path, i) => [path, values[i][0]] as const),
      ...activities.map((path, i) => [path, weightedMean(found[metrics.length + i].data, weight.map(() => 1))] as const)
    ]
    const measured = metrics.map((m, i) => [names[i], m._tag === 'MeanMetric' ? weightedMean(found[i].data, weight)
      : m.of(found[i], firstRows(y, n, wanted), weight)] as const)
    return {
      examples: n, data, hyper,
      penalties: Object.fromEntries(added),
      total: added.reduce((sum, [, p]) => sum + p, data),
      metrics: Object.fromEntries(measured)
    }
  }

  return (state: TrainState, batch: Batch): E.Either<NEA.NonEmptyArray<Issue>, Evaluation> => {
    const found = [...issues, ...stateIssues(t, state), ...batchIssues(t, batch)]
    const weight = found.length > 0 ? new Float64Array(0) : weightOf(batch)
    return F.pipe(
      unlessIssues(found.length > 0 ? found : countingIssues('batch/weight', weight), () => evaluated(state, batch, weight)),
      E.chain((e) => unlessIssues(infinities(e), () => e))
    )
  }
}

const none: readonly Metric[] = []
const bound = onceFor((t: Trainer) => onceFor((metrics: readonly Metric[]) => bind(t, metrics)))

/**
 * Data loss, each penalty, their total and metrics of a state, in inference mode (dropout and noise do nothing), over any number of
 * examples, a bounded number of them at a time; all at once where activities are penalised, since a norm of all is no sum over parts.
 *
 * The data loss and metrics that are means are Σwm/Σw over the examples present (`count`; all unless told) with their weights (1 unless
 * told). Penalties are those of the values of the state, none of them divided; an activity penalty is the mean over the examples. Metrics
 * are the trainer's unless told; those that need all predictions at once (`auc`, `r2`) may be among them. Hyper-parameters are the batch's,
 * else those that the last step used, else their defaults. What a program needs is made once for a trainer and its list of metrics and kept
 * with them: hand the same list again, not an equal one.
 *
 * Errors, all together: what `fold` finds wrong with a batch, no example of a weight above 0, a state of another trainer, metrics that do
 * not fit; then a loss or a penalty that is not finite. Laws: `weightLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { mae, r2 } from 'tikhonov/metrics'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { evaluate, start, trainer, withValues } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.bindTo('t'),
 *   E.bind('state', ({ t }) => withValues(t, start(t), { 'dense/0/kernel': tensor([[2]]) })),
 *   E.chain(({ t, state }) => evaluate(t, [mae(), r2()])(state, { x: tensor([[1], [2], [3]]), y: tensor([[2], [4], [9]]) })),
 *   E.map(({ data, metrics }) => [data, metrics.mae])
 * ) // => E.right([3, 1])
 * ```
 */
export const evaluate = (t: Trainer, metrics: readonly Metric[] = t.metrics ?? none) =>
  (state: TrainState, batch: Batch): E.Either<NEA.NonEmptyArray<Issue>, Evaluation> => bound(t)(metrics)(state, batch)
