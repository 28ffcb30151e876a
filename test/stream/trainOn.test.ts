import { setImmediate as turn } from 'node:timers/promises'
import { config, lastValueFrom, Subject, take, takeUntil, toArray, type Observable } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { trainOn, trainOnWithReports, type Source, type StreamError } from 'tikhonov/stream'
import { tensor } from 'tikhonov/tensor'
import { fold, start, type Batch, type TrainState } from 'tikhonov/training'
import { batch, batchesUpTo, left, noisy, right, watched } from './fixture.js'

const slice = Infinity
const folded = (batches: readonly Batch[]) => right(fold(noisy)(start(noisy), batches))
const bad: Batch = { ...batch(0), x: tensor([[1, Number.NaN], [1, 2]]) }

/** How a stream ended: its values, and its error or 'complete'. */
const ended = <A>(stream: Observable<A>) => new Promise<{ readonly values: readonly A[]; readonly end: unknown }>((resolve) => {
  const values: A[] = []
  stream.subscribe({
    next: (value) => { values.push(value) },
    error: (end: unknown) => { resolve({ values, end }) },
    complete: () => { resolve({ values, end: 'complete' }) }
  })
})

interface Log {
  pulled: number
  returned: number
  learned: number
  /** For each pull, how many batches had been handed out and not been learned from. */
  readonly inFlight: number[]
}

/** Batches without end, and an account of what was asked of them; `wait` is what a pull awaits. */
const endless = (wait: () => Promise<unknown>) => {
  const log: Log = { pulled: 0, returned: 0, learned: 0, inFlight: [] }
  async function * source(): AsyncGenerator<Batch> {
    try {
      for (;;) {
        log.inFlight.push(log.pulled - log.learned)
        await wait()
        log.pulled += 1
        yield batch(log.pulled)
      }
    } finally {
      log.returned += 1
    }
  }
  return { log, source, t: watched(noisy, () => { log.learned += 1 }) }
}

/** Batches without end that cannot be put away, in every way there is. */
const stuck: readonly (readonly [name: string, source: () => Source])[] = [
  ['a generator throws', function * () {
    try {
      for (;;) yield batch(0)
    } finally {
      refuse()
    }
  }],
  ['an asynchronous generator throws', async function * () {
    try {
      for (;;) yield await Promise.resolve(batch(0))
    } finally {
      await Promise.resolve()
      refuse()
    }
  }],
  ['an asynchronous iterator throws before it has a promise', () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: false, value: batch(0) }), return: refuse })
  })]
]
const refuse = (): never => { throw new Error('already closed') }

/** Enough turns for what is told in a job of its own. */
const soon = () => new Promise((done) => { setTimeout(done, 5) })

const promptly = () => Promise.resolve()

describe('trainOn an iterable', () => {
  it('emits the states of fold, bit for bit, and completes', async () => {
    const { values, end } = await ended(trainOn(noisy, batchesUpTo(9)))
    expect(values).toEqual(batchesUpTo(9).map((_, i) => folded(batchesUpTo(i + 1)).state))
    expect(end).toBe('complete')
  })

  it('has the report of every step at any cadence', async () => {
    for (const emit of [2, Infinity, 'turn'] as const) {
      const { values } = await ended(trainOnWithReports(noisy, batchesUpTo(100), { emit }))
      expect(values.flatMap(({ reports }) => reports)).toEqual(folded(batchesUpTo(100)).reports)
    }
  })

  it('pulls no further than it has learned when each state is emitted, and stops at once', async () => {
    let [pulled, returned] = [0, 0]
    function * source(): Generator<Batch> {
      try {
        for (;;) {
          pulled += 1
          yield batch(pulled)
        }
      } finally {
        returned += 1
      }
    }
    const states = await lastValueFrom(trainOn(noisy, source(), { slice }).pipe(take(3), toArray()))
    expect(states.map(({ step }) => step)).toEqual([1, 2, 3])
    expect([pulled, returned]).toEqual([3, 1])
  })

  it('begins anew with each subscription', async () => {
    const run = trainOn(noisy, batchesUpTo(5), { emit: Infinity })
    expect(await ended(run)).toEqual(await ended(run))
  })

  it('emits the last good state before an error, wherever in a group of steps it lies', async () => {
    for (const good of [0, 1, 2, 3, 50]) {
      const { values, end } = await ended(trainOnWithReports(noisy, [...batchesUpTo(good), bad, batch(7)], { emit: Infinity, slice }))
      expect(values).toEqual([folded(batchesUpTo(good))])
      expect(end).toEqual(left(fold(noisy)(start(noisy), [...batchesUpTo(good), bad])))
    }
  })

  it('ends with what is no batch as with one that does not fit, pulled in any way', async () => {
    const given: readonly (readonly [given: unknown, path: string])[] = [[undefined, 'batch'], [{ x: bad.x }, 'batch/y']]
    async function * later(batches: readonly Batch[]): AsyncGenerator<Batch> {
      for (const b of batches) yield await Promise.resolve(b)
    }
    for (const [none, path] of given) {
      const batches = [...batchesUpTo(3), none as Batch, batch(7)]
      for (const source of [batches, later(batches)]) {
        const { values, end } = await ended(trainOnWithReports(noisy, source, { emit: Infinity, slice }))
        expect(values).toEqual([folded(batchesUpTo(3))])
        expect(end).toMatchObject({ _tag: 'BadBatch', state: values[0].state, issues: [{ path, found: 'undefined' }] })
      }
    }
  })

  it('hands on what the iterable throws, after the last state', async () => {
    function * source(): Generator<Batch> {
      yield batch(0)
      yield batch(1)
      throw new RangeError('no more disk')
    }
    const { values, end } = await ended(trainOn(noisy, source(), { emit: 5 }))
    expect(values).toEqual([folded(batchesUpTo(2)).state])
    expect(end).toEqual(new RangeError('no more disk'))
  })

  it('ends one that stops the run while it is asked, and learns nothing of what it answers', async () => {
    const [stop, unheard] = [new Subject<void>(), vi.spyOn(console, 'warn')]
    let [learned, returned] = [0, 0]
    function * source(): Generator<Batch> {
      try {
        for (let k = 0; ; k++) {
          if (k === 5) stop.next()
          yield batch(k)
        }
      } finally {
        returned += 1
      }
    }
    for (const emit of [1, 100]) {
      [learned, returned] = [0, 0]
      await ended(trainOn(watched(noisy, () => { learned += 1 }), source(), { slice, emit }).pipe(takeUntil(stop)))
      await soon()
      expect(returned).toBe(1)
      expect(learned).toBeLessThanOrEqual(5)
    }
    expect(unheard).not.toHaveBeenCalled()
  })

  it('says what is wrong with its options before it pulls anything', async () => {
    const { end } = await ended(trainOn(noisy, { [Symbol.iterator]: () => { throw new Error('pulled') } }, { emit: -1 }))
    expect((end as StreamError)._tag).toBe('BadOptions')
  })
})

