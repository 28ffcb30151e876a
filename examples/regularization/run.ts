/** Trains one case: a stream of batches folded into states, measured along the way. */
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import { fromEvent, lastValueFrom, map, startWith, takeUntil, tap, toArray } from 'rxjs'
import { type ModelError, type Tensor, tensor, type TrainState } from 'tikhonov'
import type { Engine } from 'tikhonov/engine'
import { constant, evaluate as valueOf } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { binaryAccuracy } from 'tikhonov/metrics'
import { penaltyOf } from 'tikhonov/regularizers'
import { trainOn } from 'tikhonov/stream'
import {
  batches, evaluate, type Evaluation, type Examples, parametersOf, predictions, showTrainError, start, trainer, type TrainError
} from 'tikhonov/training'
import type { Case, Experiment } from '../cases.js'
import { networkOf, optimizerOf, penaltyOfCase } from './network.js'
import { planes, pointsOf } from './plane.js'
import type { RunCase } from './result.js'
import type { Split } from './split.js'

/** About how many points a learning curve has. */
const curvePoints = 100

const tensors = ({ x, y }: Split['train']): Examples => ({ x: tensor(x), y: tensor(y.map((label) => [label])) })

/** What was asked for, or a rejection that says everything that is wrong with it. */
const orReject = <A>(asked: E.Either<N.NonEmptyArray<ModelError>, A>): A => F.pipe(
  asked,
  E.getOrElse((issues): A => {
    throw new Error(issues.map(showIssue).join('; '))
  })
)

const isTrainError = (error: unknown): error is TrainError =>
  typeof error === 'object' && error !== null && '_tag' in error && ['NonFinite', 'BadBatch', 'OutOfMemory'].includes(String(error._tag))

const accuracy = ({ metrics }: Evaluation): number => metrics.binaryAccuracy ?? NaN

/** Norms and zeros over all kernels, the penalty over those of the hidden layers: all kernels but the last. */
const weigh = (kernels: readonly Tensor[], row: Case) => {
  const weights = kernels.flatMap(({ data }) => [...data])
  const penalty = penaltyOf(penaltyOfCase(row))
  return {
    l1: weights.reduce((sum, w) => sum + Math.abs(w), 0),
    l2: Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0)),
    zeros: weights.filter((w) => w === 0).length,
    penalty: kernels.slice(0, -1).reduce((sum, { data, shape }) => sum + (valueOf(penalty(constant([...data], shape)))[0] ?? NaN), 0)
  }
}

const trainerOf = (experiment: Experiment, row: Case, engine: Engine) => F.pipe(
  networkOf(experiment, row),
  E.chain((model) => trainer({
    model, loss: binaryCrossEntropy(), optimizer: optimizerOf(experiment.optimizer), metrics: [binaryAccuracy()], engine
  })),
  orReject
)

/** The seed decides the first weights, the order of the batches and every dropout mask; it is the same for all cases. */
export const runCase: RunCase = async ({ experiment, split, epochs, engine }, row, seed, onProgress, signal) => {
  signal.throwIfAborted()
  const t = trainerOf(experiment, row, engine)
  const [train, test] = [tensors(split.train), tensors(split.test)]
  const all = orReject(batches(train, { size: experiment.batch, epochs, shuffle: { seed } }))
  const measure = (state: TrainState) => {
    const [onTrain, onTest] = [train, test].map((part) => orReject(evaluate(t)(state, part)))
    return { state, epoch: state.step / all.perEpoch, onTrain, onTest }
  }

  const states = trainOn(t, all, { from: seed, emit: all.perEpoch * Math.max(1, Math.round(epochs / curvePoints)) })
  const course = states.pipe(
    startWith(start(t, seed)),
    takeUntil(fromEvent(signal, 'abort')),
    map(measure),
    tap(({ epoch }) => onProgress(epoch)),
    toArray()
  )
  const points = await lastValueFrom(course).catch((error: unknown) => {
    throw isTrainError(error) ? new Error(showTrainError(error)) : error
  })
  signal.throwIfAborted()

  const last = points[points.length - 1]
  const kernels = Object.entries(parametersOf(t, last.state)).flatMap(([path, value]) => (path.endsWith('/kernel') ? [value] : []))
  const plane = planes[experiment.data]
  return {
    trainAcc: accuracy(last.onTrain),
    testAcc: accuracy(last.onTest),
    trainLoss: last.onTrain.data,
    testLoss: last.onTest.data,
    ...weigh(kernels, row),
    curve: points.map(({ epoch, onTrain, onTest }) => ({ epoch, train: onTrain.data, test: onTest.data })),
    ...(plane === undefined ? {} : { grid: [...orReject(predictions(t, last.state)(tensor(pointsOf(plane)))).data] })
  }
}
