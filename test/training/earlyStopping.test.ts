import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { earlyStopping, unwatched, type EarlyStoppingOptions, type Watch } from 'tikhonov/training'

/** The watches after each value; a state is the number of its judgement. */
const watches = (options: EarlyStoppingOptions, values: readonly number[]): readonly Watch<number>[] => {
  const made = earlyStopping(options)
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  const after = (all: readonly Watch<number>[], value: number, state: number) => [...all, made.right(all[all.length - 1], { state, value })]
  return values.reduce<readonly Watch<number>[]>(after, [unwatched]).slice(1)
}
const last = (options: EarlyStoppingOptions, values: readonly number[]): Watch<number> => watches(options, values)[values.length - 1]

describe('early stopping', () => {
  it('keeps the best state, and stops after so many judgements without a better one', () => {
    expect(watches({ patience: 2 }, [3, 1, 2, 2, 0])).toEqual([
      { best: { state: 0, value: 3 }, waited: 0, stopped: false },
      { best: { state: 1, value: 1 }, waited: 0, stopped: false },
      { best: { state: 1, value: 1 }, waited: 1, stopped: false },
      { best: { state: 1, value: 1 }, waited: 2, stopped: true },
      { best: { state: 1, value: 1 }, waited: 2, stopped: true }
    ])
  })

  it('keeps the largest where large is good', () => {
    expect(last({ patience: 2, mode: 'max' }, [1, 3, 2])).toEqual({ best: { state: 1, value: 3 }, waited: 1, stopped: false })
  })

  it('takes the earliest of equals', () => { expect(last({ patience: 5 }, [2, 1, 1, 1]).best).toEqual({ state: 1, value: 1 }) })

  it('takes as better only what is so by more than minDelta', () => {
    expect(last({ patience: 3, minDelta: 1 }, [5, 4, 3.5])).toEqual({ best: { state: 2, value: 3.5 }, waited: 0, stopped: false })
    expect(last({ patience: 3, minDelta: 1 }, [5, 4, 4.5])).toEqual({ best: { state: 0, value: 5 }, waited: 2, stopped: false })
    expect(last({ patience: 3, minDelta: 1, mode: 'max' }, [5, 6, 6.5])).toMatchObject({ best: { state: 2, value: 6.5 }, waited: 0 })
  })

  it('never takes NaN for good, but an infinite loss for a first one', () => {
    expect(last({ patience: 3 }, [NaN, 2, NaN])).toEqual({ best: { state: 1, value: 2 }, waited: 1, stopped: false })
    expect(last({ patience: 2 }, [NaN, NaN])).toEqual({ waited: 2, stopped: true })
    expect(last({ patience: 2 }, [Infinity, 7])).toEqual({ best: { state: 1, value: 7 }, waited: 0, stopped: false })
  })

  it.each([0, 1])('stops at the first that is not better with patience %d', (patience) => {
    expect(watches({ patience }, [2, 1, 1]).map(({ stopped }) => stopped)).toEqual([false, false, true])
  })

  it('has the least value of all up to where it stopped, and has stopped after the first so many that were not better', () => {
    const losses = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 })
    fc.assert(fc.property(losses, fc.integer({ min: 1, max: 4 }), (values, patience) => {
      const all = watches({ patience }, values)
      const end = all.findIndex(({ stopped }) => stopped)
      const seen = end < 0 ? values : values.slice(0, end + 1)
      const least = Math.min(...seen)
      expect(all[values.length - 1].best).toEqual({ state: seen.indexOf(least), value: least })
      expect(end < 0 || seen.length - 1 - seen.indexOf(least) === patience).toBe(true)
    }))
  })

  it('changes nothing that it is given', () => {
    const made = earlyStopping({ patience: 1 })
    const before = Object.freeze<Watch<string>>({ best: { state: 'a', value: 1 }, waited: 0, stopped: false })
    expect(E.isRight(made) && made.right(before, { state: 'b', value: 0 }))
      .toEqual({ best: { state: 'b', value: 0 }, waited: 0, stopped: false })
    expect(before).toEqual({ best: { state: 'a', value: 1 }, waited: 0, stopped: false })
  })

  it('refuses options out of range, all of them together', () => {
    const found = earlyStopping({ patience: 1.5, minDelta: -1 })
    expect(E.isLeft(found) && found.left.map(({ path, found: was, allowed }) => `${path}: ${was} (${allowed})`)).toEqual([
      'patience: 1.5 (a whole number ≥ 0)', 'minDelta: -1 (a number, 0 ≤ minDelta)'
    ])
  })
})
