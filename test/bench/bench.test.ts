/** The benchmark measures what it says: time by its rule, the networks of its table; an engine that skips work or leaks is found out. */
import { either as E } from 'fp-ts'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { reference, type Engine, type Executable, type Folded } from 'tikhonov/engine'
import { describe, expect, it } from 'vitest'
import { examplesOf, guessed, quality } from './data.js'
import { plain, running } from './engines.js'
import { flagsOf } from './flags.js'
import { trainerOf } from './network.js'
import { batchesOf, sessionOf } from './session.js'
import { quantile, timed } from './timing.js'
import { verify } from './verify.js'
import { batchesInACycle, workloadNamed, workloads, type Workload } from './workloads.js'

/** A clock that moves only as the calls it times say. */
const simulated = (cost: (batches: number, call: number) => number) => {
  const calls: number[] = []
  let now = 0
  return {
    calls,
    clock: () => now,
    call: (batches: number) => {
      now += cost(batches, calls.length)
      calls.push(batches)
    }
  }
}

describe('timing', () => {
  it('takes quantiles between the nearest samples', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([0, 10], 0.1)).toBe(1)
  })

  it('divides blocks of at least 2 ms by their steps', () => {
    const { call, clock, calls } = simulated((batches) => batches * 0.0078125)
    const { median, p10, p90, steps, blocks } = timed(call, { cadence: 1, seconds: 1, warmUpSeconds: 0.5, clock })
    expect([median, p10, p90]).toEqual([0.0078125, 0.0078125, 0.0078125])
    expect(steps / blocks).toBe(256)
    // Warm-up and timed seconds, to a block.
    expect(calls.length * 0.0078125).toBeGreaterThanOrEqual(1500)
    expect(calls.length * 0.0078125).toBeLessThan(1503)
  })

  it('warms up by calls that double up to the cadence, and then calls at the cadence only', () => {
    const { call, clock, calls } = simulated((batches) => batches)
    timed(call, { cadence: 100, seconds: 1, warmUpSeconds: 0.3, clock })
    expect(calls.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100])
    expect(calls.slice(9).every((n) => n === 100)).toBe(true)
    expect(calls.slice(9)).toHaveLength(10)
  })

  it('waits for ten blocks of slow calls, but no longer than four times the seconds', () => {
    const slow = simulated((batches) => batches * 500)
    expect(timed(slow.call, { cadence: 1, seconds: 2, clock: slow.clock }).blocks).toBe(10)
    const slower = simulated((batches) => batches * 5000)
    expect(timed(slower.call, { cadence: 1, seconds: 2, clock: slower.clock }).blocks).toBe(2)
  })

  it('tells slow blocks from the median', () => {
    const { call, clock } = simulated((_, n) => (n % 5 === 0 ? 40 : 10))
    const { median, p90 } = timed(call, { cadence: 1, seconds: 1, clock })
    expect([median, p90]).toEqual([10, 40])
  })
})

describe('the workloads', () => {
  it('have the parameters of the table', () => {
    expect(workloads.map((w) => w.parameters)).toEqual([5521, 5521, 2001, 669_706, 80_202, 20_801])
    for (const w of workloads) expect(trainerOf(w, reference()).model.output).toEqual([w.outputs])
    const online = workloadNamed('online')
    expect(() => trainerOf({ ...online, parameters: online.parameters + 1 }, reference())).toThrow('has 5521 parameters, not 5522')
  })

  it('have inputs of mean 0 and variance 1, and labels that no constant guess gets right', () => {
    for (const workload of workloads) {
      const batches = examplesOf(workload)
      expect(batches).toHaveLength(batchesInACycle)
      const x = batches.flatMap((b) => [...b.x])
      const mean = x.reduce((a, b) => a + b, 0) / x.length
      const variance = x.reduce((a, b) => a + b * b, 0) / x.length - mean ** 2
      // Six standard errors: one seed in 10⁹ would fail.
      expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(x.length))
      expect(Math.abs(variance - 1)).toBeLessThan(6 * Math.sqrt(2 / x.length))
      expect(guessed(workload, batches.map((b) => b.y))).toBeLessThan(0.8)
      for (const { y } of batches) expect(quality(workload, y, y)).toBe(1)
    }
  })

  it('count right predictions of one output and of several, and of a regression what is explained', () => {
    const [two, many] = [{ loss: 'binaryCrossEntropy', outputs: 1 }, { loss: 'categoricalCrossEntropy', outputs: 3 }] as const
    const real = { loss: 'mse', outputs: 1 } as const
    expect(quality(two, [0.6, 0.6, 0.4, Number.NaN], [1, 0, 0, 1])).toBe(0.5)
    expect(quality(many, [0.1, 0.2, 0.7, 0.5, 0.3, 0.2], [0, 0, 1, 0, 1, 0])).toBe(0.5)
    expect(guessed(many, [[0, 0, 1, 0, 1, 0], [0, 0, 1, 0, 0, 1]])).toBe(0.75)
    expect(guessed(two, [[0, 1, 0, 0]])).toBe(0.75)
    expect([quality(real, [1, -1], [2, -2]), quality(real, [0, 0], [2, -2]), guessed(real, [[2, -2]])]).toEqual([0.75, 0, 0])
  })

  it('teach a regression in units of its own spread', () => {
    const y = examplesOf(workloadNamed('lstm')).flatMap((b) => [...b.y])
    // 512 squares of normals: mean 1, standard error √(2/512).
    expect(Math.abs(y.reduce((sum, v) => sum + v * v, 0) / y.length - 1)).toBeLessThan(6 * Math.sqrt(2 / y.length))
  })
})

