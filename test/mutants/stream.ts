import assert from 'node:assert/strict'
import { either as E, function as F } from 'fp-ts'
import {
  bufferCount, catchError, concatAll, concatMap, defer, delay, dematerialize, EMPTY, exhaustMap, filter, from, materialize, of, tap,
  throwError, toArray
} from 'rxjs'
import { dropout } from 'tikhonov/dropout'
import { batchesFor, streamLaws, type Streamed, type Suite } from 'tikhonov/laws'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { trainOnWithReports, trainWithReports } from 'tikhonov/stream'
import { trainer, type Batch, type TrainError } from 'tikhonov/training'
import type { Mutant } from './harness.js'

const right = <L, A>(e: E.Either<L, A>): A => {
  assert(E.isRight(e))
  return e.right
}

const t = right(F.pipe(
  sequential([2], dense(3, { activation: tanh }), dropout(0.5), dense(1)),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1, { momentum: 0.9 }) }))
))

const laws = (streamed: Streamed): Suite => streamLaws(streamed, t, { batches: batchesFor(t) })

async function * later(batches: readonly Batch[]): AsyncGenerator<Batch> {
  for (const batch of batches) yield await Promise.resolve(batch)
}

const pushed: Streamed = (u, batches, options) => from(batches).pipe(trainWithReports(u, options))

export const suites: readonly Suite[] = [
  laws(pushed),
  laws((u, batches, options) => from(batches).pipe(trainWithReports(u, { ...options, slice: 1e-6 }))),
  laws((u, batches, options) => from(batches).pipe(trainWithReports(u, { ...options, slice: 1e-6, buffer: 1 }))),
  laws((u, batches, options) => from(batches).pipe(concatMap((b) => of(b).pipe(delay(0))), trainWithReports(u, options))),
  laws((u, batches, options) => trainOnWithReports(u, batches, options)),
  laws((u, batches, options) => defer(() => trainOnWithReports(u, later(batches), options))),
  laws((u, batches, options) => trainOnWithReports(u, batches, { ...options, slice: 1e-6 }))
]

const mutant = (name: string, law: string, streamed: Streamed, origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => laws(streamed), runs: 20 })

export const mutants: readonly Mutant[] = [
  mutant('what arrives during a step is dropped', 'fold', (u, batches, options) =>
    from(batches).pipe(exhaustMap((batch) => of(batch).pipe(delay(0))), trainWithReports(u, options)), 'exhaustMap'),
  mutant('a last group that is not full is lost', 'fold', (u, batches, options) =>
    from(batches).pipe(bufferCount(2), filter(({ length }) => length === 2), concatAll(), trainWithReports(u, options)), 'bufferCount'),
  mutant('every state is emitted whatever the cadence', 'cadence', (u, batches, options) => pushed(u, batches, { ...options, emit: 1 })),
  mutant('the last state is not emitted unless it is due', 'cadence', (u, batches, options) =>
    pushed(u, batches, options).pipe(filter(({ state }) => state.step % options.emit === 0))),
  mutant('a second subscriber goes on where the first one was', 'runs of their own', (u, batches, options) => {
    let kept = options.from
    return defer(() => pushed(u, batches, { ...options, from: kept })).pipe(tap(({ state }) => { kept = state }))
  }),
  mutant('all is learned before anything is emitted', 'stops at once', (u, batches, options) =>
    pushed(u, batches, options).pipe(materialize(), toArray(), concatAll(), dematerialize())),
  mutant('a run that goes on counts from 0', 'resume', (u, batches, options) =>
    pushed(u, batches, { ...options, from: { ...options.from, step: 0, cursor: 0 } })),
  mutant('an error loses the state before it', 'errors', (u, batches, options) => pushed(u, batches, options).pipe(
    materialize(), toArray(),
    concatMap((all) => (all[all.length - 1].kind === 'E' ? [...all.slice(0, -2), ...all.slice(-1)] : all)), dematerialize())),
  mutant('what is no batch is the end', 'no batch', (u, batches, options) =>
    pushed(u, batches, options).pipe(catchError((error: TrainError) =>
      (error._tag === 'BadBatch' && error.issues.some(({ path }) => path === 'batch') ? EMPTY : throwError(() => error)))), 'tikhonov'),
  mutant('a batch is read before it is looked at', 'no batch', (u, batches, options) =>
    from(batches).pipe(tap(({ x, y }) => x.data.length + y.data.length), trainWithReports(u, options)), 'tikhonov')
]
