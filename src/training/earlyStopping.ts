/** Early stopping: the best state met, kept as a value, and when to go no further. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import { nonNegative } from '../part/checks.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'

/** A state and how good it is: a validation loss, an accuracy. */
export interface Judged<S> {
  readonly state: S
  readonly value: number
}

/** What was found so far. */
export interface Watch<S> {
  /** The best of what was judged: the earliest, where several are as good. None before the first value that is a number. */
  readonly best?: Judged<S>
  /** How many judgements in a row have not bettered it. */
  readonly waited: number
  /** Whether that were too many. */
  readonly stopped: boolean
}

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** After how many judgements in a row without improvement to stop: a whole number ≥ 0 (0 stops as 1 does). */
  readonly patience: number
  /** By how much a value must be better to count: a finite number ≥ 0; 0 unless told. */
  readonly minDelta?: number
  /** Whether small values are good (a loss) or large ones (an accuracy); 'min' unless told. */
  readonly mode?: 'min' | 'max'
}

/**
 * A watch that has seen nothing.
 * @example
 * ```ts
 * import { unwatched } from 'tikhonov/training'
 * unwatched // => { waited: 0, stopped: false }
 * ```
 */
export const unwatched: Watch<never> = { waited: 0, stopped: false }

/** What follows from one more judgement: a reducer, for `reduce`, `scan` and `fold` alike. */
export type EarlyStopping = <S>(watch: Watch<S>, judged: Judged<S>) => Watch<S>

/**
 * A reducer over judged states that keeps the best one and says when to stop. Prechelt 1998, its criterion UP.
 *
 * A value is better if value < best − minDelta (`mode` 'min') or value > best + minDelta ('max'). NaN is never better. Once stopped,
 * nothing changes any more, so a fold that goes on finds what one that stopped did. Errors: a patience or minDelta out of range.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { earlyStopping, unwatched } from 'tikhonov/training'
 * const losses = [0.9, 0.5, 0.6, 0.7, 0.1].map((value, state) => ({ state, value }))
 * F.pipe(earlyStopping({ patience: 2 }), E.map((watch) => losses.reduce(watch<number>, unwatched)))
 * // => E.right({ best: { state: 1, value: 0.5 }, waited: 2, stopped: true })
 * ```
 */
export const earlyStopping = (
  { patience, minDelta = 0, mode = 'min' }: EarlyStoppingOptions
): E.Either<NEA.NonEmptyArray<Issue>, EarlyStopping> =>
  unlessIssues([
    ...(Number.isSafeInteger(patience) && patience >= 0 ? [] : [issue('patience', String(patience), 'a whole number ≥ 0')]),
    ...nonNegative('minDelta', minDelta),
    ...(mode === 'min' || mode === 'max' ? [] : [issue('mode', mode, "'min' or 'max'")])
  ], () => (watch, judged) => {
    const { best, waited, stopped } = watch
    if (stopped) return watch
    const better = best === undefined ? !Number.isNaN(judged.value)
      : mode === 'min' ? judged.value < best.value - minDelta
      : judged.value > best.value + minDelta
    return better
      ? { best: judged, waited: 0, stopped: false }
      : { ...watch, waited: waited + 1, stopped: waited + 1 >= patience }
  })
