/** What a training loop moves on: a run at a moment. */
import { either as E, function as F } from 'fp-ts'
import type { Batch, Report, TrainState } from '../engine/engine.js'
import { fold } from '../training/fold.js'
import type { Trainer } from '../training/trainer.js'

/** What came of batches: reports of those that were learned from, and why the next one was not. */
export interface Learned {
  readonly reports: readonly Report[]
  readonly error?: { readonly why: unknown }
}

/** A run that learns from batches of a kind, oldest first, as far as they fit. */
export interface Learner<B> {
  /** Steps taken. */
  readonly step: () => number
  /** The state now: the same object until there is another. */
  readonly state: () => TrainState
  readonly learn: (batches: readonly B[]) => Learned
}

/** What came of batches, one after the other: those before the first failure count. */
export const oneByOne = <B>(learn: (batch: B) => E.Either<unknown, readonly Report[]>) => (batches: readonly B[]): Learned =>
  batches.reduce<Learned>((before, batch) => {
    if (before.error !== undefined) return before
    const after = F.pipe(E.tryCatch(() => learn(batch), F.identity), E.flattenW)
    return E.isLeft(after) ? { ...before, error: { why: after.left } } : { reports: [...before.reports, ...after.right] }
  }, { reports: [] })

/** A run by `fold`. A group that fails is folded again one batch at a time: folding is pure, so all before the failure is had. */
export const folding = (t: Trainer, from: TrainState): Learner<Batch> => {
  let state = from
  const folded = (batches: readonly Batch[]) => F.pipe(
    E.tryCatch(() => fold(t)(state, batches), F.identity),
    E.flattenW,
    E.map((after) => {
      state = after.state
      return after.reports
    })
  )
  const learn = (batches: readonly Batch[]): Learned => {
    const after = folded(batches)
    if (E.isRight(after)) return { reports: after.right }
    return batches.length === 1 ? { reports: [], error: { why: after.left } } : oneByOne((batch: Batch) => folded([batch]))(batches)
  }
  return { step: () => state.step, state: () => state, learn }
}
