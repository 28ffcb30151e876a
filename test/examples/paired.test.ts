import { afterEach, describe, expect, it, vi } from 'vitest'
import { valuesOf } from 'tikhonov'
import { start } from 'tikhonov/training'
import { idx } from '../../examples/data/idx.js'
import { loadDigits } from '../../examples/digits/data.js'
import { digits } from '../../examples/digits/study.js'
import { drawing } from '../../examples/digits/uncertain.js'
import { loadDemand, split } from '../../examples/electricity/data.js'
import { electricity } from '../../examples/electricity/study.js'
import { readFlags } from '../../examples/paired/flags.js'
import { job } from '../../examples/paired/job.js'
import type { Parts, Result, Study } from '../../examples/paired/study.js'
import { differences, json, line, type Row, verdict } from '../../examples/paired/table.js'
import { train, trainerOf } from '../../examples/paired/train.js'

afterEach(() => { vi.restoreAllMocks() })

const run = async (study: Study, ...args: readonly string[]) => {
  const out: string[] = []
  const err: string[] = []
  const keep = (said: string[]) => (text: string | Uint8Array) => said.push(String(text)) > 0
  vi.spyOn(process.stdout, 'write').mockImplementation(keep(out))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep(err))
  const code = await job(study, args)
  vi.restoreAllMocks()
  return { code, out: out.join(''), err: err.join('') }
}

const loaded = ({ load }: Pick<Study, 'load'>): Parts => {
  const parts = load()
  if (parts._tag === 'Left') throw new Error(parts.left.join('\n'))
  return parts.right
}

const trainers = (study: Study) => study.variants.map((variant) => {
  const t = trainerOf(study, variant)
  if (t._tag === 'Left') throw new Error(t.left)
  return t.right
})

/** Each variant's rows over seeds 1 … 3. */
const rowsOf = async (study: Study, names: readonly string[], epochs: number): Promise<readonly Row[]> => {
  const parts = loaded(study)
  const all = trainers(study)
  const rows: Row[] = []
  for (const name of names) {
    const t = all[study.variants.findIndex((variant) => variant.name === name)]
    const results: Result[] = []
    for (const seed of [1, 2, 3]) {
      const trained = await train(study, t, parts, { epochs, seed }, () => undefined)
      if (trained._tag === 'Left') throw new Error(trained.left)
      results.push(trained.right.result)
    }
    rows.push({ name, results, baseline: rows[0]?.results ?? results })
  }
  return rows
}

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length

describe('the digits', () => {
  it('are 1,000 that train and 1,000 that test, pixels from 0 to 1', () => {
    const { train: shown, held } = loaded({ load: loadDigits })
    expect([shown, held].map(({ x, y }) => [x.shape, y.shape])).toEqual([[[1000, 28, 28, 1], [1000]], [[1000, 28, 28, 1], [1000]]])
    expect([Math.min(...shown.x.data.slice(0, 7840)), Math.max(...shown.x.data.slice(0, 7840))]).toEqual([0, 1])
    // Counted in the files when they were cut.
    const count = (y: ArrayLike<number>) =>
      Array.from({ length: 10 }, (_, digit) => Array.from(y).filter((label) => label === digit).length)
    expect(count(shown.y.data)).toEqual([88, 111, 106, 117, 102, 81, 100, 112, 94, 89])
    expect(count(held.y.data)).toEqual([101, 121, 102, 92, 108, 80, 88, 101, 94, 113])
  })

  it('are refused where the file has another shape or length', () => {
    const bytes = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])
    expect(idx('f', [2])(bytes)).toMatchObject({ right: Buffer.from([7, 9]) })
    expect(idx('f', [3])(bytes)).toMatchObject({
      left: ['f, its head: found 0000080100000002, allowed: 0000080100000003, bytes of the shape [3]']
    })
    expect(idx('f', [2])(bytes.subarray(0, 9))).toMatchObject({ left: ['f: found 9 bytes, allowed: 10'] })
  })

  it('are drawn without the empty lines above and below', () => {
    const pixels = Array.from({ length: 784 }, (_, i) => (i === 28 ? 1 : i === 85 ? 0.5 : 0))
    expect(drawing(pixels)).toEqual([`@@${' '.repeat(54)}`, ' '.repeat(56), `  ++${' '.repeat(52)}`])
    expect(drawing(pixels.map(() => 0))).toEqual([])
  })

  it('are recognised better with dropout, after 25 of the 40 epochs: its test loss is the lower one in every seed', async () => {
    const [none, dropout] = await rowsOf(digits, ['none', 'dropout'], 25)
    expect(Math.max(...differences(dropout))).toBeLessThan(0)
    expect(Math.min(...none.results.map(({ trainAcc }) => trainAcc ?? NaN))).toBe(1)
    expect(Math.min(...dropout.results.map(({ heldAcc }) => heldAcc ?? NaN))).toBeGreaterThan(0.93)
  }, 120_000)

  it('need less than half of the weights under a group lasso, at a point of accuracy at most', async () => {
    const mean = (of: readonly (number | undefined)[]) => of.reduce<number>((sum, x) => sum + (x ?? NaN), 0) / of.length
    const [plain, grouped] = (await rowsOf(digits, ['momentum', 'groupLasso'], digits.epochs)).map(({ results }) => results)
    expect(mean(plain.map(({ parameters }) => parameters)) / mean(grouped.map(({ parameters }) => parameters))).toBeGreaterThan(2)
    expect(mean(plain.map(({ heldAcc }) => heldAcc)) - mean(grouped.map(({ heldAcc }) => heldAcc))).toBeLessThan(0.01)
  }, 180_000)
})

