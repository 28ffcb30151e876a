import { setImmediate as turn } from 'node:timers/promises'
import { lastValueFrom, take, toArray, type Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { trainOn, trainOnWithReports, type StreamError } from 'tikhonov/stream'
import { tensor } from 'tikhonov/tensor'
import { fold, start, type Batch } from 'tikhonov/training'
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

  it('says what is wrong with its options before it pulls anything', async () => {
    const { end } = await ended(trainOn(noisy, { [Symbol.iterator]: () => { throw new Error('pulled') } }, { emit: -1 }))
    expect((end as StreamError)._tag).toBe('BadOptions')
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
