/** A hyper-parameter that falls when a reported value no longer improves. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { nonNegative, within } from '../part/checks.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import { earlyStopping, unwatched, type EarlyStoppingOptions, type Watch } from './earlyStopping.js'

/** The hyper-parameter, and what was seen of the reports since it last changed. */
export interface Plateau {
  readonly value: number
  readonly watch: Watch<undefined>
}

/** Options of `plateau`: those of `earlyStopping`, and what to do in the place of stopping. */
export interface PlateauOptions extends EarlyStoppingOptions {
  /** What the hyper-parameter is multiplied by, in (0, 1); .1 unless told. */
  readonly factor?: number
  /** What it does not fall below; 0 unless told. */
  readonly minimum?: number
}

/** Where to begin, and what follows from one more reported value: a reducer, for `reduce` and `scan`. */
export interface Plateaus {
  readonly start: Plateau
  readonly next: (before: Plateau, reported: number) => Plateau
}

/**
 * A hyper-parameter (a learning rate, λ, a rate of dropout) that becomes max(minimum, factor·value) when `patience` reported values in a
 * row have not bettered the best one met; then the wait begins anew, the best stays. Keras's ReduceLROnPlateau without its cooldown;
 * PyTorch's waits for one value more.
 *
 * In a stream its values go to `withHyper`: `reports.pipe(map((r) => r.data), scan(next, start), map((p) => p.value))`. Each batch then
 * carries the value used, so that recorded batches replay the run without the reports; to go on with a run, save its state and the
 * `Plateau`, which is plain data. Errors: those of `earlyStopping`, factor outside (0, 1), initial or minimum < 0 or not finite.
 * Laws: `plateauLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { plateau } from 'tikhonov/training'
 * const losses = [0.9, 0.5, 0.6, 0.5, 0.4, 0.4, 0.4]
 * F.pipe(plateau(1, { patience: 2, factor: 0.5 }), E.map(({ start, next }) => losses.reduce(next, start).value)) // => E.right(0.25)
 * ```
 */
export const plateau = (
  initial: number, { factor = 0.1, minimum = 0, ...watching }: PlateauOptions
): E.Either<NEA.NonEmptyArray<Issue>, Plateaus> => {
  const watch = earlyStopping(watching)
  return unlessIssues([
    ...nonNegative('initial', initial),
    ...within({ min: 0, max: 1, open: 'both' })('factor', factor),
    ...nonNegative('minimum', minimum),
    ...(E.isLeft(watch) ? watch.left : [])
  ], () => ({
    start: { value: initial, watch: unwatched },
    next: ({ value, watch: before }, reported) => {
      const after = E.isRight(watch) ? watch.right(before, { state: undefined, value: reported }) : before
      return after.stopped
        ? { value: Math.min(value, Math.max(minimum, factor * value)), watch: { ...after, waited: 0, stopped: false } }
        : { value, watch: after }
    }
  }))
}
