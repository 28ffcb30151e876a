import { describe, expect, it } from 'vitest'
import { trials } from '../../src/engine/wasm/trial.js'

/** How many of so many runs of a kernel are shared, where a run takes so many ms shared and alone. */
const sharedOf = (on: ReturnType<typeof trials>, runs: number, together: number, alone: number, kernel = 0): number =>
  Array.from({ length: runs }, () => {
    const shared = on.shares(kernel)
    if (on.timed(kernel)) on.took(kernel, shared, shared ? together : alone)
    return shared
  }).filter(Boolean).length

describe('sharing is kept where it pays', () => {
  it('is shared from the beginning, and while it is faster: less than a hundredth of the runs are spent on trials', () => {
    const on = trials(1)
    expect(sharedOf(on, 64, 1, 2)).toBe(64)
    expect(sharedOf(on, 10_000, 1, 2)).toBeGreaterThan(9900)
  })

  it('ends where it is slower, with one run of thirty for trials, and comes back when it is faster again', () => {
    const on = trials(1)
    expect(sharedOf(on, 10_000, 2, 1)).toBeLessThan(64 + 10_000 / 30)
    expect(sharedOf(on, 40_000, 1, 2)).toBeGreaterThan(20_000)
  })

  it('of long runs none goes on for many without a trial', () => {
    const on = trials(1)
    sharedOf(on, 10_000, 100, 200)
    expect(sharedOf(on, 1000, 200, 100)).toBeLessThan(600)
  })

  it('a run in which the machine was elsewhere does not end it, whichever it is', () => {
    for (const [at, together, alone] of [[65, 1, 2], [66, 1, 2], [65, 2, 1], [66, 2, 1]]) {
      const on = trials(1)
      const usual = sharedOf(on, at, together, alone)
      expect(sharedOf(on, 1, 1000, 1000)).toBeLessThan(2)
      expect(usual).toBeGreaterThan(63)
      sharedOf(on, 96 - at - 1, together, alone)
      expect(sharedOf(on, 100, together, alone)).toBe(together < alone ? 100 : 0)
    }
  })

  it('each kernel has trials of its own', () => {
    const on = trials(2)
    sharedOf(on, 1000, 1, 2, 0)
    sharedOf(on, 1000, 2, 1, 1)
    expect([sharedOf(on, 100, 1, 2, 0), sharedOf(on, 100, 2, 1, 1)]).toEqual([100, 0])
  })
})
