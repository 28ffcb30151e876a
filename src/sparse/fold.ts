/** Training on sparse rows is a reducer over the same states: rows that a batch has are gathered, stepped and put back. */
import { either as E } from 'fp-ts'
import type { Folded, Report, TrainState } from '../engine/engine.js'
import type { Values } from '../expr/node.js'
import type { Issue } from '../part/issue.js'
import type { TrainError } from '../training/fold.js'
import { stateIssues } from '../training/reading.js'
import { issuesBeside } from '../training/batch.js'
import { lackingRows } from '../training/lacking.js'
import { rowIssues, type SparseBatch } from './batch.js'
import { adopt, copy, dense, forget, gather, looked, meet, occurring, scatter, waited, waitedByColumn } from './entries.js'
import { roomFor } from './kernel.js'
import { elapsedPath } from './program.js'
import type { Small, SparseTrainer } from './trainer.js'
import type { Tensor } from '../tensor/tensor.js'

/** A run that goes on: rows that wait stay behind until the state is asked for. */
export interface SparseRun {
  /** Steps taken, those of the first state included. */
  readonly step: () => number
  /** Learns from one batch, or says why not; then all is as it was. */
  readonly learn: (batch: SparseBatch) => E.Either<TrainError, readonly Report[]>
  /** The state with all rows as dense steps would have left them; the same object until there is another. A run goes on as if not asked. */
  readonly state: () => TrainState
}

const batchIssues = (t: SparseTrainer, batch: SparseBatch): readonly Issue[] => {
  const lacks = lackingRows(batch)
  return lacks.length > 0 ? lacks : issuesBeside(t, batch.x.shape[0], rowIssues('batch/x', batch.x, t.sparse.features), batch)
}

/** A run from a state. */
export const sparseRun = (t: SparseTrainer, from: TrainState): SparseRun => {
  const { features, small, settle } = t.sparse
  const Block = t.engine.precision === 'float64' ? Float64Array : Float32Array
  // Rows lie in the order in which their columns were met: those of frequent columns come together, whatever the number of features.
  const values = new Block(from.values.length)
  const numberOf = new Int32Array(features)
  const columns = new Int32Array(features)
  let met = 0
  let latest: Small | undefined
  // Time passes by what steps say of it; a row remembers when it was looked at last.
  let clock = 0
  const since = new Float64Array(features)
  let state = from
  let last = { of: from, settled: from }

  // Memory that is written anew at each step: a block and inputs for each size of a program, the columns of a batch.
  const placeOf = new Int32Array(features)
  const different = new Int32Array(features)
  let [numbers, places] = [new Int32Array(0), new Int32Array(0)]
  const memory = new WeakMap<Small, { readonly block: Values; readonly x: Float64Array | Float32Array }>()
  const memoryOf = (step: Small, inputs: number) => {
    const known = memory.get(step) ?? { block: new Block(step.size), x: new Block(inputs) }
    memory.set(step, known)
    return known
  }

  const adopted = (step: Small, first: number): void => {
    if (latest === undefined) for (const place of step.whole) copy(from.values, place.from, values, place.from, place.size)
    latest = step
    for (const place of step.rows) adopt(from.values, place.from, columns.subarray(0, met), first, values)
  }
  const entered = ({ rows, whole, waiting }: Small, block: Values, numbered: Int32Array, width: number): Values => {
    for (const place of rows) gather(values, place.from, numbered, block, place.at, width)
    for (const place of whole) copy(values, place.from, block, place.at, place.size)
    if (waiting !== undefined) waited(since, numbered, clock, block, waiting.elapsed, width)
    // A view of its own: an engine knows states by identity.
    return block.subarray()
  }
  const left = ({ rows, whole, waiting }: Small, block: Values, numbered: Int32Array): void => {
    for (const place of rows) scatter(block, place.at, numbered, values, place.from)
    for (const place of whole) copy(block, place.at, values, place.from, place.size)
    if (waiting === undefined) return
    clock += block[waiting.pass]
    looked(since, numbered, clock)
  }
  const settled = (): TrainState => {
    if (state.step === from.step || latest === undefined) return { ...state, values: from.values }
    const caught = new Block(from.values)
    const known = columns.subarray(0, met)
    for (const place of latest.rows) scatter(values, place.from.offset, known, caught, place.from)
    for (const place of latest.whole) copy(values, place.from, caught, place.from, place.size)
    if (settle.paths.length > 0) {
      const held = new Map(t.layout.map((p) => [p.path, caught.subarray(p.offset, p.offset + p.size)]))
      const elapsed = new Float64Array(features).fill(clock)
      waitedByColumn(since, known, clock, elapsed)
      const given = (path: string): Values => (path === elapsedPath ? elapsed : held.get(path) ?? new Float64Array(0))
      const after = settle.evaluate()({ values: given, seed: state.seed, step: state.step, position: state.cursor })
      settle.paths.forEach((path, i) => { held.get(path)?.set(after[i]) })
    }
    return { ...state, values: caught }
  }
  const now = (): TrainState => {
    if (last.of !== state) last = { of: state, settled: settled() }
    return last.settled
  }

  const learn = (batch: SparseBatch): E.Either<TrainError, readonly Report[]> => {
    const issues = batchIssues(t, batch)
    if (issues.length > 0) return E.left({ _tag: 'BadBatch', state: now(), issues })
    const { x, ...beside } = batch
    const entries = x.offsets[x.shape[0]] - x.offsets[0]
    if (entries > places.length) [numbers, places] = [new Int32Array(2 * entries), new Int32Array(2 * entries)]
    const before = met
    met = meet(x, numberOf, columns, met, numbers)
    const numbered = different.subarray(0, occurring(x, entries, numbers, placeOf, different, places))
    const width = Math.min(features, roomFor(numbered.length))
    const step = small(width, x.shape[0])
    adopted(step, before)
    const { block, x: data } = memoryOf(step, x.shape[0] * width)
    const inputs: Tensor = { _tag: 'Tensor', shape: [x.shape[0], width], data: dense(x, data, width, places) }
    const after = step.executable.fold({ ...state, values: entered(step, block, numbered, width) }, [{ ...beside, x: inputs }], block)
    forget(x, data, width, places)
    if (E.isLeft(after)) return E.left({ ...after.left, state: now() })
    const moved = after.right.state
    if (moved.step > state.step) left(step, moved.values, numbered)
    state = { ...moved, values: from.values }
    return E.right(after.right.reports)
  }
  return { step: () => state.step, learn, state: now }
}

