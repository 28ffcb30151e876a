/** Laws of training on streams: time changes nothing. */
import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { BehaviorSubject, lastValueFrom, materialize, take, toArray, type Observable } from 'rxjs'
import type { Folded } from 'tikhonov/engine'
import { tensor } from 'tikhonov/tensor'
import { fold, start, type BadBatch, type Batch, type Trainer, type TrainState } from 'tikhonov/training'
import { seed } from './arbitraries/index.js'
import { about, asyncLaw, every, same, suite, type Outcome, type Suite } from './kit/index.js'
import { mostRuns, type TrainingTrial } from './trainingTrial.js'

/** Where a run begins, and after how many steps a state is emitted. */
export interface StreamedOptions {
  readonly from: TrainState
  readonly emit: number
}

/** A way to train on batches over time: each subscription a run, whose states come with the reports since the one before. */
export type Streamed = (t: Trainer, batches: readonly Batch[], options: StreamedOptions) => Observable<Folded>

interface Seen {
  readonly values: readonly Folded[]
  readonly end: unknown
}

const ended = async (stream: Observable<Folded>): Promise<Seen> => {
  const seen = await lastValueFrom(stream.pipe(materialize(), toArray()))
  const last = seen[seen.length - 1]
  return {
    values: seen.flatMap((each) => (each.kind === 'N' ? [each.value] : [])),
    end: last.kind === 'E' ? last.error as unknown : last.kind
  }
}

/** The same trainer, and how many steps it was asked for. */
const counted = (t: Trainer): { readonly t: Trainer; readonly steps: () => number } => {
  const taken = new BehaviorSubject(0)
  return {
    steps: () => taken.value,
    t: {
      ...t,
      executable: (rows) => ({
        fold: (state, batches) => {
          const known = Array.from(batches)
          taken.next(taken.value + known.length)
          return t.executable(rows).fold(state, known)
        }
      })
    }
  }
}

/** What no trainer accepts. */
const unfit: Batch = { x: tensor([[NaN]]), y: tensor([[NaN]]), count: -1 }

/** What comes from outside instead of a batch, and what the error names. */
const malformed: readonly (readonly [given: unknown, paths: readonly string[]])[] = [
  [undefined, ['batch']],
  [null, ['batch']],
  ['a batch', ['batch']],
  [{}, ['batch/x', 'batch/y']],
  [{ x: unfit.x }, ['batch/y']],
  [{ x: [[1]], y: unfit.y }, ['batch/x']],
  [{ x: unfit.x, y: { shape: [1, 1] } }, ['batch/y']]
]

const none: Folded = { state: { _tag: 'TrainState', step: -1, seed: 0, cursor: 0, values: new Float64Array(0) }, reports: [] }

/** The states that `fold` meets on the way, the first one among them, where all batches are finite. */
const wayOf = (t: Trainer, from: TrainState, batches: readonly Batch[]): readonly TrainState[] =>
  [[], ...batches.map((_, i) => batches.slice(0, i + 1))].map((given) => {
    const after = fold(t)(from, given)
    fc.pre(E.isRight(after))
    return after.right.state
  })

/** The states of the way that are due: after every so many steps, and the last one. */
const due = (way: readonly TrainState[], emit: number): readonly TrainState[] =>
  way.filter((state, i) => i === way.length - 1 || (state.step > (way[i - 1]?.step ?? state.step) && state.step % emit === 0))

