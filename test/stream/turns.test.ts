/** That a long run serves timers, in real time. Steps take a stated time; bounds are loose, for machines that are busy. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { either as E } from 'fp-ts'
import { from, lastValueFrom, map, take, toArray, type Observable } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { eventLoop, train, trainOn } from 'tikhonov/stream'
import type { Batch, Report, Trainer, TrainState } from 'tikhonov/training'
import { batch, batchesUpTo, busy, noisy, watched } from './fixture.js'

/** The same batches, asynchronously but without a turn of the event loop between them. */
async function * promptly(batches: readonly Batch[]): AsyncGenerator<Batch> {
  for (const b of batches) yield await Promise.resolve(b)
}

const slow = watched(noisy, () => { busy(1) })

/** Runs a stream beside a timer of 1 ms; the times at which the timer was served, and the last state. */
const beside = async (stream: () => Observable<TrainState>) => {
  await lastValueFrom(from(batchesUpTo(2)).pipe(train(noisy)))
  const served: number[] = []
  const timer = setInterval(() => { served.push(performance.now()) }, 1)
  const began = performance.now()
  const { step } = await lastValueFrom(stream())
  const took = performance.now() - began
  clearInterval(timer)
  return { step, took, turns: served.length }
}

describe('a timer', () => {
  const runs: readonly (readonly [string, (batches: readonly Batch[]) => Observable<TrainState>])[] = [
    ['an operator on a source that pushes all at once', (batches) => from(batches).pipe(train(slow))],
    ['an operator that emits the last state only', (batches) => from(batches).pipe(train(slow, { emit: Infinity }))],
    ['an iterable', (batches) => trainOn(slow, batches)],
    ['an iterable whose last state alone is emitted', (batches) => trainOn(slow, batches, { emit: Infinity })],
    ['an asynchronous iterable that answers at once', (batches) => trainOn(slow, promptly(batches))]
  ]
  it.each(runs)('is served every few steps of %s', async (_, run) => {
    const { step, took, turns } = await beside(() => run(batchesUpTo(200)))
    expect(step).toBe(200)
    expect(took).toBeGreaterThanOrEqual(200)
    // Slices of 4 ms and steps of 1 ms make about 50 turns; an eighth of that where the machine does other things too.
    expect(turns).toBeGreaterThan(6)
  })

  it('is not served within a slice without end', async () => {
    const { turns } = await beside(() => trainOn(slow, batchesUpTo(30), { slice: Infinity }))
    expect(turns).toBe(0)
  })
})

describe('a signal', () => {
  const endless = `
    import { either as E, function as F } from 'fp-ts'
    import { dense } from 'tikhonov/layers'
    import { mse } from 'tikhonov/losses'
    import { sequential } from 'tikhonov/model'
    import { sgd } from 'tikhonov/optimizers'
    import { trainOn } from 'tikhonov/stream'
    import { tensor } from 'tikhonov/tensor'
    import { trainer } from 'tikhonov/training'
    const t = F.pipe(
      sequential([1], dense(1)), E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })), E.toUnion
    )
    function * batches() { for (;;) yield { x: tensor([[1]]), y: tensor([[1]]) } }
    let steps = 0
    const run = trainOn(t, batches()).subscribe(() => { if (++steps === 100) process.stdout.write('learning') })
    process.on('SIGINT', () => { run.unsubscribe(); process.stdout.write(' stopped') })
  `

  it('ends a run without end, and its process with it', async () => {
    const child = spawn(
      process.execPath, ['--import', 'tsx', '--conditions', 'tikhonov-source', '--input-type', 'module', '--eval', endless],
      { cwd: join(import.meta.dirname, '../..'), timeout: 25_000 }
    )
    const said: string[] = []
    child.stdout.on('data', (text: Buffer) => {
      said.push(String(text))
      if (said.length === 1) child.kill('SIGINT')
    })
    const ended = await new Promise((resolve) => child.on('exit', (code, signal) => { resolve({ code, signal }) }))
    expect(said.join('')).toBe('learning stopped')
    expect(ended).toEqual({ code: 0, signal: null })
  })
})

