import { from, map, Subject, take, throwError, toArray, type Observable } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import { showIssue } from 'tikhonov/layer'
import { train, trainOn, trainWithReports, type BadOptions, type StreamError, type TrainOptions } from 'tikhonov/stream'
import { tensor } from 'tikhonov/tensor'
import { fold, start, type BadBatch, type Batch, type TrainState } from 'tikhonov/training'
import { batch, batchesUpTo, left, noisy, right, virtual, watched } from './fixture.js'
import { record } from './record.js'

/** Batches by their letter; x has a NaN. */
const letters: Readonly<Record<string, Batch>> = {
  ...Object.fromEntries('abcdefghij'.split('').map((letter, k) => [letter, batch(k)])),
  x: { ...batch(0), x: tensor([[1, Number.NaN], [1, 2]]) }
}

interface Stage {
  /** The numbers of the steps of the states that come out of batches like these. */
  readonly steps: (source: string | Observable<Batch>, options?: TrainOptions) => Observable<string>
  readonly cold: (source: string) => Observable<Batch>
  readonly expected: TestScheduler['expectObservable']
}

/** A marble test in which each step takes `cost` milliseconds; says how many steps were taken, whatever came out. */
const stage = (cost: number, play: (stage: Stage) => void): number => {
  let taken = 0
  const scheduler = new TestScheduler((got, wanted) => { expect(got).toEqual(wanted) })
  scheduler.run((tools) => {
    const cold = (source: string) => tools.cold(source, letters)
    play({
      cold,
      steps: (source, options = {}) => {
        const eventLoop = virtual(scheduler)
        const t = watched(noisy, () => {
          taken += 1
          eventLoop.work(cost)
        })
        return (typeof source === 'string' ? cold(source) : source)
          .pipe(train(t, { eventLoop, ...options }), map(({ step }) => String(step)))
      },
      expected: tools.expectObservable
    })
  })
  return taken
}

const folded = (batches: readonly Batch[], seed = 0) => right(fold(noisy)(start(noisy, seed), batches))

/** What is no batch, whatever its type says. */
const missing: unknown = undefined

/** Whatever the machine does, all is learned at once. */
const slice = Infinity

