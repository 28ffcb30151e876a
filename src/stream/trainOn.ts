/** Training on what is pulled: a run that asks for the next batch when it has learned from the one before. */
import { either as E } from 'fp-ts'
import { map, Observable } from 'rxjs'
import type { Batch, Folded, TrainState } from '../engine/engine.js'
import type { Trainer } from '../training/trainer.js'
import { pulledLater, pulledNow } from './feed.js'
import { folding } from './learner.js'
import { loop, type Loop } from './loop.js'
import { settings, type StreamOptions } from './options.js'

/** What can be pulled from. */
export type Source = Iterable<Batch> | AsyncIterable<Batch>

const run = (t: Trainer, source: Source, options: StreamOptions, keep: boolean): Observable<Folded> =>
  new Observable<Folded>((to) => {
    const found = settings(t, options)
    if (E.isLeft(found)) {
      to.error(found.left)
      return
    }
    const feed = Symbol.asyncIterator in source ? pulledLater(source, () => { learning.wake() }) : pulledNow(source)
    const learning: Loop = loop(folding(t, found.right.from), found.right, keep, feed, to)
    to.add(feed.stop)
    learning.wake()
  })

/**
 * The states of a run on batches that are pulled: from `batches(…)`, a generator, a file, a broker.
 *
 * The source goes at the pace of the run: an asynchronous iterable is asked for one batch at a time, once the one before is folded, so
 * nothing piles up (`from(iterable).pipe(train(…))` would take in all that is offered); a synchronous one for what is folded at once. The
 * event loop has a turn after every `slice` milliseconds, however long the run. What is downstream is not awaited: what must happen before
 * the next batch belongs into the iterable. States, errors and cadences are those of `train`; an error of the iterable comes after the last
 * state. Each subscription iterates anew, which a generator allows but once: `defer(() => trainOn(t, readings()))`.
 *
 * Of a synchronous iterable many batches may be asked for before the first of them is folded, so each has numbers of its own. One buffer
 * that is filled again and again wants an asynchronous iterable, or `fold`.
 *
 * Unsubscribing stops at once and calls the iterator's `return`, as does an end that is not the iterable's; it is not awaited. What it
 * throws or rejects with comes too late for the run: `config.onUnhandledError` of RxJS is told, or the console where that is not set. What
 * comes of a pull under way, a failure too, is dropped.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { take, lastValueFrom } from 'rxjs'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { trainOn } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * import { trainer } from 'tikhonov/training'
 * async function* readings() {
 *   for (;;) yield { x: tensor([[1]]), y: tensor([2]) }
 * }
 * const { cursor } = await F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => lastValueFrom(trainOn(t, readings(), { from: 1 }).pipe(take(5)))),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * cursor // => 5
 * ```
 */
export const trainOn = (t: Trainer, source: Source, options: StreamOptions = {}): Observable<TrainState> =>
  run(t, source, options, false).pipe(map(({ state }) => state))

/**
 * The same, each state with the reports of all steps since the one emitted before.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { lastValueFrom } from 'rxjs'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { trainOnWithReports } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * import { batches, trainer } from 'tikhonov/training'
 * const { reports } = await F.pipe(
 *   sequential([1], dense(1, { useBias: false, kernelInitializer: zeros })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.bindTo('t'),
 *   E.bind('some', () => batches({ x: tensor([[1]]), y: tensor([2]) }, { epochs: 3 })),
 *   E.map(({ t, some }) => lastValueFrom(trainOnWithReports(t, some, { emit: Infinity }))),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * reports.map(({ data }) => data) // => [4, 1, 0.25]
 * ```
 */
export const trainOnWithReports = (t: Trainer, source: Source, options: StreamOptions = {}): Observable<Folded> =>
  run(t, source, options, true)
