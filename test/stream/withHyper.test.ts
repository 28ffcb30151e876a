import { either as E } from 'fp-ts'
import { BehaviorSubject, from, map, NEVER, of, Subject, tap, throwError, type Observable } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import { train, trainWithReports, withHyper } from 'tikhonov/stream'
import { fold, start, type Batch, type Report, type TrainState } from 'tikhonov/training'
import { batch, batchesUpTo, noisy, right } from './fixture.js'

const slice = Infinity
const marbles = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((got, wanted) => { expect(got).toEqual(wanted) }).run(body)
}
const hypers = (batches: Observable<Batch>) => batches.pipe(map(({ hyper }) => JSON.stringify(hyper)))

describe('withHyper', () => {
  it('gives each batch the latest values, and waits for none', () => {
    marbles(({ hot, expectObservable }) => {
      const batches = hot('a-a-a-a-a-|', { a: batch(0) })
      const lambda = hot('-1-----2---', { 1: 0.1, 2: 0.2 })
      const rate = hot('---5-------', { 5: 0.5 })
      expectObservable(hypers(batches.pipe(withHyper({ lambda, rate })))).toBe('a-b-c-c-d-|', {
        a: '{}', b: '{"lambda":0.1}', c: '{"lambda":0.1,"rate":0.5}', d: '{"lambda":0.2,"rate":0.5}'
      })
    })
  })

  it('has values that are there from the first batch on, and keeps the last ones of what completes', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(hypers(cold('aa-a|', { a: batch(0) }).pipe(withHyper({ lambda: of(1, 2), rate: new BehaviorSubject(3) }))))
        .toBe('vv-v|', { v: '{"lambda":2,"rate":3}' })
    })
  })

  it('goes before what a batch has, and leaves the rest of it', () => {
    const seen: Batch[] = []
    const given = { ...batch(0), count: 1, hyper: { lambda: 1, rate: 2 } }
    of(given).pipe(withHyper({ lambda: of(0.5) })).subscribe((b) => { seen.push(b) })
    expect(seen).toEqual([{ ...given, hyper: { lambda: 0.5, rate: 2 } }])
    expect(given.hyper.lambda).toBe(1)
  })

  it('listens to the hyper-parameters as long as to the batches', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const lambda = hot<number>('-----------')
      expectObservable(cold('a--|', { a: batch(0) }).pipe(withHyper({ lambda }), map(() => 'a'))).toBe('a--|')
      expectSubscriptions(lambda.subscriptions).toBe('^--!')
    })
  })

  it('hands on an error of a hyper-parameter', () => {
    marbles(({ expectObservable }) => {
      expectObservable(NEVER.pipe(withHyper({ lambda: throwError(() => 'lost') }))).toBe('#', undefined, 'lost')
    })
  })
})

describe('a run tuned by hand', () => {
  /** A run whose λ and learning rate change between batches, with the batches as they were learned from. */
  const tuned = () => {
    const [batches, lambda, rate] = [new Subject<Batch>(), new Subject<number>(), new BehaviorSubject(0.05)]
    const recorded: Batch[] = []
    const reports: Report[] = []
    const states: TrainState[] = []
    batches.pipe(withHyper({ lambda, rate }), tap((b) => { recorded.push(b) }), trainWithReports(noisy, { slice }))
      .subscribe(({ state, reports: some }) => {
        states.push(state)
        reports.push(...some)
      })
    batchesUpTo(12).forEach((b, i) => {
      if (i === 3) lambda.next(0.5)
      if (i === 5) rate.next(0.01)
      if (i === 9) lambda.next(0)
      batches.next(b)
    })
    return { recorded, reports, states }
  }

  it('reports the values that each step used: the default where nothing was said', () => {
    expect(tuned().reports.map(({ hyper }) => [hyper.lambda, hyper.rate])).toEqual([
      ...Array.from({ length: 3 }, () => [0.01, 0.05]), ...Array.from({ length: 2 }, () => [0.5, 0.05]),
      ...Array.from({ length: 4 }, () => [0.5, 0.01]), ...Array.from({ length: 3 }, () => [0, 0.01])
    ])
  })

  it('is replayed by its recorded batches, bit for bit', () => {
    const { recorded, reports, states } = tuned()
    expect(fold(noisy)(start(noisy), recorded)).toEqual(E.right({ state: states[states.length - 1], reports }))
    const replayed: TrainState[] = []
    from(recorded).pipe(train(noisy, { slice })).subscribe((state) => { replayed.push(state) })
    expect(replayed).toEqual(states)
  })

  it('took another way than one that was left alone', () => {
    const { states } = tuned()
    const { state } = right(fold(noisy)(start(noisy), batchesUpTo(12)))
    expect(states[2].values).toEqual(right(fold(noisy)(start(noisy), batchesUpTo(3))).state.values)
    expect(states[11].values).not.toEqual(state.values)
  })

  it('ends at a value out of its range, which the error names', () => {
    const ends: unknown[] = []
    from(batchesUpTo(3)).pipe(withHyper({ lambda: of(1.5) }), train(noisy, { slice }))
      .subscribe({ error: (end: unknown) => { ends.push(end) } })
    expect(ends).toEqual([{
      _tag: 'BadBatch', state: start(noisy),
      issues: [{ _tag: 'Issue', path: 'batch/hyper/lambda', found: '1.5', allowed: 'a number, 0 ≤ lambda ≤ 1' }]
    }])
  })
})
