/**
 * One training step as expressions: forward in training mode → weighted mean of the loss + Σ penalties → gradient → gradient
 * transformations → update → proximal operators → constraints → next values.
 */
import { add, div, mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { gradient } from '../expr/gradient.js'
import { substitute } from '../expr/graph.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import type { Holds, Place, Program } from '../engine/engine.js'
import type { Declaration, Output } from '../layer/layer.js'
import { training } from '../layer/scope.js'
import type { Loss } from '../losses/loss.js'
import type { MeanMetric } from '../metrics/metric.js'
import { metricNames } from '../metrics/names.js'
import { oneAnExample } from '../metrics/oneAnExample.js'
import { termPaths } from '../layer/build.js'
import { forward, type Model } from '../model/model.js'
import { penaltiesOf } from '../model/penalties.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import type { GradientAt, Updated, Weight } from '../optimizers/transform.js'
import { axesOf } from '../part/axes.js'
import { issue, type Issue } from '../part/issue.js'
import { joinPath, mapByPath, numbered, type ByPath } from '../part/path.js'
import { showSpec } from '../part/spec.js'
import type { Probe, Seen } from '../probes/probe.js'

/** What is trained, by what measure, and how. */
export interface Parts {
  readonly model: Model
  readonly loss: Loss
  readonly optimizer: Optimizer
  /** Means reported at each step and by `evaluate`; none unless told. */
  readonly metrics?: readonly MeanMetric[]
  /** What is told of parameters at each step; nothing unless told. */
  readonly probes?: readonly Probe[]
}

/** Σ w·v / Σ w. */
const weightedMean = (v: Expr, weight: Expr): Expr => div(sum(mul(v, weight)), sum(weight))

/** The mean of each metric by its name: its kind, with its options where two have one kind. */
const metricMeans = (metrics: readonly MeanMetric[], mean: (each: Expr) => Expr, predicted: Expr, wanted: Expr): ByPath<Expr> => {
  const names = metricNames(metrics)
  return Object.fromEntries(metrics.map((m, i) => [names[i], mean(oneAnExample(m)(predicted, wanted))]))
}

/** The objective of a step, and what it was made of. */
export interface Objective {
  readonly output: Output
  readonly data: Expr
  readonly penalties: ByPath<Expr>
  readonly total: Expr
  /** total without what is `exact`: what the gradient is of. */
  readonly smooth: Expr
  readonly metrics: ByPath<Expr>
}

/** Mean loss over the examples present + Σ penalties, each apart. */
const objective = ({ model, loss, metrics = [] }: Parts, batch: number): Objective => {
  const leaf = (name: string, shape: Shape) => variable(`batch/${name}`, shape)
  const [weight, present] = [leaf('weight', [batch]), leaf('present', [batch])]
  const output = forward(model, training(present))(leaf('x', [batch, ...model.input]))
  const wanted = leaf('y', loss.wanted(output.y.shape).shape)
  const data = weightedMean(oneAnExample(loss)(output.y, wanted), weight)
  const penalties = { ...penaltiesOf(output.parameters), ...output.penalties }
  const sloped = { ...penaltiesOf(output.parameters, ({ exact = false }) => !exact), ...output.penalties }
  const withPenalties = (some: ByPath<Expr>): Expr => Object.keys(some).reduce((sum, path) => add(sum, penalties[path]), data)
  return {
    output, data, penalties,
    total: withPenalties(penalties),
    smooth: withPenalties(sloped),
    metrics: metricMeans(metrics, (each) => weightedMean(each, weight), loss.link?.(output.y) ?? output.y, wanted)
  }
}

/** The gradient of what is sloped, by parameter. */
const slopesOf = ({ output, smooth }: Objective): ByPath<Expr> => {
  const paths = Object.keys(output.parameters)
  const slopes = gradient(smooth, paths.map((path) => variable(path, output.parameters[path].shape)))
  return Object.fromEntries(paths.map((path, i) => [path, slopes[i]]))
}

/** The same with parameters replaced, under the same draws. */
const elsewhere = (slopes: ByPath<Expr>): GradientAt => (at) => {
  const moved = substitute(Object.values(slopes), at)
  return Object.fromEntries(Object.keys(slopes).map((path, i) => [path, moved[i]]))
}

/** The optimizer's change of each parameter, and its slots. */
const updates = ({ optimizer }: Parts, { output }: Objective, slopes: ByPath<Expr>): Updated => {
  const weights = mapByPath(output.parameters, ({ shape, role, incoming, initial }, path): Weight =>
    ({ value: variable(path, shape), initial: initial(path), role, incoming }))
  return optimizer.transform.update('optimizer')(slopes, weights, optimizer.learningRate, elsewhere(slopes))
}

/** Why a parameter's exact penalty cannot be used with this pace. */
const paceIssues = (parameters: ByPath<Declaration>, { delta, pace }: Updated): readonly Issue[] =>
  Object.entries(parameters).flatMap(([path, { regularizer }]) =>
    (regularizer?.exact ?? []).flatMap(({ spec, elementwise }) =>
      delta[path] === undefined || (pace !== undefined && (elementwise || pace[path].shape.length === 0)) ? []
        : [issue(joinPath(path, spec.kind), showSpec(spec), pace === undefined ? 'an optimizer whose transformations tell their pace'
            : 'an optimizer with one pace for all weights of a parameter, such as sgd, or a penalty on each weight by itself')]))

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

/** A program with the objective it was made of, its cells, what the optimizer said, and what of it does not fit the parameters. */
export interface Made {
  readonly program: Program
  readonly objective: Objective
  readonly cells: Cells
  readonly updated: Updated
  readonly issues: readonly Issue[]
}

/** What probes tell of each parameter, by its path and the probe's kind, numbered where a kind occurs twice. */
const probed = (
  probes: readonly Probe[], { output, penalties }: Objective, slopes: ByPath<Expr>, moved: ByPath<Pick<Seen, 'unconstrained' | 'next'>>
): ByPath<Expr> => Object.fromEntries(Object.entries(output.parameters).flatMap(([path, declared]) => {
  const { shape, role, regularizer, constraint } = declared
  const own = termPaths(path, regularizer?.terms ?? []).map(([at]) => [at, penalties[at]] as const)
  const seen: Seen = {
    path, role, regularizer, constraint, axes: axesOf(shape, declared), value: variable(path, shape), gradient: slopes[path],
    penalties: Object.fromEntries(own), ...moved[path]
  }
  return numbered(probes.map((p) => p.spec.kind)).flatMap((name, i) => {
    const told = probes[i].of(seen)
    return told === undefined ? [] : [[joinPath(path, name), told]]
  })
}))

/** A program for batches of one size, and what it was made of. */
export const programOf = (parts: Parts, batch: number): Made => {
  const made = objective(parts, batch)
  const { parameters, state } = made.output
  const slopes = slopesOf(made)
  const updated = updates(parts, made, slopes)
  const { delta, slots, issues = [], pace = {} } = updated
  // A parameter without a direction is frozen: nothing moves it, not even its penalty and its constraint.
  const moved = mapByPath(parameters, ({ shape, regularizer, constraint, ...axes }, path) => {
    const w = variable(path, shape)
    if (delta[path] === undefined) return { unconstrained: w, next: w }
    const unconstrained = (regularizer?.exact ?? []).reduce(
      (next, { proximal }) => proximal(pace[path] ?? 0, axesOf(shape, axes))(next), add(w, delta[path]))
    return { unconstrained, next: constraint === undefined ? unconstrained : constraint.project(axes.incoming)(unconstrained) }
  })
  const cells: Cells = { state, slots }
  return {
    objective: made,
    cells,
    updated,
    issues: [...issues, ...paceIssues(parameters, updated)],
    program: {
      batch,
      layout: layoutOf([
        ...Object.entries(parameters).map(([path, d]) => [path, d.shape, d.role] as const),
        ...Object.entries(state).map(([path, c]) => [path, c.shape, 'state'] as const),
        ...Object.entries(slots).map(([path, c]) => [path, c.shape, 'slot'] as const)
      ]),
      next: { ...mapByPath(moved, ({ next }) => next), ...mapByPath({ ...state, ...slots }, (c) => c.next) },
      report: {
        data: made.data, penalties: made.penalties, total: made.total, metrics: made.metrics,
        probes: probed(parts.probes ?? [], made, slopes, moved)
      }
    }
  }
}
