/** Workers that run the job of a module, as streams of answers, typed here because no library of Node's types names them. */
import { either as E, function as F } from 'fp-ts'
import { defer, filter, fromEventPattern, map, merge, of, take, type Observable } from 'rxjs'
import type { JobFailed } from '../training/sweep.js'

/** One thread. */
export interface Hand {
  /** The job's answer to a setting, once; the index says which setting it answers. */
  readonly ask: (index: number, setting: unknown) => Observable<E.Either<JobFailed, unknown>>
  readonly end: () => void
}

/** What starts threads, and how many the host can run at once. */
export interface Hands {
  readonly cores: number
  readonly start: () => Hand
}

interface NodeWorker {
  readonly postMessage: (message: unknown) => void
  readonly terminate: () => Promise<unknown>
  readonly addListener: (event: string, listener: (given: unknown) => void) => unknown
  readonly removeListener: (event: string, listener: (given: unknown) => void) => unknown
}

interface NodeOptions { readonly eval: true; readonly workerData: string; readonly execArgv?: readonly string[] }
interface NodeThreads { readonly Worker: new (script: string, options: NodeOptions) => NodeWorker }
interface Cores { readonly availableParallelism: () => number }
/** What may be found in the global scope. */
interface Host { readonly process?: { readonly getBuiltinModule?: (name: string) => object | undefined } }

/** What a thread says when a job is done. A job may send messages of its own; they are no answers. */
interface Answer {
  readonly _tag: 'tikhonov/answer'
  readonly index: number
  readonly result: E.Either<JobFailed, unknown>
}

const answers = (index: number) => (message: unknown): message is Answer =>
  typeof message === 'object' && message !== null && '_tag' in message && message._tag === 'tikhonov/answer' &&
  'index' in message && message.index === index

/** What a thread runs: it answers each setting with what the module's default export makes of it, or why it does not. */
const script = `'use strict'
const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
parentPort.on('message', ({ index, setting }) => {
  const answer = (result) => { parentPort.postMessage({ _tag: 'tikhonov/answer', index, result }) }
  import(workerData).then(({ default: job }) => job(setting))
    .then((right) => { answer({ _tag: 'Right', right }) })
    .catch((error) => {
      answer({ _tag: 'Left', left: { _tag: 'JobFailed', message: error instanceof Error ? error.message : String(error) } })
    })
})
`

const failed = (tag: JobFailed['_tag'], error: unknown): E.Either<JobFailed, never> =>
  E.left({ _tag: tag, message: error instanceof Error ? error.message : String(error) })

const handOf = (worker: NodeWorker): Hand => {
  // A thread that fails while nobody asks is none of the process's business.
  worker.addListener('error', () => undefined)
  const heard = (event: string): Observable<unknown> => fromEventPattern(
    (listener) => worker.addListener(event, listener), (listener) => worker.removeListener(event, listener))
  return {
    ask: (index, setting) => defer(() => F.pipe(
      E.tryCatch(() => { worker.postMessage({ index, setting }) }, F.identity),
      E.match((error) => of(failed('JobFailed', error)), () => merge(
        heard('message').pipe(filter(answers(index)), map(({ result }) => result)),
        heard('error').pipe(map((error) => failed('WorkerLost', error))),
        heard('exit').pipe(map((code) => failed('WorkerLost', `the worker ended with code ${String(code)}`)))
      ).pipe(take(1)))
    )),
    end: () => { void worker.terminate() }
  }
}

/** Threads of Node for a module, or `undefined` where the host has none. */
export const hands = (module: string, execArgv: readonly string[] | undefined, host = globalThis as Host): Hands | undefined => {
  const builtin = (name: string) => host.process?.getBuiltinModule?.(name)
  const [threads, system] = [builtin('node:worker_threads') as NodeThreads | undefined, builtin('node:os') as Cores | undefined]
  return threads === undefined ? undefined : {
    cores: system?.availableParallelism() ?? 1,
    start: () => handOf(new threads.Worker(script, { eval: true, workerData: module, ...(execArgv === undefined ? {} : { execArgv }) }))
  }
}
