import assert from 'node:assert/strict'
import { either as E } from 'fp-ts'
import { maxNorm } from 'tikhonov/constraints'
import { dropout, gaussianNoise } from 'tikhonov/dropout'
import type { Report } from 'tikhonov/engine'
import { div, hyper, mean, mul, sub, sum, variable, type Expr } from 'tikhonov/expr'
import { batchesFor, deterministicLaws, restLaws, shardLaws, trainingLaws, type Suite } from 'tikhonov/laws'
import { pureOutput, same, spec, type Layer } from 'tikhonov/layer'
import { dense, flatten, relu, sigmoid, softmax, tanh } from 'tikhonov/layers'
import { binaryCrossEntropy, huber, mse, sparseCategoricalCrossEntropy, type Loss } from 'tikhonov/losses'
import { binaryAccuracy, mae } from 'tikhonov/metrics'
import { sequential, type Model } from 'tikhonov/model'
import { adam, adamw, after, gradientTransform, rmsprop, sgd, type Optimizer } from 'tikhonov/optimizers'
import { l1, l2 } from 'tikhonov/regularizers'
import { trainer, type Batch, type Parts, type Trainer, type TrainState } from 'tikhonov/training'
import type { Mutant } from './harness.js'

const right = <L, A>(e: E.Either<L, A>): A => {
  assert(E.isRight(e))
  return e.right
}

const made = (model: E.Either<unknown, Model>, optimizer: Optimizer, loss: Loss = mse(), more: Partial<Parts> = {}): Trainer =>
  right(trainer({ model: right(model), loss, optimizer, ...more }))

/** Chance, penalties, a constraint, momentum: all that a step has to do. */
const full = made(
  sequential([2],
    gaussianNoise(0.1), dense(3, { activation: tanh, kernelRegularizer: l2(0.01), kernelConstraint: maxNorm(0.5) }), dropout(0.5),
    dense(1, { activityRegularizer: l1(0.1) })),
  sgd(0.5, { momentum: 0.9 })
)
const adaptive = made(
  sequential([2, 2], flatten, dense(3, { activation: softmax, biasConstraint: maxNorm(0.1) })),
  adamw(0.1), sparseCategoricalCrossEntropy()
)
const plain = made(
  sequential([2], dense(3, { activation: relu, kernelRegularizer: l1(hyper('lambda', 0.1, { min: 0, max: 1, open: 'none' })) }),
    dense(1, { activation: sigmoid, activityRegularizer: l2(0.1) })),
  sgd(0.1, { momentum: 0.5 }), binaryCrossEntropy(), { metrics: [mae(), binaryAccuracy()] }
)
const masked = made(sequential([3], dropout(0.5), dense(2), gaussianNoise(1), dense(1)), rmsprop(0.01), huber())
const still = made(
  sequential([2], dense(2, { kernelConstraint: maxNorm(0.5), kernelRegularizer: l2(0.1) }), dropout(0.5), dense(1)), adamw(0)
)

const linear = sequential([2], dense(1))

const training = (t: Trainer): Suite => trainingLaws(t, { batches: batchesFor(t) })
const deterministic = (t: Trainer): Suite => deterministicLaws(t, { batches: batchesFor(t) })
const shards = (t: Trainer): Suite => shardLaws(t, { batches: batchesFor(t) })
const rest = (t: Trainer): Suite => restLaws(t, { batches: batchesFor(t) })

export const suites: readonly Suite[] = [
  training(full), training(adaptive), deterministic(plain), shards(full), shards(masked), rest(still),
  deterministic(made(sequential([1], dense(1)), adam(0.01)))
]

interface Stepped {
  readonly state: TrainState
  readonly reports: readonly Report[]
}

type Change = (own: (state: TrainState, batch: Batch) => Stepped, state: TrainState, batch: Batch) => Stepped

/** The trainer with another step, given its own. */
const stepping = (t: Trainer, change: Change): Trainer => ({
  ...t,
  executable: (rows) => ({
    fold: (from, batches) => {
      const own = (state: TrainState, batch: Batch): Stepped => right(t.executable(rows).fold(state, [batch]))
      return E.right(Array.from(batches).reduce<Stepped>((before, batch) => {
        const next = change(own, before.state, batch)
        return { state: next.state, reports: [...before.reports, ...next.reports] }
      }, { state: from, reports: [] }))
    }
  })
})

/** The trainer with other reports. */
const reporting = (t: Trainer, change: (report: Report) => Report): Trainer =>
  stepping(t, (own, state, batch) => {
    const next = own(state, batch)
    if (next.reports.length === 0) return next
    return { state: { ...next.state, report: change(next.reports[0]) }, reports: next.reports.map(change) }
  })

