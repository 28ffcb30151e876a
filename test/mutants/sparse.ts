/** Training on sparse rows that is wrong, each way with the law that says so. */
import assert from 'node:assert/strict'
import { either as E, function as F } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { sparseBatchesFor, sparseLaws, type Suite } from 'tikhonov/laws'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { mae } from 'tikhonov/metrics'
import { sequential } from 'tikhonov/model'
import {
  after, cumulativePenalty, decoupledDecay, ftrl, rda, sgd, torchAdagrad, truncatedGradient, type Optimizer
} from 'tikhonov/optimizers'
import { exact, l1, l1l2, l2, type Regularizer } from 'tikhonov/regularizers'
import { exponential } from 'tikhonov/schedules'
import { foldSparse, predictionsSparse, sparseTrainer, type SparseBatch, type SparseTrainer } from 'tikhonov/sparse'
import type { Mutant } from './harness.js'

const right = <L, A>(e: E.Either<L, A>): A => {
  assert(E.isRight(e), JSON.stringify(e))
  return e.right
}

const falling = exponential(0.25, { decaySteps: 1, decayRate: 0.75 })

const linear = (optimizer: Optimizer, kernelRegularizer?: Regularizer, features = 6): SparseTrainer => right(sparseTrainer({
  model: right(sequential([features], dense(1, kernelRegularizer === undefined ? {} : { kernelRegularizer }))),
  loss: mse(), optimizer, metrics: [mae()], engine: reference()
}))

/** More than one layer, chance, a penalty elsewhere. */
const deep = (optimizer: Optimizer): SparseTrainer => right(sparseTrainer({
  model: right(sequential([5], dense(3, { activation: tanh }), dropout(0.5), dense(2, { kernelRegularizer: l2(0.1) }))),
  loss: mse(), optimizer, engine: reference()
}))

const trainers: readonly SparseTrainer[] = [
  linear(sgd(0.25)),
  linear(sgd(falling), exact(l1(0.25))),
  linear(torchAdagrad(0.25)),
  linear(after(decoupledDecay(0.5), sgd(falling))),
  linear(ftrl(0.5, { penalty: l1(0.5) })),
  linear(ftrl(0.5, { penalty: l1l2({ l1: 0.5, l2: 0.5 }) }), undefined, 600),
  linear(rda(0.25, { penalty: l1(0.25) })),
  linear(truncatedGradient(falling, { gravity: 0.5, every: 2, threshold: 1 })),
  linear(cumulativePenalty(falling, { lambda: 0.5 })),
  deep(rda(0.25, { penalty: l1(0.25) })),
  deep(after(decoupledDecay(0.5), sgd(0.25)))
]

const laws = (t: SparseTrainer, sparse = foldSparse, predicted = predictionsSparse): Suite =>
  sparseLaws(t, { batches: sparseBatchesFor(t) }, sparse, predicted)

export const suites: readonly Suite[] = trainers.map((t) => laws(t))

const wrong = (t: SparseTrainer, change: (sparse: SparseTrainer['sparse']) => Partial<SparseTrainer['sparse']>): SparseTrainer =>
  ({ ...t, sparse: { ...t.sparse, ...change(t.sparse) } })

type Small = ReturnType<SparseTrainer['sparse']['small']>

const steps = (t: SparseTrainer, change: (small: Small) => Partial<Small>): SparseTrainer =>
  wrong(t, ({ small }) => ({ small: (rows, examples) => ({ ...small(rows, examples), ...change(small(rows, examples)) }) }))

const mutant = (name: string, law: string, t: SparseTrainer, sparse?: typeof foldSparse): Mutant =>
  ({ name, origin: 'one edit', law, suite: () => laws(t, sparse) })

/** The fold on other batches. */
const reading = (change: (batch: SparseBatch) => SparseBatch): typeof foldSparse => (t) => (from, batches) =>
  foldSparse(t)(from, Array.from(batches, change))

/** Column 0 taken for nothing, as by `if (column)`. */
const without0 = (batch: SparseBatch): SparseBatch =>
  ({ ...batch, x: { ...batch.x, values: batch.x.values.map((v, i) => (batch.x.indices[i] === 0 ? 0 : v)) } })

export const mutants: readonly Mutant[] = [
  mutant('rows that are not caught up when they are wanted', 'sparse = dense', steps(trainers[3], ({ waiting }) => ({
    waiting: waiting === undefined ? undefined : { ...waiting, pass: waiting.elapsed }
  }))),
  mutant('rows that are not caught up at the end', 'sparse = dense',
    wrong(trainers[6], ({ settle }) => ({ settle: { ...settle, paths: [] } }))),
  mutant('slots that are not put back', 'sparse = dense', steps(trainers[2], ({ rows }) => ({ rows: rows.slice(0, 1) }))),
  mutant('rows put back one too far', 'sparse = dense', steps(trainers[0], ({ rows }) =>
    ({ rows: rows.map(({ at, from }) => ({ at: at + 1, from })) }))),
  mutant('a fold that counts its own steps', 'resume', trainers[0], (t) => (from, batches) =>
    F.pipe(foldSparse(t)(from, batches), E.map(({ state, reports }) => ({ state: { ...state, step: state.step - from.step }, reports })))),
  mutant('a state that is written', 'inputs unchanged', trainers[0], (t) => (from, batches) =>
    F.pipe(foldSparse(t)(from, batches), E.map((folded) => {
      from.values.set(folded.state.values)
      return folded
    }))),
  mutant('column 0 taken for nothing', 'order of features', trainers[0], reading(without0)),
  {
    name: 'predictions that take a number for 1', origin: 'one edit', law: 'predictions',
    suite: () => laws(trainers[0], foldSparse, (t, state) => (x) => predictionsSparse(t, state)({ ...x, values: x.values.map(Math.sign) }))
  }
]