/**
 * The state after all batches, in order, and a report for each that was learned from: what `fold` gives on the same examples written
 * densely, at the cost of the non-zeros. A fold copies the state once, whatever it holds; give it many batches. Reports have no penalty and
 * no probe of the first kernel: these would cost what the features cost. Errors: those of `fold`, and rows that do not fit: columns out of
 * range, descending or twice in a row, numbers that are not finite. Laws: `sparseLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { zeros } from 'tikhonov/initializers'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { csr, foldSparse, sparseBatches, sparseTrainer } from 'tikhonov/sparse'
 * import { tensor } from 'tikhonov/tensor'
 * import { parametersOf, start } from 'tikhonov/training'
 * F.pipe(
 *   sequential([5], dense(1, { useBias: false, kernelInitializer: zeros })),
 *   E.chain((model) => sparseTrainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.bindTo('t'),
 *   E.bind('x', () => csr([2, 5], [0, 1, 3], [4, 0, 3], [1, 1, 2])),
 *   E.chainW(({ t, x }) => F.pipe(
 *     foldSparse(t)(start(t), sparseBatches({ x, y: tensor([2, 4]) })),
 *     E.map(({ state }) => [...parametersOf(t, state)['dense/0/kernel'].data])
 *   ))
 * ) // => E.right([2, 0, 0, 4, 1])
 * ```
 */
export const foldSparse = (t: SparseTrainer) => (from: TrainState, batches: Iterable<SparseBatch>): E.Either<TrainError, Folded> => {
  const wrong = stateIssues(t, from)
  if (wrong.length > 0) return E.left({ _tag: 'BadState', state: from, issues: wrong })
  const run = sparseRun(t, from)
  const reports: Report[] = []
  for (const batch of batches) {
    const learned = run.learn(batch)
    if (E.isLeft(learned)) return learned
    reports.push(...learned.right)
  }
  return E.right({ state: run.state(), reports })
}
