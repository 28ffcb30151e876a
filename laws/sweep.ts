/** Laws of sweeps. */
import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { from, lastValueFrom, toArray, type ObservableInput } from 'rxjs'
import type { Swept } from 'tikhonov/training'
import { real } from './arbitraries/index.js'
import { asyncLaw, same, suite, type Suite } from './kit/index.js'

/** A job of numbers, done for many of them in some way, and how often to try: threads are dear. */
export interface SweepTrial {
  readonly job: (setting: number) => number
  readonly mostRuns?: number
}

/**
 * The laws of a sweep, in whatever order its results come: each setting has one, which is that of the job alone, bit for bit, or what the
 * job threw; and they are counted as they come.
 * @example
 * ```ts
 * import { checkAsync, sweepLaws } from 'tikhonov/laws'
 * import { sweep } from 'tikhonov/training'
 * const verdicts = await checkAsync(sweepLaws(sweep(Math.exp), { job: Math.exp }))
 * verdicts.every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const sweepLaws = (
  swept: (settings: readonly number[]) => ObservableInput<Swept<number, number>>, { job, mostRuns = 25 }: SweepTrial
): Suite => {
  const all = (settings: readonly number[]) => lastValueFrom(from(swept(settings)).pipe(toArray()))
  const settings = fc.array(real(), { maxLength: 6 })
  return suite('sweep', swept, [
    asyncLaw('as alone', 'results = settings.map(job)', [settings], async (given) => {
      const found = [...await all(given)].sort((a, b) => a.index - b.index)
      const messages = E.mapLeft(({ message }: { readonly message: string }) => message)
      return same(
        found.map(({ index, setting, result }) => ({ index, setting, result: messages(result) })),
        given.map((setting, index) => ({
          index, setting, result: E.tryCatch(() => job(setting), (error) => (error instanceof Error ? error.message : String(error)))
        }))
      )
    }, { mostRuns }),
    asyncLaw('counts', 'done = 1, 2, …, of', [settings], async (given) => same(
      (await all(given)).map(({ done, of }) => [done, of]), given.map((_, i) => [i + 1, given.length])), { mostRuns })
  ])
}
