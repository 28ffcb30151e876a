/** Trains one variant under one seed, epoch by epoch. */
import { setImmediate } from 'node:timers/promises'
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import {
  batches, evaluate, fold, showIssue, showTrainError, start, summary, trainer, valuesOf, type Trainer, type TrainState
} from 'tikhonov'
import type { Issue } from 'tikhonov/layer'
import { compact } from 'tikhonov/model'
import type { BatchesOptions, Examples } from 'tikhonov/training'
import type { Learned, Parts, Result, Study, Variant } from './study.js'

const told = E.mapLeft((issues: N.NonEmptyArray<Issue>) => issues.map(showIssue).join('; '))

export const trainerOf = ({ loss, metrics, ...study }: Study, { model, optimizer = study.optimizer }: Variant): E.Either<string, Trainer> =>
  F.pipe(model, E.chain((m) => trainer({ model: m, loss, metrics, optimizer })), told)

/** The state an epoch later: the batches from where the state stands to the end of its epoch. */
const next = (t: Trainer, examples: Examples, options: BatchesOptions) => (state: TrainState): E.Either<string, TrainState> => F.pipe(
  told(batches(examples, { ...options, from: state.cursor })),
  E.chain((all) => E.mapLeft(showTrainError)(fold(t)(state, all))),
  E.map((learned) => learned.state)
)

/** Both losses of a state, and its accuracies where they are measured. */
const measured = (t: Trainer, { train, held }: Parts, state: TrainState): E.Either<string, Result> => F.pipe(
  E.Do,
  E.bind('onTrain', () => told(evaluate(t)(state, train))),
  E.bind('onHeld', () => told(evaluate(t)(state, held))),
  E.bind('smaller', () => told(compact(t.model, valuesOf(t, state)))),
  E.map(({ onTrain, onHeld, smaller }) => ({
    trainLoss: onTrain.data,
    heldLoss: onHeld.data,
    parameters: summary(smaller.model).parameters,
    ...('accuracy' in onTrain.metrics ? { trainAcc: onTrain.metrics.accuracy, heldAcc: onHeld.metrics.accuracy } : {})
  }))
)

/**
 * The seed decides the first weights, the order of the batches and every mask: it is the same for all variants, which are compared in
 * pairs. The event loop gets its turn after each epoch.
 */
export const train = async (
  { batch }: Study, t: Trainer, parts: Parts, { epochs, seed }: { readonly epochs: number; readonly seed: number },
  onEpoch: (epoch: number) => void
): Promise<E.Either<string, Learned & { readonly result: Result }>> => {
  let state: E.Either<string, TrainState> = E.right(start(t, seed))
  for (let epoch = 0; epoch < epochs && E.isRight(state); epoch++) {
    state = next(t, parts.train, { size: batch, epochs: epoch + 1, shuffle: { seed } })(state.right)
    onEpoch(epoch + 1)
    await setImmediate()
  }
  return F.pipe(state, E.chain((last) => F.pipe(measured(t, parts, last), E.map((result) => ({ t, state: last, result })))))
}
