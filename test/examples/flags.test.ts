import { describe, expect, it } from 'vitest'
import { type Case, type Experiment, experiments } from '../../examples/cases.js'
import { type Flags, readFlags, usage, wanted } from '../../examples/regularization/flags.js'

const read = (...args: readonly string[]): Flags => {
  const found = readFlags(args, experiments)
  if (found._tag === 'Left') throw new Error(found.left.join('\n'))
  return found.right
}

const problems = (...args: readonly string[]): readonly string[] => {
  const found = readFlags(args, experiments)
  return found._tag === 'Left' ? found.left : []
}

const rowsOf = (...only: readonly string[]): readonly string[] => experiments.flatMap((experiment: Experiment) =>
  experiment.cases.filter((row: Case) => wanted(only, experiment, row)).map(({ name }) => `${experiment.data}/${name}`))

const defaults: Flags = { seeds: undefined, only: [], json: false, out: 'out/regularization', short: false, reference: false, help: false }

describe('readFlags', () => {
  it('has defaults, and reads each flag in both ways of writing it', () => {
    expect(read()).toEqual(defaults)
    expect(read('--seeds', '7', '--only', 'moons', '--only=circles/l2', '--json', '--out=there', '--short', '--reference', '--help'))
      .toEqual({ seeds: 7, only: ['moons', 'circles/l2'], json: true, out: 'there', short: true, reference: true, help: true })
    expect(read('--seeds', '7', '--seeds=1000', '--out', 'a', '--out', 'b')).toEqual({ ...defaults, seeds: 1000, out: 'b' })
    expect(read('--seeds', '1').seeds).toBe(1)
  })

  it.each(['0', '1.5', 'abc', '-1', '1001', '1e2', 'NaN', '', '--3'])('refuses %j seeds, and says what is allowed', (seeds) => {
    expect(problems(`--seeds=${seeds}`)).toEqual([`--seeds: found ${JSON.stringify(seeds)}, allowed: a whole number from 1 to 1000`])
  })

  it('refuses a bad value also where a good one of the same flag follows', () => {
    expect(problems('--seeds', '0', '--seeds', '2')).toHaveLength(1)
  })

  it('refuses flags it does not know, and lists those it knows', () => {
    expect(problems('--epochs', '3')).toEqual([
      '--epochs: no such flag; known: --seeds, --only, --json, --out, --short, --reference, --help',
      '"3": not a flag; every value follows its flag'
    ])
    expect(problems('-s')).toEqual(['-s: no such flag; known: --seeds, --only, --json, --out, --short, --reference, --help'])
    expect(problems('--toString')[0]).toMatch(/^--toString: no such flag/)
    expect(problems('--no-json')[0]).toMatch(/^--no-json: no such flag/)
  })

  it('misses a value at the end and before another flag, which is read all the same', () => {
    expect(problems('--seeds')).toEqual(['--seeds: its value is missing'])
    expect(problems('--only', '--seeds', 'abc', '--out', '--bogus')).toEqual([
      '--only: its value is missing',
      '--out: its value is missing',
      '--bogus: no such flag; known: --seeds, --only, --json, --out, --short, --reference, --help',
      '--seeds: found "abc", allowed: a whole number from 1 to 1000'
    ])
  })

  it('refuses a value where none belongs', () => {
    expect(problems('--json=no')).toEqual(['--json: takes no value, found "no"'])
    expect(problems('--short', 'moons')).toEqual(['"moons": not a flag; every value follows its flag'])
  })

  it('refuses each name under --only that is none, and lists those that are', () => {
    const allowed = 'moons, none, l1, l2, l1l2, maxNorm, unitNorm, dropout, dropout+maxNorm, circles, sonar, or a pair as moons/l2'
    expect(problems('--only', 'moon', '--only', 'moons', '--only', 'moons/l3', '--only=--nope', '--only', '')).toEqual(
      ['moon', 'moons/l3', '--nope', ''].map((name) => `--only: found ${JSON.stringify(name)}, allowed: ${allowed}`)
    )
  })

  it('tells all problems of a command line at once', () => {
    expect(problems('--bogus', '--seeds', '1.5', '--only', 'nobody', 'stray', '--json=1', '--out').map((text) => text.split(':')[0]))
      .toEqual(['--bogus', '"stray"', '--json', '--out', '--seeds', '--only'])
  })

  it('knows every flag that its help tells of, and no other', () => {
    const told = [...usage.matchAll(/^ {2}(--\w+)/gm)].map(([, flag]) => flag)
    expect(problems('--bogus')[0]).toMatch(new RegExp(`known: ${told.join(', ')}$`))
  })
})

describe('--only', () => {
  it('takes everything, a data set, a case, or a pair, each row once and in the order of the table', () => {
    expect(rowsOf()).toHaveLength(24)
    expect(rowsOf('moons')).toEqual(rowsOf().slice(0, 8))
    expect(rowsOf('l2')).toEqual(['moons/l2', 'circles/l2', 'sonar/l2'])
    expect(rowsOf('circles/none')).toEqual(['circles/none'])
    expect(rowsOf('sonar/none', 'l1', 'moons/l1')).toEqual(['moons/l1', 'circles/l1', 'sonar/none', 'sonar/l1'])
  })
})