describe('train', () => {
  it('learns from each batch when it is here, and emits the state after it', () => {
    stage(0, ({ steps, expected }) => { expected(steps('a--b-(cd)--|')).toBe('1--2-(34)--|') })
  })

  it('emits the states of fold, bit for bit', () => {
    const subject = new Subject<Batch>()
    const states: TrainState[] = []
    subject.pipe(train(noisy, { from: 7, slice })).subscribe((state) => { states.push(state) })
    batchesUpTo(6).forEach((b, i) => {
      subject.next(b)
      expect(states[i]).toEqual(folded(batchesUpTo(i + 1), 7).state)
    })
  })

  it('emits the state after every so many steps, and the last one in any case', () => {
    stage(0, ({ steps, expected }) => {
      expected(steps('a-b-c-d-e-|', { emit: 2 })).toBe('--2---4---(5|)')
      expected(steps('a-b-c-d-|', { emit: 2 })).toBe('--2---4-|')
      expected(steps('a-b-c-|', { emit: Infinity })).toBe('------(3|)')
    })
  })

  it('counts by the state, so that a resumed run emits what an uninterrupted one would', () => {
    const { state } = folded(batchesUpTo(3))
    stage(0, ({ steps, expected }) => { expected(steps('d-e-f-|', { emit: 2, from: state })).toBe('4---6-|') })
  })

  it('emits one state a turn of the event loop when told so', () => {
    stage(1, ({ steps, expected }) => { expected(steps('(abc)-----(de)-----|', { emit: 'turn' })).toBe('---3--------5------|') })
  })

  it('learns for a slice at a time, then gives the event loop a turn while the rest waits', () => {
    stage(10, ({ steps, expected }) => {
      expected(steps('(abcdefgh) 190ms |', { slice: 30 })).toBe('(123) 25ms (456) 25ms (78) 136ms |')
    })
  })

  it('emits at the same cadence whatever the slice', () => {
    stage(10, ({ steps, expected }) => {
      expected(steps('(abcdefgh) 190ms |', { slice: 30, emit: 4 })).toBe('30ms 4 29ms 8 139ms |')
    })
  })

  it('finishes what waits before it completes', () => {
    stage(10, ({ steps, expected }) => { expected(steps('(abcde|)', { slice: 20 })).toBe('(12) 16ms (34) 16ms (5|)') })
  })

  it('folds while the source pushes once more waits than may', () => {
    stage(10, ({ steps, expected }) => {
      expected(steps('(abcdefgh) 190ms |', { slice: 20, buffer: 3 })).toBe('(12345) 43ms (67) 16ms 8 129ms |')
    })
  })

  it('emits the state it began with where nothing comes', () => {
    const { state } = folded(batchesUpTo(3))
    stage(0, ({ steps, expected }) => {
      expected(steps('---|')).toBe('---(0|)')
      expected(steps('---|', { from: state })).toBe('---(3|)')
    })
  })

  it('ends with a batch that does not fit, after the last good state, which the error carries', () => {
    stage(0, ({ cold, steps, expected }) => {
      const error = left(fold(noisy)(start(noisy), [letters.a, letters.b, letters.x]))
      expected(steps('a-b-x-c-|')).toBe('1-2-#', undefined, error)
      expected(steps('a-b-x-c-|', { emit: Infinity })).toBe('----(2#)', undefined, error)
      expected(steps(cold('-x-c-|'))).toBe('-(0#)', undefined, left(fold(noisy)(start(noisy), [letters.x])))
    })
  })

  it('ends with what is no batch as with one that does not fit, and says what is missing', () => {
    const { x, y } = letters.c
    const kinds: Readonly<Record<string, readonly [given: unknown, issues: readonly string[]]>> = {
      u: [undefined, ['batch: found undefined, allowed: a batch, { x, y }']],
      n: [null, ['batch: found null, allowed: a batch, { x, y }']],
      s: ['text', ['batch: found a string, allowed: a batch, { x, y }']],
      o: [{}, ['x', 'y'].map((path) => `batch/${path}: found undefined, allowed: a tensor, its data a typed array`)],
      l: [{ x: [[1, 2]], y }, ['batch/x: found an array, allowed: a tensor, its data a typed array']],
      y: [{ x }, ['batch/y: found undefined, allowed: a tensor, its data a typed array']],
      d: [{ x, y: { ...y, data: [1, 2] } }, ['batch/y: found another object, allowed: a tensor, its data a typed array']]
    }
    for (const [given, wanted] of Object.values(kinds)) {
      for (const emit of [1, Infinity]) {
        const run = from([letters.a, letters.b, given as Batch, letters.c]).pipe(train(noisy, { emit, slice }))
        const { values, end } = record(run)
        const { state } = folded([letters.a, letters.b])
        expect(values[values.length - 1]).toEqual(state)
        expect(end).toMatchObject({ _tag: 'BadBatch', state })
        expect((end as BadBatch).issues.map(showIssue)).toEqual(wanted)
      }
    }
  })

  it('does so whether it learns at once or lets it wait, and also where it is all that comes', () => {
    stage(10, ({ cold, steps, expected }) => {
      const given = (source: string) => cold(source).pipe(map((b) => (b === letters.x ? missing as Batch : b)))
      const error = (batches: readonly Batch[]) => ({
        _tag: 'BadBatch', state: folded(batches).state,
        issues: [{ _tag: 'Issue', path: 'batch', found: 'undefined', allowed: 'a batch, { x, y }' }]
      })
      expected(steps(given('(abxc)'), { slice: 30 })).toBe('(12#)', undefined, error([letters.a, letters.b]))
      expected(steps(given('(abxc)'), { slice: 10 })).toBe('1 9ms 2 9ms #', undefined, error([letters.a, letters.b]))
      expected(steps(given('(xc)'))).toBe('(0#)', undefined, error([]))
      expected(steps(given('-x|'))).toBe('-(0#)', undefined, error([]))
    })
  })

  it('hands on an error of the source after what the source pushed before it', () => {
    stage(10, ({ steps, expected }) => {
      expected(steps('(abc#)', { slice: 10 })).toBe('1 9ms 2 9ms (3#)')
      expected(steps('a--#', { emit: 5 })).toBe('---(1#)')
    })
  })

  it('stops at once when it is unsubscribed from, also with batches waiting', () => {
    const taken = stage(10, ({ steps, expected }) => {
      expected(steps('(abcdefgh) 190ms |', { slice: 30 }), '^ 34ms !').toBe('(123) 25ms (456)')
    })
    expect(taken).toBe(6)
  })

  it('stops at once when enough was taken, within a slice and within a group of steps', () => {
    const taken = stage(0, ({ steps, expected }) => { expected(steps('(abcdefgh)--|').pipe(take(3))).toBe('(123|)') })
    expect(taken).toBe(3)
  })

  it('stops its source when it stops', () => {
    new TestScheduler((got, wanted) => { expect(got).toEqual(wanted) }).run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-b-c-d-|', letters)
      expectObservable(source.pipe(train(noisy, { slice }), map(({ step }) => String(step)), take(2))).toBe('1-(2|)')
      expectSubscriptions(source.subscriptions).toBe('^-!')
      const bad = cold('a-x-c-d-|', letters)
      const error = left(fold(noisy)(start(noisy), [letters.a, letters.x]))
      expectObservable(bad.pipe(train(noisy, { slice }), map(() => 's'))).toBe('s-#', undefined, error)
      expectSubscriptions(bad.subscriptions).toBe('^-!')
    })
  })

  it('is a run of its own for each subscriber', () => {
    const stream = from(batchesUpTo(4)).pipe(train(noisy, { from: 3, slice }), toArray())
    const [first, second] = [record(stream), record(stream)]
    expect(first).toEqual(second)
    expect(first.values[0]).toHaveLength(4)
  })

  it('takes what is pushed by who listens to it', () => {
    const subject = new Subject<Batch>()
    const seen: number[] = []
    subject.pipe(train(noisy, { slice })).subscribe(({ step }) => {
      seen.push(step)
      if (step < 5) subject.next(batch(step))
    })
    subject.next(batch(0))
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })

  it('hands on what a part throws as an error, after the last good state', () => {
    const broken = watched(noisy, (() => {
      let steps = 0
      return () => {
        if (++steps === 3) throw new TypeError('not written yet')
      }
    })())
    const { values, end } = record(from(batchesUpTo(5)).pipe(train(broken, { emit: Infinity, slice })))
    expect(values.map(({ step }) => step)).toEqual([2])
    expect(end).toEqual(new TypeError('not written yet'))
  })

  it('says everything that is wrong with its options before it subscribes to anything', () => {
    const wrong = (options: TrainOptions): unknown => record(throwError(() => 'subscribed').pipe(train(noisy, options))).end
    const paths = (options: TrainOptions): readonly string[] => {
      const error = wrong(options) as StreamError
      return error._tag === 'BadOptions' ? error.issues.map(({ path, found }) => `${path}: ${found}`) : [error._tag]
    }
    expect(paths({ from: -1, emit: 0, slice: 0, buffer: 0.5 })).toEqual(['from: -1', 'emit: 0', 'slice: 0', 'buffer: 0.5'])
    expect(paths({ emit: Number.NaN, slice: Number.NaN })).toEqual(['emit: NaN', 'slice: NaN'])
    expect(paths({ emit: 2.5 })).toEqual(['emit: 2.5'])
    expect(paths({ from: { ...start(noisy), values: new Float64Array(3) } })).toEqual([expect.stringMatching(/^from\/.*: .*3/)])
    const loaded: unknown = null
    expect(paths({ from: loaded as TrainState })).toEqual(['from: null'])
    expect(wrong({})).toBe('subscribed')
  })
})