/**
 * The laws of every way to train over time: its last state and its reports are those of `fold`, bit for bit; a cadence decides only which
 * states are emitted; each subscription is a run of its own; who has enough stops the run at once; a run goes on from any state; an error
 * is that of `fold`, after the last good state; what is no batch at all is one that does not fit.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { from } from 'rxjs'
 * import { batchesFor, checkAsync, streamLaws, type Streamed } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { trainWithReports } from 'tikhonov/stream'
 * import { trainer } from 'tikhonov/training'
 * const operator: Streamed = (t, batches, options) => from(batches).pipe(trainWithReports(t, options))
 * const verdicts = await F.pipe(
 *   sequential([2], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => checkAsync(streamLaws(operator, t, { batches: batchesFor(t) }), { runs: 3 })),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * verdicts.every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const streamLaws = (streamed: Streamed, t: Trainer, { batches }: TrainingTrial): Suite => {
  const some = fc.array(batches, { minLength: 0, maxLength: 6 })
  const cadence = fc.constantFrom(1, 2, 3, Infinity)
  return suite('training stream', streamed, [
    asyncLaw('fold', 'last(stream(bs)) = fold(bs), reports too', [seed(), some, cadence], async (of, bs, emit) => {
      const from = start(t, of)
      const expected = fold(t)(from, bs)
      fc.pre(E.isRight(expected))
      const { values, end } = await ended(streamed(t, bs, { from, emit }))
      const { state } = values[values.length - 1] ?? none
      return same({ state, reports: values.flatMap(({ reports }) => reports), end }, { ...expected.right, end: 'C' })
    }, { mostRuns }),
    asyncLaw('cadence', 'states = [fold(s, bs₁…ᵢ) | n divides its step or i is last]', [seed(), some, cadence], async (of, bs, emit) => {
      const from = start(t, of)
      const expected = due(wayOf(t, from, bs), emit)
      const { values } = await ended(streamed(t, bs, { from, emit }))
      return same(values.map(({ state }) => state), expected)
    }, { mostRuns }),
    asyncLaw('runs of their own', 'each subscription sees the same', [seed(), some, cadence], async (of, bs, emit) => {
      const stream = streamed(t, bs, { from: start(t, of), emit })
      const first = await ended(stream)
      return same(await ended(stream), first)
    }, { mostRuns }),
    asyncLaw('stops at once', 'take(k) takes k steps', [seed(), some, fc.integer({ min: 1, max: 3 })], async (of, bs, k) => {
      const from = start(t, of)
      fc.pre(wayOf(t, from, bs).every(({ step }, i) => step === i) && k < bs.length)
      const { t: watched, steps } = counted(t)
      const { values } = await ended(streamed(watched, bs, { from, emit: 1 }).pipe(take(k)))
      return same({ states: values.length, steps: steps() }, { states: k, steps: k })
    }, { mostRuns }),
    asyncLaw('resume', 'last(stream(fold(xs), ys)) = fold(xs ⧺ ys)', [seed(), some, some, cadence], async (of, xs, ys, emit) => {
      const way = wayOf(t, start(t, of), [...xs, ...ys])
      const { values } = await ended(streamed(t, ys, { from: way[xs.length], emit }))
      return same((values[values.length - 1] ?? none).state, way[way.length - 1])
    }, { mostRuns }),
    asyncLaw('errors', 'stream(bs ⧺ unfit ⧺ …) emits fold(bs) last, then the error of fold', [seed(), some, some, cadence],
      async (of, bs, after, emit): Promise<Outcome> => {
        const from = start(t, of)
        const way = wayOf(t, from, bs)
        const { values, end } = await ended(streamed(t, [...bs, unfit, ...after], { from, emit }))
        return every(
          about('the last state', same((values[values.length - 1] ?? none).state, way[way.length - 1])),
          about('the error', same(E.left(end), fold(t)(from, [...bs, unfit])))
        )
      }, { mostRuns }),
    asyncLaw('no batch', 'stream(bs ⧺ no batch ⧺ …) emits fold(bs) last, then a BadBatch that says what is missing',
      [seed(), some, some, cadence, fc.constantFrom(...malformed)], async (of, bs, after, emit, [given, paths]): Promise<Outcome> => {
        const from = start(t, of)
        const way = wayOf(t, from, bs)
        const state = way[way.length - 1]
        // What is none has no type; it is given as one all the same.
        const { values, end } = await ended(streamed(t, [...bs, given as Batch, ...after], { from, emit }))
        const { _tag, state: last, issues } = end as BadBatch
        return every(
          about('the last state', same((values[values.length - 1] ?? none).state, state)),
          about('the error', same({ _tag, last, paths: issues?.map(({ path }) => path) }, { _tag: 'BadBatch', last: state, paths }))
        )
      }, { mostRuns })
  ])
}