describe('the command line', () => {
  it('says what it does not understand', () => {
    expect(() => flagsOf(['--workload', 'minst'])).toThrow("no workload 'minst'. There are online, sonar, moons, mnist-mlp, lenet, lstm.")
    expect(() => flagsOf(['--emit', '7'])).toThrow('--emit 7: one of step, 100, epoch')
    expect(() => flagsOf(['--threads', '3'])).toThrow('--threads 3: one of 1, 2, auto')
    expect(() => flagsOf(['--seconds', '0'])).toThrow('--seconds 0: a number above 0')
    expect(() => flagsOf(['--quick'])).toThrow('--quick')
  })

  it('says what ran where that is not what was asked', () => {
    const { threads, relaxed, notes } = running({ engine: 'reference', threads: 2, relaxed: true })
    expect([threads, relaxed]).toEqual([1, false])
    expect(notes).toHaveLength(2)
    expect(running({ engine: 'reference', threads: 'auto', relaxed: false }).notes).toEqual([])
  })

  it('prints one object a line, with the fields that targets are read from', () => {
    const program = fileURLToPath(new URL('bench.ts', import.meta.url))
    const { stdout, stderr, status } = spawnSync(process.execPath, [
      '--import', 'tsx', '-C', 'tikhonov-source', program, '--json', '--workload', 'online', '--seconds', '0.2'
    ], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    const line: unknown = JSON.parse(stdout)
    const positive: unknown = expect.toSatisfy((x) => typeof x === 'number' && x > 0)
    expect(line).toStrictEqual({
      workload: 'online', engine: 'wasm', threads: positive, relaxed: false, emit: 'every-100',
      median_ms: positive, p10_ms: positive, p90_ms: positive, samples_per_s: positive, compile_ms: positive, steps: positive,
      loss_first: positive, loss_last: positive, rss_mb: positive, gemm_gflops: positive
    })
  })
})

/** An engine whose every compiled step is another's, altered. */
const altered = (alter: (executable: Executable) => Executable): Engine => {
  const engine = plain('wasm')
  return { ...engine, compile: (program) => alter(engine.compile(program)) }
}

describe('what is timed', () => {
  const online = workloadNamed('online')

  it('trains', () => {
    const session = sessionOf(trainerOf(online, plain('wasm')), batchesOf(online))
    for (let i = 0; i < 20; i++) session.advance(100)
    expect(session.state().step).toBe(2000)
    expect(session.lastLoss()).toBeLessThan(session.firstLoss() / 2)
  })

  it('agrees with the reference engine, and what skips work does not', () => {
    const batches = batchesOf(online)
    expect(verify(online, plain('wasm'), batches)).toMatchObject({ steps: 20, jumps: 0, atOnce: true, holds: true })
    const skips = altered(({ fold }) => ({
      fold: (from, given) => fold(from, Array.from(given).map((b, i, all) => (i === 7 ? all[6] : b)))
    }))
    const still = altered(({ fold }) => ({
      fold: (from, given) =>
        E.map(({ state, reports }: Folded) => ({ reports, state: { ...state, values: from.values } }))(fold(from, given))
    }))
    const sameMask = altered(({ fold }) => ({
      fold: (from, given) => Array.from(given).reduce<ReturnType<typeof fold>>((before, batch) => E.chain(({ state, reports }: Folded) =>
        E.map((after: Folded) => ({ state: after.state, reports: [...reports, ...after.reports] }))(
          fold({ ...state, cursor: 0 }, [batch])))(before), E.right({ state: from, reports: [] }))
    }))
    const seen = [skips, still, sameMask].map((engine) => verify(online, engine, batches))
    expect(seen.map((v) => [v.holds, v.atOnce, v.jumps])).toEqual([[false, false, 0], [false, false, 0], [false, true, 0]])
  })

  it('agrees with it for images and sequences too', () => {
    const small = (name: string): Workload => ({ ...workloadNamed(name), batch: 2 })
    for (const workload of [small('lenet'), small('lstm')]) {
      expect(verify(workload, plain('wasm'), batchesOf(workload), 3)).toMatchObject({ atOnce: true, holds: true })
    }
  })

  it('is not excused by a jump where there is none', () => {
    const moons = workloadNamed('moons')
    const wrong = altered(({ fold }) => ({
      fold: (from, given) => E.map(({ state, reports }: Folded) => ({
        reports, state: { ...state, values: Float32Array.from(state.values, (x, i) => (i === 3 ? x + 1e-4 : x)) }
      }))(fold(from, given))
    }))
    expect(verify(moons, wrong, batchesOf(moons), 2)).toMatchObject({ jumps: 0, holds: false })
  })
})
