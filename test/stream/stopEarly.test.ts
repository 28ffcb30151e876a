import { either as E } from 'fp-ts'
import { from, map, mergeMap, of, throwError } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import { stopEarly, train, type BadOptions } from 'tikhonov/stream'
import { evaluate, fold, start, type Judged, type TrainState, type Watch } from 'tikhonov/training'
import { batch, batchesUpTo, noisy, right, watched } from './fixture.js'

const losses: Readonly<Record<string, Judged<string>>> =
  Object.fromEntries('0123456789'.split('').map((digit) => [digit, { state: `s${digit}`, value: Number(digit) }]))
const show = ({ best, waited, stopped }: Watch<string>): string => `${best?.state ?? 'none'} ${waited}${stopped ? ' stopped' : ''}`

describe('stopEarly', () => {
  it('emits a watch for each judgement, and completes with the one that stops', () => {
    new TestScheduler((got, wanted) => { expect(got).toEqual(wanted) }).run(({ cold, expectObservable, expectSubscriptions }) => {
      const judged = cold('5-3-4-2-2-3-1-|', losses)
      expectObservable(judged.pipe(stopEarly({ patience: 2 }), map(show))).toBe('a-b-c-d-e-(f|)', {
        a: 's5 0', b: 's3 0', c: 's3 1', d: 's2 0', e: 's2 1', f: 's2 2 stopped'
      })
      expectSubscriptions(judged.subscriptions).toBe('^---------!')
      expectObservable(cold('3-2-|', losses).pipe(stopEarly({ patience: 2 }), map(show))).toBe('a-b-|', { a: 's3 0', b: 's2 0' })
    })
  })

  it('says what is wrong with its options before it subscribes to anything', () => {
    const ends: unknown[] = []
    throwError(() => 'subscribed').pipe(stopEarly({ patience: -1, minDelta: Number.NaN }))
      .subscribe({ error: (end: unknown) => { ends.push(end) } })
    expect((ends[0] as BadOptions).issues.map(({ path, found }) => `${path}: ${found}`)).toEqual(['patience: -1', 'minDelta: NaN'])
  })

  it('stops a run when what `evaluate` finds gets worse, and has the best state', () => {
    let taken = 0
    const t = watched(noisy, () => { taken += 1 })
    const validation = batch(100, 8)
    const watches: Watch<TrainState>[] = []
    from(batchesUpTo(400)).pipe(
      train(t, { emit: 4, slice: Infinity }),
      mergeMap((state) => {
        const found = evaluate(t)(state, validation)
        return E.isLeft(found) ? throwError(() => found.left) : of({ state, value: found.right.data })
      }),
      stopEarly({ patience: 3 })
    ).subscribe((watch) => { watches.push(watch) })
    const last = watches[watches.length - 1]
    expect(last.stopped).toBe(true)
    expect(taken).toBe(4 * watches.length)
    expect(taken).toBeLessThan(400)
    const states = watches.map((_, i) => right(fold(noisy)(start(noisy), batchesUpTo(4 * (i + 1)))).state)
    const values = states.map((state) => right(evaluate(t)(state, validation)).data)
    expect(last.best?.value).toBe(Math.min(...values))
    expect(last.best?.state).toEqual(states[values.indexOf(Math.min(...values))])
  })
})