describe('the demand for electricity', () => {
  it('trains on the first four weeks and validates on the last four', () => {
    const { train: shown, held } = loaded({ load: loadDemand })
    expect([shown.x.shape, shown.y.shape, held.x.shape, held.y.shape]).toEqual([[34, 48, 1], [34, 1], [179, 48, 1], [179, 1]])
    expect(split.train.to).toBeLessThanOrEqual(split.held.from)
    // Half-hour 95, wanted of window 0, is the value at place 21 of window 2, which begins 2·37 half-hours on.
    expect(shown.y.data[0]).toBe(shown.x.data[2 * 48 + 21])
  })

  it('is foretold better with recurrent dropout, in the mean over the seeds', async () => {
    const [, ...rest] = await rowsOf(electricity, ['none', 'recurrentDropout'], electricity.epochs)
    expect(mean(differences(rest[0]))).toBeLessThan(0)
  }, 120_000)
})

describe.each([digits, electricity])('$command', (study) => {
  it('begins each row with the same weights', () => {
    const [none, ...rest] = trainers(study).map((t) => valuesOf(t, start(t, 3)))
    expect(rest.map((values) => Object.keys(values))).toEqual(rest.map(() => Object.keys(none)))
    rest.forEach((values) => { expect(values).toEqual(none) })
  })

  it('prints one object a row, and nothing else, under --json', async () => {
    const { code, out } = await run(study, '--short', '--json', '--seeds', '2')
    expect(code).toBe(0)
    const rows = out.trimEnd().split('\n').map((text) => JSON.parse(text) as Record<string, unknown>)
    expect(rows.map((row) => row.case)).toEqual(study.variants.map(({ name }) => name))
    const measured = study.metrics.length > 0 ? ['train_loss', 'test_loss', 'train_acc', 'test_acc'] : ['train_loss', 'validation_loss']
    rows.forEach((row) => {
      expect(Object.keys(row)).toEqual(['case', 'seeds', ...measured, 'parameters', 'better_in'])
      expect(row.seeds).toBe(2)
      expect(Object.values(row).every((v) => typeof v === 'string' || Number.isFinite(v))).toBe(true)
    })
  }, 60_000)

  it('prints a table and what it shows', async () => {
    const { code, out } = await run(study, '--short', '--seeds=1')
    expect(code).toBe(0)
    expect(out.split('\n').slice(1, 2 + study.variants.length).map((text) => text.split(/\s+/)[0])).toEqual([
      'case', ...study.variants.map(({ name }) => name)
    ])
    expect(out).toMatch(study === digits ? /It is: \d\. Predictive entropy \d\.\d\d nats/ : /Saying that the demand is as now: 0\.2763\./)
  }, 60_000)
})

describe('rows', () => {
  const row = (name: string, losses: readonly number[], baseline: readonly number[]): Row => {
    const results = (all: readonly number[]): readonly Result[] => all.map((heldLoss) => ({ trainLoss: 0.5, heldLoss }))
    return { name, results: results(losses), baseline: results(baseline) }
  }
  const none = row('none', [1, 2, 3], [1, 2, 3])
  const better = row('a', [0.5, 1.5, 3.1], [1, 2, 3])
  const worse = row('b', [2, 3, 2.9], [1, 2, 3])

  it('are compared seed for seed', () => {
    expect(differences(worse).map((d) => Number(d.toFixed(3)))).toEqual([1, 1, -0.1])
    expect(line(better)).toMatch(/^a .* −0\.3000 +2 of 3$/)
    expect(line(worse)).toMatch(/ \+0\.6333 +1 of 3$/)
    expect(json(electricity, better)).toBe('{"case":"a","seeds":3,"train_loss":0.5,"validation_loss":1.7,"better_in":2}')
  })

  it('are summed up honestly: the best of them, those that did not help, or that none did', () => {
    expect(verdict(digits, [none, better, worse])).toBe(
      'Lowest test loss: a, below none in 2 of 3 seeds.\nDid not help here (in the mean no lower than none): b.'
    )
    expect(verdict(digits, [none, worse])).toBe('No variant has a lower test loss than none.')
  })
})

describe('the command line', () => {
  it('tells its flags, and everything that is wrong before it trains', async () => {
    expect((await run(digits, '--help')).out).toContain('npm run digits -- [flags]')
    expect(readFlags(['--seeds', '5', '--seeds=7', '--json'])).toMatchObject({ right: { seeds: 7, json: true, short: false } })
    const { code, out, err } = await run(electricity, '--bogus', 'stray', '--seeds', '0', '--json=yes')
    expect([code, out]).toEqual([2, ''])
    expect(err.trimEnd().split('\n')).toEqual([
      '--bogus: no such flag; known: --seeds, --json, --short, --help', '"stray": not a flag; every value follows its flag',
      '--json: takes no value, found "yes"', '--seeds: found "0", allowed: a whole number from 1 to 1000',
      'The flags are told by: npm run electricity -- --help'
    ])
  })

  it('says what is wrong with the data, or with a network', async () => {
    const broken: Study = { ...electricity, load: () => ({ _tag: 'Left', left: ['the file is gone'] }) }
    expect(await run(broken)).toEqual({ code: 1, out: '', err: 'the file is gone\n' })
    const misfit = { ...electricity, variants: [{ ...digits.variants[0], name: 'digits' }] } as const
    const { code, err } = await run(misfit, '--short', '--json')
    expect(code).toBe(1)
    expect(err).toContain('digits, seed 1: ')
  })
})
