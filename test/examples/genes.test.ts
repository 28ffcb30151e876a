import { either as E } from 'fp-ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadSamples, partsOf, type Samples } from '../../examples/genes/data.js'
import { job } from '../../examples/genes/job.js'
import { chosen, fit, type Fitted } from '../../examples/genes/run.js'

afterEach(() => { vi.restoreAllMocks() })

const samples = (): Samples => {
  const all = loadSamples()
  if (E.isLeft(all)) throw new Error(all.left.join('\n'))
  return all.right
}

const run = (...args: readonly string[]) => {
  const said: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  const code = job(args)
  vi.restoreAllMocks()
  return { code, said: said.join('') }
}

describe('the tissues', () => {
  it('are 189 samples of 500 genes, of seven kinds', () => {
    const { genes, x, y } = samples()
    expect([genes.length, x.length, x[0].length, new Set(y).size]).toEqual([500, 189, 500, 7])
    // The counts of data/tissue.csv.gz by its last column, cerebellum first.
    expect([0, 1, 2, 3, 4, 5, 6].map((kind) => y.filter((v) => v === kind).length)).toEqual([38, 34, 15, 31, 39, 26, 6])
  })

  it('are dealt out without one in two parts, and standardised by what trains', () => {
    const { train, choose, test } = partsOf(samples(), 1)
    expect([train, choose, test].map(({ x }) => x.shape)).toEqual([[100, 500], [39, 500], [50, 500]])
    const first = Array.from({ length: 100 }, (_, i) => train.x.data[i * 500])
    expect(first.reduce((a, b) => a + b, 0) / 100).toBeCloseTo(0, 10)
    expect(first.reduce((a, b) => a + b * b, 0) / 100).toBeCloseTo(1, 10)
  })
})

describe('the group lasso on genes', () => {
  it('reads fewer the stronger it is, and all where it is 0', () => {
    const read = [0, 0.01, 0.3].map((lambda) => {
      const fitted = fit(samples(), { seed: 1, lambda, epochs: 60 })
      return E.isRight(fitted) ? fitted.right.genes.length : NaN
    })
    expect(read[0]).toBe(500)
    expect(read[1]).toBeLessThan(500)
    expect(read[2]).toBeLessThan(read[1])
  })

  it('is chosen as the strongest of the most accurate', () => {
    const fits = [[0, 0.9], [0.1, 1], [0.2, 1], [0.3, 0.95]].map(([lambda, accuracy]): Fitted =>
      ({ seed: 1, lambda, genes: [], choose: { loss: 0, accuracy }, test: { loss: 0, accuracy: 0 } }))
    expect(chosen(fits).lambda).toBe(0.2)
  })
})

describe('the job', () => {
  it('prints one object a network, one of which is chosen, under --json', () => {
    const { code, said } = run('--short', '--json')
    expect(code).toBe(0)
    const rows = said.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows.map((row) => row.lambda)).toEqual([0, 0.003, 0.01, 0.03, 0.1, 0.3])
    expect(rows.filter((row) => row.chosen === true)).toHaveLength(1)
  })

  it('tells what is wrong with its flags', () => {
    expect(run('--seeds', '0').code).toBe(2)
    expect(run('--help').said).toContain('npm run genes')
  })
})
