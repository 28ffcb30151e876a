/** Training is a reducer: from a state and a batch to the next state. */
import { either as E } from 'fp-ts'
import { showIssue, type Issue } from '../part/issue.js'
import { showShape } from '../expr/shape.js'
import type { Batch, Folded, NonFinite, OutOfMemory, Report, TrainState } from '../engine/engine.js'
import { batchIssues, type BadBatch } from './batch.js'
import { stateIssues } from './reading.js'
import type { Trainer } from './trainer.js'

/** A state that is none of this trainer's, with everything that is wrong with it. */
export interface BadState {
  readonly _tag: 'BadState'
  readonly state: TrainState
  readonly issues: readonly Issue[]
}

/** Why a run ended: a state or a batch that does not fit, a step that was not finite, too little memory. All carry the last state. */
export type TrainError = BadState | BadBatch | NonFinite | OutOfMemory

/**
 * The state after all batches, in order, and a report for each that was learned from. Pure: the same state and batches give the same
 * result, bit for bit, and nothing given is changed. A batch is looked at when its turn comes, so a source may fill one buffer again and
 * again. Errors: a state of another trainer, the first batch that does not fit, or the first step that makes a loss, a penalty, a parameter
 * or a number of the report non-finite; neither is applied, and the error carries the last good state.
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
  const wrong = stateIssues(t, from)
  if (wrong.length > 0) return E.left({ _tag: 'BadState', state: from, issues: wrong })
  const reports: Report[] = []
  let state = from
  const source = checking(t, batches)
  try {
    for (let first = source.next(); first !== undefined; first = source.next()) {
      if (first.issues.length > 0) return E.left({ _tag: 'BadBatch', state, issues: first.issues })
      const after = t.executable(first.batch.x.shape[0]).fold(state, source.group(first.batch))
      if (E.isLeft(after)) return after
      state = after.right.state
      for (const report of after.right.reports) reports.push(report)
    }
    return E.right({ state, reports })
  } finally {
    source.close()
  }
}

/** A batch and what is wrong with it. */
interface Looked {
  readonly batch: Batch
  readonly issues: readonly Issue[]
}

/**
 * Batches, each checked when it is asked for: what waits may be filled anew by its source. `group` is a batch and those of its size that
 * follow, which go to the engine together, so that it hands out one state for all of them.
 */
const checking = (t: Trainer, batches: Iterable<Batch>) => {
  const source: Iterator<Batch, unknown> = batches[Symbol.iterator]()
  let open = true
  let held: Looked | undefined
  const look = (): Looked | undefined => {
    open = false
    const result = source.next()
    open = result.done !== true
    return result.done === true ? undefined : { batch: result.value, issues: batchIssues(t, result.value) }
  }
  return {
    /** The batch to go on with: the one that was no more of the group before, else the next of the source. */
    next: (): Looked | undefined => {
      const at = held ?? look()
      held = undefined
      return at
    },
    group: function* (first: Batch) {
      yield first
      const [rows] = first.x.shape
      for (held = look(); held?.issues.length === 0 && held.batch.x.shape[0] === rows; held = look()) {
        const { batch } = held
        held = undefined
        yield batch
      }
    },
    close: () => { if (open) source.return?.() }
  }
}

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
    case 'BadState': return ['the state does not fit', ...error.issues.map(showIssue)].join('\n  ')
    case 'BadBatch': return [`${when}a batch does not fit`, ...error.issues.map(showIssue)].join('\n  ')
    case 'OutOfMemory': return `${when}the program needs ${Math.ceil(error.bytes / 2 ** 20)} MB, more than could be had`
    case 'NonFinite': {
      const { operation, shape, value, index, from } = error.culprit
      return `${when}${operation} ${showShape(shape)} was ${value} at element ${index}, computed from ${from.join(', ')}`
    }
  }
}