describe('a source that pushes without end', () => {
  /** Batches without end, synchronously; how many were made. */
  const endless = (next: (k: number) => Batch = (k) => batch(k % 10)) => {
    const made = { count: 0 }
    function * source(): Generator<Batch> {
      for (;;) {
        made.count += 1
        yield next(made.count)
      }
    }
    return { made, source: from(source()) }
  }

  it('ends when enough was taken', async () => {
    const { made, source } = endless()
    const states = await lastValueFrom(source.pipe(train(noisy, { slice: Infinity }), take(50), toArray()))
    expect(states.map(({ step }) => step)).toEqual(states.map((_, i) => i + 1))
    expect(made.count).toBe(50)
  })

  it('is made to wait by learning once so many batches wait', async () => {
    const { made, source } = endless()
    let [learned, most] = [0, 0]
    const t = watched(noisy, () => {
      busy(3)
      most = Math.max(most, made.count - learned)
      learned += 1
    })
    const states = await lastValueFrom(source.pipe(train(t, { buffer: 5 }), take(20), map(({ step }) => step), toArray()))
    expect(states).toEqual(states.map((_, i) => i + 1))
    expect(most).toBeLessThanOrEqual(6)
    expect(most).toBeGreaterThan(1)
  })

  it('is made to wait by 2²⁴ numbers, however few batches they are', async () => {
    const large = batch(0, 2 ** 20)
    const { made, source } = endless(() => large)
    let [learned, most] = [0, 0]
    const tiny = {
      ...noisy,
      executable: () => ({
        fold: (state: TrainState) => {
          busy(5)
          most = Math.max(most, made.count - learned)
          learned += 1
          return { _tag: 'Right', right: { state: { ...state, step: state.step + 1 }, reports: [] } } as const
        }
      })
    }
    await lastValueFrom(source.pipe(train(tiny), take(8)))
    // Each has 3·2²⁰ numbers: five of them fit, the sixth does not.
    expect(most).toBe(6)
  })
})

describe('a step that costs nothing', () => {
  /** Steps that only count. */
  const instant: Trainer = {
    ...noisy,
    executable: () => ({
      fold: (state, batches) => {
        const reports = Array.from(batches, () => report)
        return E.right({ state: { ...state, step: state.step + reports.length }, reports })
      }
    })
  }
  const report: Report = { data: 0, penalties: {}, total: 0, hyper: {}, metrics: {}, probes: {} }
  const many = Array.from({ length: 20_000 }, () => batch(0))
  const runs: readonly (readonly [string, () => Observable<TrainState>])[] = [
    ['an operator', () => from(many).pipe(train(instant))],
    ['an operator that emits now and then', () => from(many).pipe(train(instant, { emit: 1_000 }))],
    ['an iterable', () => trainOn(instant, many)],
    ['an iterable of which the last state is emitted', () => trainOn(instant, many, { emit: Infinity })]
  ]
  it.each(runs)('is not made dear by %s', async (_, run) => {
    const took: number[] = []
    for (let i = 0; i < 3; i++) {
      const began = performance.now()
      expect((await lastValueFrom(run())).step).toBe(many.length)
      took.push((performance.now() - began) / many.length)
    }
    // 1 to 5 µs measured (Node 20, two cores busy with other things); what grows with the length of a run would take milliseconds.
    expect(Math.min(...took)).toBeLessThan(0.1)
  })
})

describe('the event loop', () => {
  afterEach(() => { vi.unstubAllGlobals() })

  it.each([
    ['setImmediate', []],
    ['a message', ['setImmediate']],
    ['a timer', ['setImmediate', 'MessageChannel']]
  ] as const)('has a turn by %s', async (_, missing) => {
    missing.forEach((name) => vi.stubGlobal(name, undefined))
    const order: string[] = []
    await new Promise<void>((resolve) => {
      eventLoop.later(() => {
        order.push('later')
        resolve()
      })
      void Promise.resolve().then(() => { order.push('a microtask') })
      order.push('now')
    })
    expect(order).toEqual(['now', 'a microtask', 'later'])
  })

  it('is left alone once a run has ended', async () => {
    let turns = 0
    const counting = { now: eventLoop.now, later: (work: () => void) => { turns += 1; eventLoop.later(work) } }
    await lastValueFrom(from(batchesUpTo(3)).pipe(train(noisy, { eventLoop: counting })))
    await turn()
    await turn()
    expect(turns).toBeLessThanOrEqual(1)
  })

  it('is left alone while nothing arrives', async () => {
    let turns = 0
    const counting = { now: eventLoop.now, later: (work: () => void) => { turns += 1; eventLoop.later(work) } }
    const never = trainOn(noisy, (async function * () {
      yield batch(0)
      await new Promise<never>(() => undefined)
    })(), { eventLoop: counting }).subscribe()
    for (let i = 0; i < 20; i++) await turn()
    never.unsubscribe()
    expect(turns).toBe(1)
  })
})
