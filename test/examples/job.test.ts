import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { type Case, experiments } from '../../examples/cases.js'
import { job } from '../../examples/regularization/job.js'
import { planes, pointsOf } from '../../examples/regularization/plane.js'
import type { CaseData, CaseResult, RunCase } from '../../examples/regularization/result.js'

const folder = mkdtempSync(join(tmpdir(), 'tikhonov-job-'))

afterAll(() => { rmSync(folder, { recursive: true }) })
afterEach(() => { vi.restoreAllMocks() })

/** A result whose every measure is another number, and whose losses grow with the seed; `grid`: also where a boundary would be. */
const result = ({ experiment, epochs }: CaseData, seed: number, grid: boolean): CaseResult => {
  const plane = planes[experiment.data]
  return {
    trainAcc: 0.875,
    testAcc: 0.75,
    trainLoss: 0.1 * seed,
    testLoss: 0.2 * seed,
    l1: 123.4,
    l2: 5.6,
    zeros: 7,
    penalty: 0.25,
    curve: [0, epochs].map((epoch) => ({ epoch, train: 0.5, test: 0.6 })),
    ...(plane === undefined || !grid ? {} : { grid: pointsOf(plane).map(([a]) => (a > 0 ? 0.9 : 0.1)) })
  }
}

interface Call { readonly data: CaseData; readonly row: Case; readonly seed: number }

const keyOf = ({ data, row }: Omit<Call, 'seed'>) => `${data.experiment.data}/${row.name}`

/** Runs the job with a trainer that does not train, and keeps what it was asked and what the job said. */
const run = async (args: readonly string[], during: (call: Call, signal: AbortSignal) => void = () => undefined) => {
  const calls: Call[] = []
  const out: string[] = []
  const err: string[] = []
  const keep = (said: string[]) => (text: string | Uint8Array) => said.push(String(text)) > 0
  vi.spyOn(process.stdout, 'write').mockImplementation(keep(out))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep(err))
  const fake: RunCase = (data, row, seed, onProgress, signal) => {
    calls.push({ data, row, seed })
    onProgress(data.epochs)
    return new Promise((resolve) => {
      during({ data, row, seed }, signal)
      resolve(result(data, seed, !args.includes('--json')))
    })
  }
  const code = await job(fake, args)
  vi.restoreAllMocks()
  return { code, calls, out: out.join(''), err: err.join('') }
}

const objects = (out: string): readonly Record<string, unknown>[] =>
  out.split('\n').slice(0, -1).map((text) => JSON.parse(text) as Record<string, unknown>)

const table = experiments.flatMap(({ data, cases }) => cases.map(({ name }) => `${data}/${name}`))

const specified = ['data', 'case', 'seeds', 'train_acc', 'test_acc', 'train_loss', 'test_loss', 'l1', 'l2', 'zeros', 'penalty']

