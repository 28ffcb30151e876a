import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { loadMeats, regionOf, regions, type Meat } from '../../examples/uncertainty/data.js'
import { readFlags } from '../../examples/drawn.js'
import { job } from '../../examples/uncertainty/job.js'
import { fit, type Fit } from '../../examples/uncertainty/run.js'
import { rowsOf } from '../../examples/uncertainty/summary.js'

const folder = mkdtempSync(join(tmpdir(), 'tikhonov-uncertainty-'))

afterAll(() => { rmSync(folder, { recursive: true }) })
afterEach(() => { vi.restoreAllMocks() })

const run = (...args: readonly string[]) => {
  const out: string[] = []
  const err: string[] = []
  const keep = (said: string[]) => (text: string | Uint8Array) => said.push(String(text)) > 0
  vi.spyOn(process.stdout, 'write').mockImplementation(keep(out))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep(err))
  const code = job(args)
  vi.restoreAllMocks()
  return { code, out: out.join(''), err: err.join('') }
}

const meats = (): readonly Meat[] => {
  const all = loadMeats()
  if (all._tag === 'Left') throw new Error(all.left.join('\n'))
  return all.right
}

const fitted = (...args: Parameters<typeof fit>): Fit => {
  const found = fit(...args)
  if (found._tag === 'Left') throw new Error(found.left)
  return found.right
}

describe('the data', () => {
  it('are those whose licence is told', () => {
    const file = new URL('../../examples/data/meats.csv', import.meta.url)
    const licences = readFileSync(new URL('../../examples/data/LICENCES.md', import.meta.url), 'utf8')
    expect(licences).toContain(createHash('md5').update(readFileSync(file)).digest('hex'))
    expect(regions.map((region) => meats().filter((meat) => regionOf(meat) === region).length)).toEqual([64, 59, 92])
  })
})

describe('the fit', () => {
  it('is unsure where it has learned nothing, in each of three seeds, and its bands hold four fifths of each region', () => {
    for (const seed of [1, 2, 3]) {
      const [drier, trained, wetter] = rowsOf(meats(), fitted(meats(), { epochs: 100, samples: 100 }, seed))
      expect(drier.deviation).toBeGreaterThan(2 * trained.deviation)
      expect(wetter.deviation).toBeGreaterThan(2 * trained.deviation)
      expect(Math.min(drier.held, trained.held, wetter.held)).toBeGreaterThan(0.8)
      // The noise of this data is about 1.9 % of the weight.
      expect(trained.error).toBeLessThan(2.2)
    }
  }, 60_000)

  it('grows its band with the distance from the data', () => {
    const { grid } = fitted(meats(), { epochs: 100, samples: 200 })
    const at = (water: number) => grid.find((a) => a.water === water)?.deviation ?? NaN
    expect([at(55), at(50), at(45), at(40)].every((d, i, all) => i === 0 || d > all[i - 1])).toBe(true)
    expect([at(68), at(71), at(74), at(77)].every((d, i, all) => i === 0 || d > all[i - 1])).toBe(true)
  }, 60_000)

  it('is a function of its data and seed', () => {
    const effort = { epochs: 3, samples: 5 }
    expect(fitted(meats(), effort, 4)).toEqual(fitted(meats(), effort, 4))
    expect(fitted(meats(), effort, 4)).not.toEqual(fitted(meats(), effort, 5))
  })
})

describe('the job', () => {
  it('prints a table and writes a chart', () => {
    const { code, out } = run('--short', '--out', folder)
    expect(code).toBe(0)
    expect(out.split('\n').slice(0, 4).map((line) => line.split(/\s+/).slice(0, 2))).toEqual([
      ['region', 'pieces'], ['drier', '64'], ['trained', '59'], ['wetter', '92']
    ])
    const svg = readFileSync(join(folder, 'uncertainty.svg'), 'utf8')
    expect(svg).toMatch(/^<svg /)
    expect(svg.match(/<circle/g)?.length).toBeGreaterThanOrEqual(215)
  })

  it('prints one object a region, and nothing else, under --json', () => {
    const { code, out } = run('--short', '--json', `--out=${folder}`)
    expect(code).toBe(0)
    const rows = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows.map((row) => row.case)).toEqual(['drier', 'trained', 'wetter'])
    rows.forEach((row) => {
      expect(Object.keys(row)).toEqual(['case', 'count', 'samples', 'deviation', 'error', 'held', 'gap'])
      expect(Object.values(row).every((v) => typeof v === 'string' || Number.isFinite(v))).toBe(true)
    })
  })

  it('tells its flags, and everything that is wrong with a command line before it trains', () => {
    expect(run('--help').out).toContain('npm run uncertainty')
    const example = { name: 'uncertainty', about: '', object: '' }
    expect(readFlags(example, ['--out', 'a', '--out=b', '--json'])).toMatchObject({ right: { out: 'b', json: true, short: false } })
    const { code, out, err } = run('--bogus', 'stray', '--out')
    expect([code, out]).toEqual([2, ''])
    expect(err.trimEnd().split('\n')).toEqual([
      '--bogus: no such flag; known: --json, --short, --help, --out', '"stray": not a flag; every value follows its flag',
      '--out: its value is missing', 'The flags are told by --help'
    ])
    expect(run('--out', '--json').code).toBe(2)
  })

  it('says where no chart can be written', () => {
    writeFileSync(join(folder, 'file'), '')
    const { code, err } = run('--short', '--out', join(folder, 'file'))
    expect(code).toBe(2)
    expect(err).toContain('a folder that can be made and written')
    expect(existsSync(join(folder, 'file', 'uncertainty.svg'))).toBe(false)
  })
})
