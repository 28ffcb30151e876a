/** A trainer is a model with its loss, optimizer and engine, checked once: what the reducers `step` and `fold` run. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { problems, topological } from '../expr/graph.js'
import { hyperOf, type Hyper, type Range } from '../expr/leaf.js'
import { isInvalid } from '../expr/node.js'
import { sameShape, showShape } from '../expr/shape.js'
import type { Engine, Executable, Place, Program, TrainState } from '../engine/engine.js'
import { defaultEngine } from '../engine/default.js'
import { nameIssues } from '../metrics/names.js'
import { build, collisions } from '../model/build.js'
import type { ModelError } from '../model/model.js'
import { firstValues } from '../model/values.js'
import { seed as seedIssues } from '../part/checks.js'
import { issue, under, unlessIssues, type Issue } from '../part/issue.js'
import { misfits } from '../part/misfit.js'
import { once } from '../part/once.js'
import type { ByPath } from '../part/path.js'
import { refuse } from '../part/refuse.js'
import type { Tensor } from '../tensor/tensor.js'
import { programOf, type Parts } from './program.js'

/** Parts that fit each other, with programs compiled as batch sizes are met. */
export interface Trainer extends Parts {
  readonly _tag: 'Trainer'
  readonly engine: Engine
  /** Where each parameter, layer state and optimizer slot lies in the block of a state. */
  readonly layout: readonly Place[]
  /** What a batch may set, by name, and what each may be. */
  readonly hypers: ReadonlyMap<string, Range>
  /** What layers have against batches of a size: one that goes on with sequences cannot go on with more than it has. */
  readonly issues: (batch: number) => readonly Issue[]
  /** The step for batches of a size, as expressions: to print, to count, to compile. */
  readonly program: (batch: number) => Program
  /** The compiled step for batches of a size; the newest sizes are kept. */
  readonly executable: (batch: number) => Executable
  /** The first values of every place under a seed. */
  readonly initialValues: (seed: number) => ByPath<Tensor>
}

const slotsDiffer = (program: Program): readonly Issue[] =>
  program.layout.flatMap(({ path, shape }) => {
    const next = program.next[path]
    return problems([next]).length > 0 || sameShape(next.shape, shape) ? []
      : [issue(path, `a next value of shape ${showShape(next.shape)}`, showShape(shape))]
  })

/** Steps at which two schedules are compared. */
const looked = [0, 1, 2, 5, 10, 100, 1000, 10_000, 100_000]

/** A name stands for one hyper-parameter: a batch could not set two. */
const hyperIssues = (hypers: readonly Hyper[]): readonly Issue[] => hypers.flatMap((h, i) => {
  const twin = hypers.find(({ path }) => path === h.path) ?? h
  const { at, range: { min, max, open } } = twin
  const same = at === h.at || looked.every((step) => Object.is(at(step), h.at(step)))
  return hypers.indexOf(twin) === i || (same && min === h.range.min && max === h.range.max && open === h.range.open) ? []
    : [issue(h.path, 'two hyper-parameters of one name that differ', 'one default or schedule and one range for a name')]
})

/**
 * A trainer of a model: everything is checked, together, before anything runs.
 * Defaults: no metrics, no probes, the engine `defaultEngine()`: `wasm()`, in float32 (`reference()` computes in float64). Errors: all
 * issues of the parts and of how they fit, each with its path.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => t.layout.map((place) => place.path))
 * ) // => E.right(['dense/0/kernel', 'dense/0/bias'])
 * ```
 */
export const trainer = (parts: Parts & { readonly engine?: Engine }): E.Either<NEA.NonEmptyArray<ModelError>, Trainer> => {
  const { model, loss, optimizer, metrics = [], engine = defaultEngine() } = parts
  const rebuilt = build(model.input, model.layers)
  if (E.isLeft(rebuilt)) return rebuilt
  const first = programOf(parts, 1)
  const { program, objective } = first
  const { total, metrics: means, probes } = program.report
  const roots = [total, ...[program.next, means, probes].flatMap((by) => Object.values(by))]
  const hypers = topological(roots).flatMap((e) => hyperOf(e) ?? [])
  const own = [
    ...under('loss', loss.issues), ...under('optimizer', [...optimizer.issues, ...optimizer.transform.issues, ...first.issues]),
    ...nameIssues(metrics), ...metrics.flatMap((m) => under(`metrics/${m.spec.kind}`, m.issues))
  ]
  const issues = [
    ...own,
    ...misfits('loss', [objective.data]),
    ...Object.entries(objective.metrics).flatMap(([m, e]) => misfits(`metrics/${m}`, [e])),
    ...Object.entries(probes).flatMap(([path, e]) =>
      (isInvalid(e) ? misfits(path, [e]) : e.shape.length === 0 ? [] : [issue(path, `shape ${showShape(e.shape)}`, 'a scalar')]))
  ]
  const further = (): readonly Issue[] =>
    [...misfits('optimizer', roots), ...slotsDiffer(program), ...collisions(roots), ...hyperIssues(hypers)]
  return unlessIssues(issues.length > 0 ? issues : further(), () => {
    const made = once((batch) => (batch === 1 ? first : programOf(parts, batch)))
    const programs = (batch: number) => made(batch).program
    return {
      ...parts, _tag: 'Trainer', engine,
      layout: program.layout,
      hypers: new Map(hypers.map(({ path, range }) => [path.slice('hyper/'.length), range])),
      issues: (batch) => made(batch).objective.output.issues,
      program: programs,
      executable: once((batch) => engine.compile(programs(batch))),
      initialValues: (seed) => firstValues(seed, { ...objective.output.parameters, ...first.cells.state, ...first.cells.slots })
    }
  })
}

/**
 * The state of a run before its first step. The seed, a whole number below 2³², decides first values and every random draw.
 * Errors: a seed out of range (a RangeError: a mistake of the caller).
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => start(t, 7)),
 *   E.map(({ seed, step, cursor, values }) => [seed, step, cursor, values.length])
 * ) // => E.right([7, 0, 0, 2])
 * ```
 */
export const start = (t: Trainer, seed = 0): TrainState => {
  refuse(seedIssues('seed', seed))
  const values = t.initialValues(seed)
  const size = t.layout.reduce((n, p) => n + p.size, 0)
  const block = t.engine.precision === 'float64' ? new Float64Array(size) : new Float32Array(size)
  t.layout.forEach((p) => { block.set(values[p.path].data, p.offset) })
  return { _tag: 'TrainState', step: 0, seed, cursor: 0, values: block }
}
