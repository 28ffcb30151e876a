import { either as E } from 'fp-ts'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { expect, it } from 'vitest'
import { sweepOver } from 'tikhonov/stream'
import { grid, sweep } from 'tikhonov/training'
import lasso from './jobs/lasso.js'

const inline = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(`export default ${source}`)}`)
const pause = (ms: number) => new Promise((done) => { setTimeout(done, ms) })

it('over threads finds the bits that are found here, by a job in TypeScript, on common random numbers', async () => {
  const settings = grid({ rate: [0, 0.5], lambda: [0.01, 0.3], seed: [7] })
  const swept = sweepOver<typeof lasso>(new URL('./jobs/lasso.mjs', import.meta.url), settings, {
    workers: 2, execArgv: ['--conditions', 'tikhonov-source']
  })
  const found = await lastValueFrom(swept.pipe(toArray()))
  expect([...found].sort((a, b) => a.index - b.index).map(({ setting, result }) => ({ setting, result })))
    .toEqual([...sweep(lasso)(settings)].map(({ setting, result }) => ({ setting, result })))
  expect(found.map(({ done, of }) => [done, of])).toEqual([[1, 4], [2, 4], [3, 4], [4, 4]])
})

it('goes on where a job throws, a thread is lost, or something cannot be sent', async () => {
  const job = inline(`(x) => {
    if (x === 1) throw new TypeError('not one')
    if (x === 2) process.exit(3)
    return x === 3 ? () => x : x
  }`)
  const settings: readonly unknown[] = [0, 1, 2, 3, 4, () => 5, 6]
  const found = await lastValueFrom(sweepOver<(x: unknown) => unknown>(job, settings, { workers: 1 }).pipe(toArray()))
  expect(found.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(found.map(({ result }) => (E.isRight(result) ? result.right : result.left._tag)))
    .toEqual([0, 'JobFailed', 'WorkerLost', 'JobFailed', 4, 'JobFailed', 6])
  const missing = await firstValueFrom(sweepOver<() => void>(new URL('file:///nowhere.js'), [undefined as never]))
  expect(E.isLeft(missing.result) ? missing.result.left : undefined)
    .toMatchObject({ _tag: 'JobFailed', message: expect.stringContaining('nowhere.js') as string })
})

it('hears the answers of its jobs alone, whatever else these send, and when', async () => {
  const job = new URL(`data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', (heard) => { parentPort.postMessage(heard) })
    export default async (x) => {
      const said = ['progress', undefined, null, { _tag: 'Right', right: -1 }, { _tag: 'tikhonov/answer' }]
      said.forEach((each) => { parentPort.postMessage(each) })
      await new Promise((done) => { setTimeout(done, 5) })
      setImmediate(() => { parentPort.postMessage('afterwards') })
      if (x === 3) throw new RangeError('not three')
      return x * x
    }`)}`)
  const swept = sweepOver<(x: number) => Promise<number>>(job, [1, 2, 3, 4, 5], { workers: 1 })
  expect((await lastValueFrom(swept.pipe(toArray()))).map(({ index, setting, result }) => [index, setting, E.toUnion(result)])).toEqual([
    [0, 1, 1], [1, 2, 4], [2, 3, { _tag: 'JobFailed', message: 'not three' }], [3, 4, 16], [4, 5, 25]
  ])
})

it('ends its threads when nobody listens any more, in the midst of their jobs', async () => {
  const ticks = new Int32Array(new SharedArrayBuffer(4))
  const job = inline('(ticks) => new Promise(() => { setInterval(() => { Atomics.add(ticks, 0, 1) }, 1) })')
  const subscription = sweepOver<(ticks: Int32Array) => void>(job, [ticks, ticks, ticks], { workers: 2 }).subscribe()
  while (Atomics.load(ticks, 0) < 3) await pause(1)
  subscription.unsubscribe()
  await pause(100)
  const after = Atomics.load(ticks, 0)
  await pause(50)
  expect(Atomics.load(ticks, 0)).toBe(after)
})

it('of nothing is done at once, and says what is wrong with its options', async () => {
  expect(await lastValueFrom(sweepOver<() => void>(inline('() => 1'), []).pipe(toArray()))).toEqual([])
  await expect(firstValueFrom(sweepOver<(x: number) => number>(inline('(x) => x'), [1], { workers: 0 })))
    .rejects.toMatchObject({ _tag: 'BadOptions', issues: [{ path: 'workers', found: '0' }] })
})
