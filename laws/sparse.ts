/** Laws of training on sparse rows. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import { csr, foldSparse, predictionsSparse, toDense, type Csr, type SparseBatch, type SparseTrainer } from 'tikhonov/sparse'
import { fold, predictions, start, type Report, type TrainError, type TrainState } from 'tikhonov/training'
import { dyadic, seed } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Outcome, type Suite, type Tolerance } from './kit/index.js'
import { closeOf, mostRuns, wantedOf, type TrainingTrial } from './trainingTrial.js'

/** What to train on: sparse batches that fit the trainer (`sparseBatchesFor` draws some), and the tolerance of a `TrainingTrial`. */
export interface SparseTrial extends Omit<TrainingTrial, 'batches'> {
  readonly batches: fc.Arbitrary<SparseBatch>
}

/** Rows by their entries; a row may have none. */
const rowsOf = (columns: number, rows: readonly (readonly (readonly [column: number, value: number])[])[]): Csr => {
  const entries = rows.flatMap((row) => [...row].sort(([a], [b]) => a - b))
  const offsets = rows.reduce<readonly number[]>((ends, row) => [...ends, ends[ends.length - 1] + row.length], [0])
  return F.pipe(
    csr([rows.length, columns], offsets, entries.map(([column]) => column), entries.map(([, value]) => value)),
    E.getOrElse((): Csr => ({
      _tag: 'Csr', shape: [0, columns], offsets: new Int32Array(1), indices: new Int32Array(0), values: new Float64Array(0)
    }))
  )
}

/** The entries of each row. */
const entriesOf = ({ offsets, indices, values }: Csr) =>
  Array.from({ length: offsets.length - 1 }, (_, row) =>
    Array.from({ length: offsets[row + 1] - offsets[row] }, (_, i) => [indices[offsets[row] + i], values[offsets[row] + i]] as const))

/**
 * Batches of 1 … 3 examples for a sparse trainer, each with 0 … 3 features that are dyadic numbers; some examples weigh nothing.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import fc from 'fast-check'
 * import { sparseBatchesFor } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { sparseTrainer } from 'tikhonov/sparse'
 * F.pipe(
 *   sequential([6], dense(1)),
 *   E.chain((model) => sparseTrainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => fc.sample(sparseBatchesFor(t), 20).every(({ x }) => x.shape[1] === 6))
 * ) // => E.right(true)
 * ```
 */
export const sparseBatchesFor = (t: SparseTrainer): fc.Arbitrary<SparseBatch> => {
  const [features] = t.model.input
  const row = fc.uniqueArray(fc.tuple(fc.nat(features - 1), dyadic()), { selector: ([column]) => column, maxLength: Math.min(3, features) })
  return fc.array(row, { minLength: 1, maxLength: 3 }).chain((rows) => fc.record({
    x: fc.constant(rowsOf(features, rows)),
    y: wantedOf(t, rows.length),
    weight: fc.array(fc.constantFrom(0, 1, 2), { minLength: rows.length, maxLength: rows.length })
  }))
}

type Result = E.Either<TrainError, { readonly state: TrainState; readonly reports: readonly Report[] }>

/** A run that is not finite is discarded. */
const finite = (result: Result) => {
  fc.pre(!(E.isLeft(result) && result.left._tag === 'NonFinite'))
  return E.getOrElseW((error: TrainError) => ({ state: error.state, reports: [] as readonly Report[] }))(result)
}

/** The same run: how far it came, what it holds, what of its reports a sparse one tells. */
const agree = (t: SparseTrainer, got: Result, expected: Result, close: Tolerance): Outcome => {
  const [a, b] = [finite(got), finite(expected)]
  const counted = ({ state: { step, cursor, seed: of } }: typeof a) => ({ step, cursor, seed: of })
  const told = ({ reports }: typeof a) => reports.map(({ data, metrics }) => ({ data, metrics }))
  return every(
    about('counts', same(counted(a), counted(b))),
    ...t.layout.map(({ path, offset, size }) =>
      about(path, near(a.state.values.subarray(offset, offset + size), b.state.values.subarray(offset, offset + size), close))),
    about('reports', near(told(a), told(b), close))
  )
}

