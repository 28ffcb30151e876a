/** What the operators that train may be told. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { seed } from '../part/checks.js'
import { issue, under, unlessIssues, type Issue } from '../part/issue.js'
import type { TrainState } from '../engine/engine.js'
import type { TrainError } from '../training/fold.js'
import { stateIssues } from '../training/reading.js'
import { start, type Trainer } from '../training/trainer.js'
import { eventLoop as host, type EventLoop } from './eventLoop.js'

/** Options of `train` and `trainOn`. */
export interface StreamOptions {
  /** The state to go on from, one of this trainer's in every part, or the seed of a new run; seed 0 unless told. */
  readonly from?: TrainState | number
  /**
   * Which states are emitted: those after every so many steps (counted by the state, so that a resumed run emits what an uninterrupted one
   * would), or one a turn of the event loop. 1 unless told; `Infinity` emits the last one only, which is emitted in any case.
   */
  readonly emit?: number | 'turn'
  /**
   * How long to learn, in milliseconds, before the event loop is given a turn; 4 unless told. A step is never cut in two. `Infinity` learns
   * from everything at once, as marble tests in virtual time want it.
   */
  readonly slice?: number
  /** Another clock and another way to stand aside; the host's unless told. */
  readonly eventLoop?: EventLoop
}

/** Options that make no sense: the error notification of a stream that was never begun. */
export interface BadOptions {
  readonly _tag: 'BadOptions'
  readonly issues: NEA.NonEmptyArray<Issue>
}

/** What the error notification of a training stream carries, unless the source failed. */
export type StreamError = TrainError | BadOptions

/** Options after checks and defaults. */
export interface Settings extends Required<StreamOptions> {
  readonly from: TrainState
}

/** The settings for a trainer, or everything that is wrong with the options. */
export const settings = (
  t: Trainer, { from = 0, emit = 1, slice = 4, eventLoop = host }: StreamOptions, more: readonly Issue[] = []
): E.Either<BadOptions, Settings> =>
  E.mapLeft((issues: NEA.NonEmptyArray<Issue>): BadOptions => ({ _tag: 'BadOptions', issues }))(unlessIssues([
    ...(typeof from === 'object' && from !== null ? under('from', stateIssues(t, from)) : seed('from', from)),
    ...(emit === 'turn' || emit === Infinity || (Number.isSafeInteger(emit) && emit >= 1) ? []
      : [issue('emit', String(emit), "a whole number ≥ 1, Infinity or 'turn'")]),
    ...(slice > 0 ? [] : [issue('slice', String(slice), 'a number, 0 < slice')]),
    ...more
  ], () => ({ from: typeof from === 'number' ? start(t, from) : from, emit, slice, eventLoop })))
