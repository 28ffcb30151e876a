/** Early stopping of a stream. */
import { either as E } from 'fp-ts'
import { scan, takeWhile, throwError, type OperatorFunction } from 'rxjs'
import { earlyStopping, unwatched, type EarlyStoppingOptions, type Judged, type Watch } from '../training/earlyStopping.js'
import type { BadOptions } from './options.js'

/**
 * What `earlyStopping` makes of judged states, after each; completes when it says stop, which unsubscribes from the run. The last watch has
 * the best state. Options out of range are an error notification (`BadOptions`).
 * @example
 * ```ts
 * import { from, lastValueFrom } from 'rxjs'
 * import { stopEarly } from 'tikhonov/stream'
 * const losses = [0.9, 0.5, 0.6, 0.7, 0.1].map((value, state) => ({ state, value }))
 * const { best, stopped } = await lastValueFrom(from(losses).pipe(stopEarly({ patience: 2 })))
 * best // => { state: 1, value: 0.5 }
 * stopped // => true
 * ```
 */
export const stopEarly = <S>(options: EarlyStoppingOptions): OperatorFunction<Judged<S>, Watch<S>> => (source) => {
  const watch = earlyStopping(options)
  return E.isLeft(watch)
    ? throwError((): BadOptions => ({ _tag: 'BadOptions', issues: watch.left }))
    : source.pipe(scan<Judged<S>, Watch<S>>(watch.right, unwatched), takeWhile(({ stopped }) => !stopped, true))
}
