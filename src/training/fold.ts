/** Training is a reducer: from a state and a batch to the next state. */
import { either as E } from 'fp-ts'
import { showIssue } from '../part/issue.js'
import { showShape } from '../expr/shape.js'
import type { Batch, Folded, NonFinite, OutOfMemory, Report, TrainState } from '../engine/engine.js'
import { batchIssues, type BadBatch } from './batch.js'
import type { Trainer } from './trainer.js'

/** Why a run ended: a batch that does not fit, a step that was not finite, too little memory. All carry the last good state. */
export type TrainError = BadBatch | NonFinite | OutOfMemory

/**
 * The state after all batches, in order, and a report for each that was learned from. Pure: the same state and batches give the same
 * result, bit for bit, and nothing given is changed. Errors: the first batch that does not fit, or the first step that makes a loss, a
 * penalty or a parameter non-finite; neither is applied, and the error carries the last good state.
 * Laws: `trainingLaws` (fold (xs ++ ys) = fold ys ∘ fold xs, a batch of weight 0 moves only the cursor, …).
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { fold, start, trainer } from 'tikhonov/training'
 * const batch = { x: tensor([[1]]), y: tensor([2]) }
 * F.pipe(
 *   sequential([1], dense(1, { useBias: false, kernelInitializer: zeros })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.chainW((t) => fold(t)(start(t), [batch, batch, batch])),
 *   E.map(({ state, reports }) => [state.step, ...reports.map(({ data }) => data)])
 * ) // => E.right([3, 4, 1, 0.25])
 * ```
 */
export const fold = (t: Trainer) => (from: TrainState, batches: Iterable<Batch>): E.Either<TrainError, Folded> => {
  const reports: Report[] = []
  let state = from
  let waiting: Batch[] = []
  const flush = (): E.Either<TrainError, Folded> | undefined => {
    if (waiting.length === 0) return undefined
    const after = t.executable(waiting[0].x.shape[0]).fold(state, waiting)
    waiting = []
    if (E.isLeft(after)) return after
    state = after.right.state
    reports.push(...after.right.reports)
    return undefined
  }
  // Batches of one size go to the engine together, so that it hands out one state for all of them.
  for (const batch of batches) {
    const issues = batchIssues(t, batch)
    const turn = issues.length > 0 || waiting.length === most || (waiting.length > 0 && waiting[0].x.shape[0] !== batch.x.shape[0])
    const failed = turn ? flush() : undefined
    if (failed !== undefined) return failed
    if (issues.length > 0) return E.left({ _tag: 'BadBatch', state, issues })
    waiting.push(batch)
  }
  return flush() ?? E.right({ state, reports })
}

/** How many batches wait at most: an endless source is learned from as it comes. */
const most = 256

/**
 * One step: `fold` of one batch.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { parametersOf, start, step, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1, { kernelInitializer: zeros })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.chainW((t) => F.pipe(
 *     step(t)(start(t), { x: tensor([[3]]), y: tensor([2]) }),
 *     E.map((state) => parametersOf(t, state)['dense/0/kernel'].data)
 *   ))
 * ) // => E.right([3])
 * ```
 */
export const step = (t: Trainer) => (state: TrainState, batch: Batch): E.Either<TrainError, TrainState> => {
  const after = fold(t)(state, [batch])
  return E.isLeft(after) ? after : E.right(after.right.state)
}

/**
 * An error as a few lines: what, where, and how far the run had come.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { showTrainError, start, step, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.chainW((t) => F.pipe(step(t)(start(t), { x: tensor([[NaN]]), y: tensor([2]) }), E.mapLeft(showTrainError)))
 * )
 * // => E.left('after step 0, example 0: a batch does not fit\n  batch/x[0, 0]: found NaN, allowed: a finite number')
 * ```
 */
export const showTrainError = (error: TrainError): string => {
  const { step, cursor } = error.state
  const when = `after step ${step}, example ${cursor}: `
  switch (error._tag) {
    case 'BadBatch': return [`${when}a batch does not fit`, ...error.issues.map(showIssue)].join('\n  ')
    case 'OutOfMemory': return `${when}the program needs ${Math.ceil(error.bytes / 2 ** 20)} MB, more than could be had`
    case 'NonFinite': {
      const { operation, shape, value, index, from } = error.culprit
      return `${when}${operation} ${showShape(shape)} was ${value} at element ${index}, computed from ${from.join(', ')}`
    }
  }
}