/** A layer that hands on its input and penalises it. */
const penalising = (penalty: (x: Expr, present: Expr) => Expr): Layer => ({
  _tag: 'Layer',
  spec: spec('penalising'),
  rule: same,
  apply: ({ path, mode }) => (x) => ({
    ...pureOutput(x),
    penalties: mode._tag !== 'Train' ? {} : { [`${path}/activity/l2`]: penalty(x, mode.present) }
  })
})

const penalised = (penalty: (x: Expr, present: Expr) => Expr): Trainer => made(sequential([2], dense(1), penalising(penalty)), sgd(0.1))

const squares = (x: Expr): Expr => sum(mul(x, x))

const withoutConstraints: Trainer = {
  ...made(sequential([2], dense(2)), sgd(1)),
  model: right(sequential([2], dense(2, { kernelConstraint: maxNorm(0.01) })))
}

/** The state with the slots of another block. */
const slots = (t: Trainer, state: TrainState, kept: Float64Array | Float32Array | undefined): TrainState => {
  const values = state.values.slice()
  const places = t.layout.filter(({ holds }) => holds === 'slot')
  places.forEach(({ offset, size }) => { values.set((kept ?? state.values).slice(offset, offset + size), offset) })
  return { ...state, values }
}

const remembering = (t: Trainer): Trainer => {
  let kept: Float64Array | Float32Array | undefined
  return stepping(t, (own, state, batch) => {
    const next = own(slots(t, state, kept), batch)
    kept = next.state.values
    return next
  })
}

const generating = (t: Trainer): Trainer => {
  let drawn = 0
  return stepping(t, (own, state, batch) => {
    drawn += 1
    const next = own({ ...state, seed: drawn }, batch)
    return { ...next, state: { ...next.state, seed: state.seed } }
  })
}

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

export const mutants: readonly Mutant[] = [
  mutant('what the optimizer remembers is kept in the engine', 'resume', () => training(remembering(plain))),
  mutant('masks come from a generator', 'replay', () => training(generating(full))),
  mutant('the update is written into the state', 'inputs unchanged', () => training(stepping(plain, (own, state, batch) => {
    const next = own(state, batch)
    state.values.set(next.state.values)
    return next
  }))),
  mutant('the batch is scaled in place', 'inputs unchanged', () => training(stepping(plain, (own, state, batch) => {
    batch.x.data.forEach((x, i) => { batch.x.data[i] = x / 255 })
    return own(state, batch)
  }))),
  mutant('the cursor counts padding', 'position', () => training(stepping(plain, (own, state, batch) => {
    const next = own(state, batch)
    return { ...next, state: { ...next.state, cursor: state.cursor + batch.x.shape[0] } }
  }))),
  mutant('a batch of weight 0 is a step', 'weight 0', () => training(stepping(plain, (own, state, batch) => {
    const next = own(state, batch)
    return next.reports.length > 0 ? next : { ...next, state: { ...next.state, step: state.step + 1 } }
  }))),
  mutant('decay goes on where all weights are 0', 'weight 0', () => training(stepping(plain, (own, state, batch) => {
    const next = own(state, batch)
    return next.reports.length > 0 ? next : { ...next, state: { ...next.state, values: state.values.map((w) => 0.99 * w) } }
  }))),
  mutant('the weighted sum is divided by the number of examples', 'ratios of weights', () => training(made(linear, sgd(0.1), {
    ...mse(), each: (predicted, wanted) => mul(mse().each(predicted, wanted), mean(variable('batch/weight', [predicted.shape[0]])))
  })), 'Keras'),
  mutant('an activity penalty sees padding', 'padding', () => training(penalised((x) => div(squares(x), x.shape[0])))),
  mutant('penalties are added twice', 'total', () => training(reporting(plain, (report) =>
    ({ ...report, total: Object.values(report.penalties).reduce((sum, p) => sum + p, report.total) })))),
  mutant('constraints are accepted and left out of the step', 'constraints hold', () => training(withoutConstraints), 'TensorFlow.js'),
  mutant('an activity penalty is summed over the batch', 'duplicates',
    () => deterministic(penalised((x, present) => squares(mul(x, present)))), 'early Keras 3'),
  mutant('the loss reported holds the penalties', 'evaluation', () => deterministic(reporting(plain, (report) =>
    ({ ...report, data: report.total, penalties: {} }))), 'Keras'),
  mutant('a mask is drawn by the row of the shard', 'the split changes no mask',
    () => shards(stepping(masked, (own, state, batch) => own(state, { ...batch, offset: 0 })))),
  mutant('decay does not heed the learning rate', 'learning rate 0', () => rest(made(linear, after(
    gradientTransform(spec('decay'), () => (delta, weights) => ({
      delta: Object.fromEntries(Object.entries(delta).map(([path, d]) => [path, sub(d, mul(0.01, weights[path].value))])), slots: {}
    })), sgd(0)
  ))))
]
