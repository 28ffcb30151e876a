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

  it('ends where it is slower, and comes back when it is faster again', () => {
    const on = trials(1)
    expect(sharedOf(on, 10_000, 2, 1)).toBeLessThan(64 + 100)
    expect(sharedOf(on, 40_000, 1, 2)).toBeGreaterThan(20_000)
  })

  it('of long runs none goes on for many without a trial', () => {
    const on = trials(1)
    sharedOf(on, 10_000, 100, 200)
    expect(sharedOf(on, 1000, 200, 100)).toBeLessThan(600)
  })

  it('each kernel has trials of its own', () => {
    const on = trials(2)
    sharedOf(on, 1000, 1, 2, 0)
    sharedOf(on, 1000, 2, 1, 1)
    expect([sharedOf(on, 100, 1, 2, 0), sharedOf(on, 100, 2, 1, 1)]).toEqual([100, 0])
  })
})
