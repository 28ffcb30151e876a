/** Training as an operator: from batches to the states of a run. */
import { map, type OperatorFunction } from 'rxjs'
import type { Batch, Folded, TrainState } from '../engine/engine.js'
import { lacking } from '../training/lacking.js'
import type { Trainer } from '../training/trainer.js'
import { folding } from './learner.js'
import { pushed, type TrainOptions } from './pushed.js'

const numbersOf = (batch: Batch): number => (lacking(batch).length > 0 ? 0 : batch.x.data.length + batch.y.data.length)

const operator = (t: Trainer, options: TrainOptions, keep: boolean): OperatorFunction<Batch, Folded> =>
  pushed((from) => folding(t, from), numbersOf)(t, options, keep)

/**
 * The states of a run, from batches as they arrive: `fold`, with time.
 *
 * 1. A batch is learned from as soon as it is here; no number of batches is waited for. `emit` decides only which states are emitted.
 * 2. After `slice` milliseconds of learning, the event loop has a turn: timers, signals and input are served, and what arrives meanwhile
 *    waits. When more than `buffer` batches wait, or 2²⁴ numbers, a source that pushes without pause is made to wait instead: its batches
 *    are then folded while it pushes. A source that never gives way cannot do both; pull from it with `trainOn`.
 * 3. The last state is always emitted, at completion and before any error; a run without batches emits the state it began with.
 * 4. A batch that does not fit, or is none, or a step that is not finite, is an error notification (`BadBatch`, `NonFinite`) with the last
 *    good state; options that make no sense are one (`BadOptions`) before anything is subscribed to. An error of the source comes after
 *    what it pushed.
 * 5. Unsubscribing stops at once, also within a slice: what waits is not folded.
 *
 * Each subscription is a run of its own. Laws: `streamLaws` (the last state is that of `fold`, bit for bit, whatever arrives when).
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { from, lastValueFrom } from 'rxjs'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { train } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * import { batches, trainer } from 'tikhonov/training'
 * const examples = { x: tensor([[1], [2], [3]]), y: tensor([2, 4, 6]) }
 * const { step, cursor } = await F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.bindTo('t'),
 *   E.bind('some', () => batches(examples, { size: 2, epochs: 10 })),
 *   E.map(({ t, some }) => lastValueFrom(from(some).pipe(train(t, { from: 1, emit: some.perEpoch })))),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * step // => 20
 * cursor // => 30
 * ```
 */
export const train = (t: Trainer, options: TrainOptions = {}): OperatorFunction<Batch, TrainState> => (source) =>
  source.pipe(operator(t, options, false), map(({ state }) => state))

/**
 * The same, each state with the reports of all steps since the one emitted before: none is lost at any cadence. They are held until then.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { lastValueFrom, repeat, of } from 'rxjs'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { trainWithReports } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * import { trainer } from 'tikhonov/training'
 * const batch = { x: tensor([[1]]), y: tensor([2]) }
 * const { reports } = await F.pipe(
 *   sequential([1], dense(1, { useBias: false, kernelInitializer: zeros })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.map((t) => lastValueFrom(of(batch).pipe(repeat(4), trainWithReports(t, { emit: Infinity })))),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * reports.map(({ data }) => data) // => [4, 1, 0.25, 0.0625]
 * ```
 */
export const trainWithReports = (t: Trainer, options: TrainOptions = {}): OperatorFunction<Batch, Folded> => operator(t, options, true)
