/** A sweep over worker threads. */
import { either as E } from 'fp-ts'
import { defer, EMPTY, expand, finalize, map, merge, throwError, type Observable } from 'rxjs'
import { count } from '../part/checks.js'
import { issue } from '../part/issue.js'
import type { JobFailed, Swept } from '../training/sweep.js'
import type { BadOptions } from './options.js'
import { hands, type Hands } from './workers.js'

/** The job of a module: its default export. Settings and results are data that can be sent to a thread and back. */
export type Job = (setting: never) => unknown

/** Options of `sweepOver`. */
export interface SweepOptions {
  /** How many threads at most; as many as the host can run at once unless told. */
  readonly workers?: number
  /** Flags of Node for the threads; those of the process unless told. */
  readonly execArgv?: readonly string[]
}

type SettingOf<J extends Job> = Parameters<J>[0]
type ResultOf<J extends Job> = Awaited<ReturnType<J>>
type Answered = Pick<Swept<unknown, unknown>, 'index' | 'setting' | 'result'>

const lost = ({ result }: Answered): boolean => E.isLeft(result) && result.left._tag === 'WorkerLost'

/** Each thread takes the next setting when it has answered; where one is lost another takes its place. */
const answers = ({ start }: Hands, settings: readonly unknown[], workers: number): Observable<Answered> => defer(() => {
  const queue = settings.entries()
  const thread = (): Observable<Answered> => defer(() => {
    const hand = start()
    const next = (): Observable<Answered> => defer(() => {
      const taken = queue.next()
      if (taken.done === true) return EMPTY
      const [index, setting] = taken.value
      return hand.ask(index, setting).pipe(map((result: E.Either<JobFailed, unknown>) => ({ index, setting, result })))
    })
    return next().pipe(expand((answer) => (lost(answer) ? EMPTY : next())), finalize(hand.end))
  })
  const lane = (): Observable<Answered> => thread().pipe(expand((answer) => (lost(answer) ? thread() : EMPTY)))
  return merge(...Array.from({ length: Math.min(workers, settings.length) }, lane))
})

/**
 * What the default export of a module makes of each setting, over worker threads, as results come: in any order, each with its index and
 * with how many have come. A job is a pure function of its setting (which holds the seed), so that results are those of `sweep`, bit for
 * bit, whatever the number of threads. Threads start when somebody subscribes and end with the last result; who unsubscribes ends them in
 * the midst of their jobs. What a job throws is the result of its setting; a thread that is lost costs the setting that it had.
 * Messages that a job sends by `parentPort` itself, progress for instance, are no results and are not heard.
 *
 * The type of the job says those of settings and results: `sweepOver<typeof job>(new URL('./job.js', import.meta.url), settings)`, where
 * `job` is imported as a type. A job in TypeScript is given as a module of JavaScript that loads it: `register()` of `tsx/esm/api`, then
 * `import('./job.ts')`. Errors, as the notification: `BadOptions` where `workers` is no whole number ≥ 1, or where the host has no threads
 * (they are Node's). Laws: `sweepLaws`.
 * @example
 * ```ts
 * import { lastValueFrom, map, toArray } from 'rxjs'
 * import { sweepOver } from 'tikhonov/stream'
 * const module = new URL('data:text/javascript,export default (x) => x * x')
 * const swept = sweepOver<(x: number) => number>(module, [1, 2, 3], { workers: 2 })
 * const squares = await lastValueFrom(swept.pipe(map(({ index, result }) => [index, result]), toArray()))
 * squares.sort() // => [[0, { _tag: 'Right', right: 1 }], [1, { _tag: 'Right', right: 4 }], [2, { _tag: 'Right', right: 9 }]]
 * ```
 */
export const sweepOver = <J extends Job>(
  module: string | { readonly href: string }, settings: readonly SettingOf<J>[], { workers, execArgv }: SweepOptions = {}
): Observable<Swept<SettingOf<J>, ResultOf<J>>> => defer(() => {
  const found = hands(typeof module === 'string' ? module : module.href, execArgv)
  const wanted = workers ?? found?.cores ?? 1
  const issues = [
    ...count('workers', wanted), ...(found === undefined ? [issue('workers', 'no threads', 'a host with node:worker_threads')] : [])
  ]
  if (found === undefined || issues.length > 0) {
    return throwError((): BadOptions => ({ _tag: 'BadOptions', issues: [issues[0], ...issues.slice(1)] }))
  }
  // What a thread answers is what the job gave it, or the reason why not.
  return answers(found, settings, wanted).pipe(
    map((answer, i) => ({ ...answer, done: i + 1, of: settings.length }) as Swept<SettingOf<J>, ResultOf<J>>))
})