describe('a command line that cannot be', () => {
  it('ends with 2 before anything is trained, and tells every problem on standard error only', async () => {
    const { code, calls, out, err } = await run(['--bogus', '--seeds', '0', '--only', 'nobody', '--out', join(folder, 'never')])
    expect([code, calls, out]).toEqual([2, [], ''])
    expect(err.split('\n').map((text) => text.split(':')[0])).toEqual(['--bogus', '--seeds', '--only', 'The flags are told by', ''])
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  it('also where the charts have no folder to go to', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const { code, calls, out, err } = await run(['--out', file])
    expect([code, calls, out]).toEqual([2, [], ''])
    expect(err).toMatch(/^--out: found ".*file", allowed: a folder that can be made and written/)
  })

  it('is helped by --help, which trains nothing', async () => {
    const { code, calls, out, err } = await run(['--help'])
    expect([code, calls, err]).toEqual([0, [], ''])
    expect(out).toMatch(/--seeds N[^]*--only NAME[^]*--json[^]*--out DIR[^]*--short/)
  })
})

describe('the job', () => {
  it('under --json prints one object a line with the specified keys, in the order of the table, and nothing else', async () => {
    const { code, calls, out, err } = await run(['--json', '--seeds', '1', '--out', folder])
    expect(code).toBe(0)
    expect(objects(out).map((row) => `${String(row.data)}/${String(row.case)}`)).toEqual(table)
    objects(out).forEach((row) => { expect(Object.keys(row)).toEqual(specified) })
    expect(objects(out)[2]).toEqual({
      data: 'moons', case: 'l2', seeds: 1, train_acc: 0.875, test_acc: 0.75, train_loss: 0.1, test_loss: 0.2,
      l1: 123.4, l2: 5.6, zeros: 7, penalty: 0.25
    })
    expect(calls.map(keyOf)).toEqual(table)
    expect(calls.map(({ data }) => data.epochs)).toEqual(experiments.flatMap(({ epochs, cases }) => cases.map(() => epochs)))
    expect(err).toContain('learning-curves-sonar.svg')
  })

  it('trains each row under every seed, each seed on one split for all rows, and tells means and standard deviations', async () => {
    const { code, calls, out } = await run(['--json', '--short', '--only', 'sonar', '--seeds', '3', '--out', folder])
    expect(code).toBe(0)
    expect(calls.map(({ seed }) => seed)).toEqual(experiments[2].cases.flatMap(() => [1, 2, 3]))
    const split = (seed: number) => calls.filter((call) => call.seed === seed).map(({ data }) => data.split)
    for (const seed of [1, 2, 3]) expect(split(seed)).toEqual(split(seed).map(() => split(seed)[0]))
    expect(split(1)[0]).not.toEqual(split(2)[0])
    expect(split(2)[0]).not.toEqual(split(3)[0])
    objects(out).forEach((row) => {
      expect(Object.keys(row)).toEqual([...specified, 'train_acc_sd', 'test_acc_sd', 'train_loss_sd', 'test_loss_sd'])
      expect(row).toMatchObject({ seeds: 3, train_acc_sd: 0, test_acc_sd: 0 })
      // Seeds 1, 2, 3 give losses of .2, .4, .6: the sample standard deviation is .2.
      expect([row.test_loss, row.test_loss_sd, row.train_loss, row.train_loss_sd].map((value) => Number(value).toFixed(12)))
        .toEqual(['0.400000000000', '0.200000000000', '0.200000000000', '0.100000000000'])
    })
  })

  it('prints a table for people, and writes the charts that it names', async () => {
    const there = join(folder, 'charts')
    const rows = ['sonar/l2', 'moons/dropout', 'moons/none'].flatMap((name) => ['--only', name])
    const { code, calls, out } = await run(['--short', '--seeds', '1', ...rows, '--out', there])
    expect(code).toBe(0)
    expect([...new Set(calls.map(keyOf))]).toEqual(['moons/none', 'moons/dropout', 'sonar/l2'])
    const [moons, head, none, dropout, , sonar, , l2] = out.split('\n')
    expect(moons).toBe('moons · 2-500-1 · adam 0.001 · 40 epochs of batches of 30 · 30 train, 70 test · 1 seed · wasm engine')
    expect(head).toMatch(/^case +train acc +test acc +train loss +test loss +‖W‖₁ +‖W‖₂ +zeros +penalty$/)
    expect(none.split(/ +/)).toEqual(['none', '0.875', '0.750', '0.100', '0.200', '123.4', '5.600', '7', '0.250'])
    expect(dropout).toMatch(/^dropout /)
    expect(sonar).toMatch(/^sonar · 60-60-30-1 · momentum 0\.05 · .* · 1 seed · wasm engine$/)
    expect(l2.split(/ +/).slice(0, 3)).toEqual(['l2', '0.875', '0.750'])
    const charts = ['decision-boundaries-moons.svg', 'learning-curves-moons.svg', 'learning-curves-sonar.svg']
    expect(readdirSync(there).sort()).toEqual(charts)
    expect(out).toContain(`Charts in ${there}: learning-curves-moons.svg, decision-boundaries-moons.svg, learning-curves-sonar.svg`)
  })

  it('says of a row over several seeds how far they lie apart, and trains on the reference engine when told', async () => {
    const { out } = await run(['--short', '--only', 'sonar/l2', '--reference', '--out', join(folder, 'apart')])
    const [sonar, , l2] = out.split('\n')
    expect(sonar).toMatch(/^sonar · .* · mean ±sd over 3 seeds · reference engine$/)
    expect(l2.split(/ +/).slice(0, 5)).toEqual(['l2', '0.875', '±.000', '0.750', '±.000'])
  })

  it('goes on after a run that fails, leaves its row out, and ends with 1 and what failed and why', async () => {
    const { code, calls, out, err } = await run(['--json', '--short', '--only', 'sonar', '--seeds', '2', '--out', folder], (call) => {
      if (keyOf(call) === 'sonar/l1' && call.seed === 2) throw new Error('the loss became infinite')
    })
    expect(code).toBe(1)
    expect(calls).toHaveLength(16)
    expect(objects(out).map((row) => row.case)).toEqual(experiments[2].cases.map(({ name }) => name).filter((name) => name !== 'l1'))
    expect(err).toMatch(/Failed:\nsonar\/l1, seed 2: the loss became infinite\n/)
  })

  it('ends with 130 when interrupted, and names the rows that are finished', async () => {
    const listeners = process.listenerCount('SIGINT')
    const asked = ['--json', '--short', '--only', 'moons', '--seeds', '1', '--out', folder]
    const { code, calls, out, err } = await run(asked, (call, signal) => {
      if (call.row.name === 'l2') process.emit('SIGINT')
      signal.throwIfAborted()
    })
    expect(code).toBe(130)
    expect(calls.map(keyOf)).toEqual(['moons/none', 'moons/l1', 'moons/l2'])
    expect(objects(out).map((row) => row.case)).toEqual(['none', 'l1'])
    expect(err).toMatch(/Interrupted; finished 2 of 8 rows: moons\/none, moons\/l1\n$/)
    expect(err).not.toContain('Failed')
    expect(process.listenerCount('SIGINT')).toBe(listeners)
  })

  it('does not wait when it is interrupted once more', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => { throw new Error(`exit ${String(code)}`) })
    const { code } = await run(['--json', '--short', '--only', 'moons/none', '--seeds', '1', '--out', folder], () => {
      process.emit('SIGINT')
      expect(exit).not.toHaveBeenCalled()
      process.emit('SIGINT')
    })
    expect([code, exit.mock.calls]).toEqual([130, [[130]]])
  })

  it.each([
    ['nobody reads on', 'EPIPE', 0],
    ['the disk is full', 'ENOSPC', 1]
  ])('stops when %s, and calls only the second of the two a failure', async (message, code, status) => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => { throw new Error(`exit ${String(code)}`) })
    const { err } = await run(['--json', '--short', '--only', 'moons/none', '--seeds', '1', '--out', folder], () => {
      process.stdout.emit('error', Object.assign(new Error(message), { code }))
    })
    expect(exit.mock.calls).toEqual([[status]])
    expect(err.includes(`The rows cannot be written: ${message}`)).toBe(status === 1)
  })
})