describe('a state to go on from', () => {
  const first = start(noisy, 1)
  const wrong: readonly (readonly [what: string, part: string, value: unknown])[] = [
    ...[Number.NaN, undefined, null, '3', -1, 0.5, 2 ** 53].map((value) => [String(value), 'step', value] as const),
    ...[Number.NaN, undefined, 'x', -1, 0.5].map((value) => [String(value), 'cursor', value] as const),
    ...[Number.NaN, undefined, '1', -1, -1.5, 2 ** 32].map((value) => [String(value), 'seed', value] as const),
    ['undefined', 'values', undefined],
    ['a list', 'values', [...first.values]],
    ['what JSON makes of a block', 'values', JSON.parse(JSON.stringify(first.values))],
    ['of another size', 'values', new Float64Array(3)]
  ]
  const ways: readonly (readonly [string, (state: TrainState) => Observable<unknown>])[] = [
    ['train', (state) => from(batchesUpTo(3)).pipe(train(noisy, { from: state, slice }))],
    ['trainOn', (state) => trainOn(noisy, batchesUpTo(3), { from: state, slice })]
  ]

  it.each(wrong)('with %s for its %s is a BadOptions, before anything is learned', (_, part, value) => {
    for (const [, run] of ways) {
      const { values, end } = record(run({ ...first, [part]: value }))
      expect(values).toEqual([])
      expect(end).toMatchObject({ _tag: 'BadOptions' })
      const { issues } = end as BadOptions
      expect(issues.every(({ path }) => path.startsWith('from/'))).toBe(true)
      expect(issues.map(showIssue)).toEqual([expect.stringMatching(part === 'values' ? /values|state/ : part)])
    }
  })

  it('has all that is wrong with it said at once', () => {
    for (const [, run] of ways) {
      const { end } = record(run({ ...first, step: Number.NaN, cursor: -1, seed: 0.5 }))
      const said = (end as BadOptions).issues.map(showIssue)
      expect(said).toHaveLength(3)
      for (const part of ['step', 'cursor', 'seed']) expect(said).toContainEqual(expect.stringContaining(part))
    }
  })
})

describe('trainWithReports', () => {
  it('has the report of every step at any cadence', () => {
    const { reports } = folded(batchesUpTo(10))
    for (const emit of [1, 3, Infinity, 'turn'] as const) {
      const { values } = record(from(batchesUpTo(10)).pipe(trainWithReports(noisy, { emit, slice })))
      expect(values.flatMap((folded) => folded.reports)).toEqual(reports)
      for (const { state, reports: some } of values) expect(state.report).toBe(some[some.length - 1])
    }
  })

  it('has those of the steps before an error too', () => {
    const { reports } = folded([letters.a, letters.b])
    const { values } = record(from([letters.a, letters.b, letters.x]).pipe(trainWithReports(noisy, { emit: 5, slice })))
    expect(values.flatMap((folded) => folded.reports)).toEqual(reports)
  })
})
