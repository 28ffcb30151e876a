/**
 * One training step as expressions: forward in training mode → weighted mean of the loss + Σ penalties → gradient → gradient
 * transformations → update → constraints → next values.
 */
import { add, div, mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { gradient } from '../expr/gradient.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import type { Holds, Place, Program } from '../engine/engine.js'
import type { Output } from '../layer/layer.js'
import { training } from '../layer/scope.js'
import type { Loss } from '../losses/loss.js'
import type { MeanMetric } from '../metrics/metric.js'
import { metricNames } from '../metrics/names.js'
import { forward, type Model } from '../model/model.js'
import { penaltiesOf } from '../model/penalties.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import type { Updated, Weight } from '../optimizers/transform.js'
import type { Issue } from '../part/issue.js'
import { mapByPath, type ByPath } from '../part/path.js'

/** What is trained, by what measure, and how. */
export interface Parts {
  readonly model: Model
  readonly loss: Loss
  readonly optimizer: Optimizer
  /** Means reported at each step and by `evaluate`; none unless told. */
  readonly metrics?: readonly MeanMetric[]
}

/** Σ w·v / Σ w. */
const weightedMean = (v: Expr, weight: Expr): Expr => div(sum(mul(v, weight)), sum(weight))

/** The mean of each metric by its name: its kind, with its options where two have one kind. */
const metricMeans = (metrics: readonly MeanMetric[], mean: (each: Expr) => Expr, predicted: Expr, wanted: Expr): ByPath<Expr> => {
  const names = metricNames(metrics)
  return Object.fromEntries(metrics.map((m, i) => [names[i], mean(m.each(predicted, wanted))]))
}

/** The objective of a step, and what it was made of. */
export interface Objective {
  readonly output: Output
  readonly data: Expr
  readonly penalties: ByPath<Expr>
  readonly total: Expr
  readonly metrics: ByPath<Expr>
}

/** Mean loss over the examples present + Σ penalties, each apart. */
const objective = ({ model, loss, metrics = [] }: Parts, batch: number): Objective => {
  const leaf = (name: string, shape: Shape) => variable(`batch/${name}`, shape)
  const [weight, present] = [leaf('weight', [batch]), leaf('present', [batch])]
  const output = forward(model, training(present))(leaf('x', [batch, ...model.input]))
  const wanted = leaf('y', loss.wanted(output.y.shape).shape)
  const data = weightedMean(loss.each(output.y, wanted), weight)
  const penalties = { ...penaltiesOf(output.parameters), ...output.penalties }
  return {
    output, data, penalties,
    total: Object.values(penalties).reduce((a, b) => add(a, b), data),
    metrics: metricMeans(metrics, (each) => weightedMean(each, weight), loss.link?.(output.y) ?? output.y, wanted)
  }
}

/** The optimizer's change of each parameter, and its slots. */
const updates = ({ optimizer }: Parts, { output, total }: Objective): Updated => {
  const weights = mapByPath(output.parameters, ({ shape, role, incoming }, path): Weight =>
    ({ value: variable(path, shape), role, incoming }))
  const paths = Object.keys(weights)
  const slopes = gradient(total, paths.map((p) => weights[p].value))
  const byPath = Object.fromEntries(paths.map((p, i) => [p, slopes[i]]))
  return optimizer.transform.update('optimizer')(byPath, weights, optimizer.learningRate)
}

const layoutOf = (held: readonly (readonly [string, Shape, Holds])[]): readonly Place[] =>
  held.reduce<readonly Place[]>((places, [path, shape, holds]) => {
    const last = places.at(-1)
    return [...places, { path, shape, holds, size: sizeOf(shape), offset: last === undefined ? 0 : last.offset + last.size }]
  }, [])

/** The cells of a program beside its parameters: layer state, then optimizer slots. */
export interface Cells {
  readonly state: Output['state']
  readonly slots: Updated['slots']
}

/** A program with the objective it was made of, its cells, and what of the optimizer does not fit the parameters. */
export interface Made {
  readonly program: Program
  readonly objective: Objective
  readonly cells: Cells
  readonly issues: readonly Issue[]
}

/** A program for batches of one size, and what it was made of. */
export const programOf = (parts: Parts, batch: number): Made => {
  const made = objective(parts, batch)
  const { parameters, state } = made.output
  const { delta, slots, issues = [] } = updates(parts, made)
  // A parameter without a direction is frozen: nothing moves it, not even its constraint.
  const moved = mapByPath(parameters, ({ shape, incoming, constraint }, path) => {
    const w = variable(path, shape)
    const next = delta[path] === undefined ? w : add(w, delta[path])
    return delta[path] === undefined || constraint === undefined ? next : constraint.project(incoming)(next)
  })
  const cells: Cells = { state, slots }
  return {
    objective: made,
    cells,
    issues,
    program: {
      batch,
      layout: layoutOf([
        ...Object.entries(parameters).map(([path, d]) => [path, d.shape, d.role] as const),
        ...Object.entries(state).map(([path, c]) => [path, c.shape, 'state'] as const),
        ...Object.entries(slots).map(([path, c]) => [path, c.shape, 'slot'] as const)
      ]),
      next: { ...moved, ...mapByPath({ ...state, ...slots }, (c) => c.next) },
      report: { data: made.data, penalties: made.penalties, total: made.total, metrics: made.metrics }
    }
  }
}