describe.each(stuck)('where %s when it is ended', (_, source) => {
  const told: unknown[] = []
  beforeEach(() => { config.onUnhandledError = (error) => { told.push(error) } })
  afterEach(() => {
    config.onUnhandledError = null
    told.length = 0
    vi.restoreAllMocks()
  })

  it('the run ends as it would, and RxJS is told once', async () => {
    expect((await ended(trainOn(noisy, source(), { slice }).pipe(take(2)))).values).toHaveLength(2)
    await soon()
    expect(told).toEqual([new Error('already closed')])
  })

  it('who unsubscribes has nothing to do with it', async () => {
    const states: TrainState[] = []
    const subscription = trainOn(noisy, source()).subscribe((state) => { states.push(state) })
    while (states.length < 3) await turn()
    subscription.unsubscribe()
    await soon()
    expect(told).toEqual([new Error('already closed')])
  })

  it('an error of the run is the one that is seen', async () => {
    const broken = watched(noisy, () => { throw new TypeError('not written yet') })
    const { end } = await ended(trainOn(broken, source(), { slice }))
    await soon()
    expect(end).toEqual(new TypeError('not written yet'))
    expect(told).toEqual([new Error('already closed')])
  })

  it('the console has it where RxJS wants to know of nothing, and nothing is thrown', async () => {
    config.onUnhandledError = null
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const { end } = await ended(trainOn(noisy, source(), { slice }).pipe(take(2)))
    await soon()
    expect(end).toBe('complete')
    expect(warned.mock.calls).toEqual([['tikhonov: the source of a run that is over failed to end: Error: already closed']])
  })
})

describe('trainOn an asynchronous iterable', () => {
  it('emits the states of fold, bit for bit, and completes', async () => {
    async function * source(): AsyncGenerator<Batch> {
      for (const b of batchesUpTo(7)) {
        await turn()
        yield b
      }
    }
    const { values, end } = await ended(trainOn(noisy, source()))
    expect(values).toEqual(batchesUpTo(7).map((_, i) => folded(batchesUpTo(i + 1)).state))
    expect(end).toBe('complete')
  })

  it.each([['at once', promptly], ['in time', () => turn()]])('that answers %s is never more than one batch ahead', async (_, wait) => {
    for (const emit of [1, 10]) {
      const { log, source, t } = endless(wait)
      await lastValueFrom(trainOn(t, source(), { emit }).pipe(take(20)))
      expect(Math.max(...log.inFlight)).toBe(0)
      expect(log.learned).toBe(20 * emit)
      expect(log.pulled).toBe(20 * emit)
    }
  })

  it('calls the iterator\'s return when it is unsubscribed from, and learns nothing more', async () => {
    const { log, source, t } = endless(() => turn())
    const subscription = trainOn(t, source()).subscribe()
    while (log.learned < 5) await turn()
    const { learned } = log
    subscription.unsubscribe()
    await turn()
    await turn()
    expect(log.returned).toBe(1)
    expect(log.learned).toBe(learned)
  })

  it('does not call return on one that has ended', async () => {
    let returned = 0
    const iterator = (batches: Iterator<Batch>): AsyncIterable<Batch> => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve(batches.next()),
        return: () => {
          returned += 1
          return Promise.resolve({ done: true, value: undefined })
        }
      })
    })
    await ended(trainOn(noisy, iterator(batchesUpTo(3).values())))
    expect(returned).toBe(0)
    await ended(trainOn(noisy, iterator([batch(0), bad].values())))
    expect(returned).toBe(1)
  })

  it('hands on its failure, after the last state', async () => {
    async function * source(): AsyncGenerator<Batch> {
      yield batch(0)
      await turn()
      throw new RangeError('connection lost')
    }
    const { values, end } = await ended(trainOn(noisy, source(), { emit: 5 }))
    expect(values).toEqual([folded([batch(0)]).state])
    expect(end).toEqual(new RangeError('connection lost'))
  })
})