/** The state and the rows with features in reverse order. */
const reversedState = (t: SparseTrainer, state: TrainState): TrainState => {
  const kernel = t.layout[0].path
  const values = state.values.slice()
  t.layout.filter(({ path }) => path === kernel || path.endsWith(`/${kernel}`)).forEach(({ offset, size, shape: [features] }) => {
    const width = size / features
    Array.from({ length: features }, (_, i) => values.set(
      state.values.subarray(offset + (features - 1 - i) * width, offset + (features - i) * width), offset + i * width))
  })
  return { ...state, values }
}

const reversedBatch = (batch: SparseBatch): SparseBatch => {
  const [, columns] = batch.x.shape
  return { ...batch, x: rowsOf(columns, entriesOf(batch.x).map((row) => row.map(([column, value]) => [columns - 1 - column, value]))) }
}

/**
 * The laws of training on sparse rows: it is training on the same examples written densely, of the same states, whatever rows waited for
 * and however a run is cut into folds; what is given is not changed; the order of features does not matter; so are predictions.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { check, sparseBatchesFor, sparseLaws } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { rda } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * import { sparseTrainer } from 'tikhonov/sparse'
 * F.pipe(
 *   sequential([6], dense(1)),
 *   E.chain((model) => sparseTrainer({ model, loss: mse(), optimizer: rda(0.1, { penalty: l1(0.1) }) })),
 *   E.map((t) => check(sparseLaws(t, { batches: sparseBatchesFor(t) }), { runs: 5 }).every((verdict) => verdict._tag === 'Passed'))
 * ) // => E.right(true)
 * ```
 */
export const sparseLaws = (
  t: SparseTrainer, trial: SparseTrial, sparse: typeof foldSparse = foldSparse, predicted: typeof predictionsSparse = predictionsSparse
): Suite => {
  const some = fc.array(trial.batches, { minLength: 1, maxLength: 4 })
  const close = closeOf(t, trial)
  return suite('sparse training', t, [
    law('sparse = dense', 'foldSparse(s, xs) = fold(s, dense(xs))', [seed(), some], (of, xs) =>
      agree(t, sparse(t)(start(t, of), xs), fold(t)(start(t, of), xs.map((b) => ({ ...b, x: toDense(b.x) }))), close), { mostRuns }),
    law('resume', 'foldSparse(s, xs ⧺ ys) = foldSparse(foldSparse(s, xs), ys)', [seed(), some, some], (of, xs, ys) => {
      const before = finite(sparse(t)(start(t, of), xs))
      const whole = ({ state, reports }: typeof before) => ({ state, reports: [...before.reports, ...reports] })
      const after = F.pipe(sparse(t)(before.state, ys), E.map(whole))
      return agree(t, after, sparse(t)(start(t, of), [...xs, ...ys]), close)
    }, { mostRuns }),
    law('inputs unchanged', 'foldSparse(s, xs) leaves s and xs as they were', [seed(), some, some], (of, xs, ys) => {
      const { state } = finite(sparse(t)(start(t, of), xs))
      const seen = () => ({ values: state.values.slice(), ys: ys.map(({ x, y }) => [entriesOf(x), y.data.slice()]) })
      const before = seen()
      sparse(t)(state, ys)
      return same(seen(), before)
    }, { mostRuns }),
    law('order of features', 'foldSparse(P·s, P·xs) = P·foldSparse(s, xs)', [seed(), some], (of, xs) => {
      const there = finite(sparse(t)(reversedState(t, start(t, of)), xs.map(reversedBatch)))
      return agree(t, E.right({ ...there, state: reversedState(t, there.state) }), sparse(t)(start(t, of), xs), close)
    }, { mostRuns }),
    law('predictions', 'predictionsSparse(s, x) = predictions(s, dense(x))', [seed(), some, trial.batches], (of, xs, { x }) => {
      const { state } = finite(sparse(t)(start(t, of), xs))
      const [got, expected] = [predicted(t, state)(x), predictions(t, state)(toDense(x))]
      return E.isRight(got) && E.isRight(expected) ? near(got.right, expected.right, close) : 'rows that fit have no predictions'
    }, { mostRuns })
  ])
}
