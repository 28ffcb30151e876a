import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { arbitrary, atMost, law, same, suite, type Suite } from 'tikhonov/laws'
import { bite, coverAll, holdAll, rejectAll, seeds, table, trial, uncovered, type Mutant } from './harness.js'

type Projection = (w: number) => number

const feasible = (project: Projection) => law('feasible', 'project(w) ≤ 1', [arbitrary.real()], (w) => atMost(project(w), 1))
const fixed = (project: Projection) => law('fixed', 'w ≤ 1 ⇒ project(w) = w', [arbitrary.dyadic({ max: 1 })], (w) => same(project(w), w))
const projectionLaws = (project: Projection): Suite => suite('projection', project, [feasible(project), fixed(project)])

const clip: Projection = (w) => Math.min(1, w)
const mutant = (name: string, named: string, project: Projection, more: Partial<Mutant> = {}): Mutant =>
  ({ name, origin: 'one edit', law: named, suite: () => projectionLaws(project), ...more })

const lax = mutant('clips at 2', 'feasible', (w) => Math.min(2, w))
const shrinking = mutant('halves', 'fixed', (w) => Math.min(1, w / 2))

/** A runner that runs what is registered, and says what failed. */
const outcomes = async (register: (runner: Parameters<typeof rejectAll>[1]) => void) => {
  const bodies: (readonly [string, () => Promise<void>])[] = []
  register({ describe: (_, body) => { body() }, it: (name, body) => { bodies.push([name, body]) } })
  const told: Record<string, string> = {}
  for (const [name, body] of bodies) told[name] = await body().then(() => 'passed', (error: unknown) => String(error))
  return told
}
const silent = () => undefined

describe('the seeds', () => {
  it('are 100 different words', () => {
    expect(new Set(seeds).size).toBe(100)
    expect(seeds.every((seed) => seed >>> 0 === seed)).toBe(true)
  })
})

describe('a mutant', () => {
  it('is rejected by the law it names under every seed, and the others that caught it are told', async () => {
    expect(await trial(lax)).toEqual({ mutant: lax, caughtBy: ['projection › feasible'], problems: [] })
    const both = mutant('is always 2', 'fixed', () => 2)
    expect((await trial(both)).caughtBy).toEqual(['projection › fixed', 'projection › feasible'])
    expect(table([await trial(both)])).toBe('  is always 2 (one edit): projection › fixed, projection › feasible')
  })

  it('that is not caught makes its test fail', async () => {
    const told = await outcomes((runner) => { rejectAll([lax, mutant('is correct', 'feasible', clip)], runner, silent) })
    expect(told['clips at 2 (one edit) by feasible']).toBe('passed')
    expect(told['is correct (one edit) by feasible']).toMatch(
      /the mutant "is correct" was not rejected by "feasible" \(project\(w\) ≤ 1\) under 100 of 100 seeds; seed \d+: passed 100 runs/
    )
  })

  it('that another law than the named one caught makes its test fail', async () => {
    const told = await outcomes((runner) => { rejectAll([mutant('halves', 'feasible', (w) => Math.min(1, w / 2))], runner, silent) })
    expect(told['halves (one edit) by feasible']).toMatch(/was not rejected by "feasible"/)
  })

  it('that only some seeds catch makes its test fail', async () => {
    const rarely = mutant('is wrong in a narrow place', 'fixed', (w) => (w > -2 && w < -1.5 ? 0 : clip(w)), { runs: 10 })
    const { problems, caughtBy } = await trial(rarely)
    expect(caughtBy).toEqual(['projection › fixed'])
    expect(problems[0]).toMatch(/under \d\d of 100 seeds/)
  })

  it('of a law that its suite has not, or has twice, makes its test fail', async () => {
    expect((await trial(mutant('misspelt', 'feasable', clip))).problems[0]).toMatch(/names the law "feasable": 0 of its suite's/)
    const twice = { ...lax, suite: () => suite('more', clip, [feasible(clip)], [projectionLaws(clip)]) }
    expect((await trial(twice)).problems[0]).toMatch(/2 of its suite's are called so \(projection › feasible, projection › fixed, more › /)
    const half: Projection = (w) => w * 2
    const full = { ...lax, law: 'more › feasible', suite: () => suite('more', half, [feasible(half)], [projectionLaws(clip)]) }
    expect(await trial(full)).toMatchObject({ problems: [], caughtBy: ['more › feasible'] })
  })

  it('is not rejected by its own throw, unless throwing is the defect', async () => {
    const broken: Projection = () => { throw new TypeError('not written yet') }
    expect((await trial(mutant('throws', 'feasible', broken))).problems[0]).toMatch(/threw TypeError: not written yet/)
    expect((await trial(mutant('throws', 'feasible', broken, { throws: true }))).problems).toEqual([])
  })

  it('is not rejected by a law that discards everything', async () => {
    const vacuous = law('feasible', 'w > 1000 ⇒ false', [arbitrary.real()], (w) => { fc.pre(w > 1000); return false })
    const { problems } = await trial({ ...lax, suite: () => suite('vacuous', clip, [vacuous]) }, seeds.slice(0, 2))
    expect(problems[0]).toMatch(/discarded as outside its domain/)
  })
})

describe('the table', () => {
  it('is printed once all are tried', async () => {
    const printed: string[] = []
    await outcomes((runner) => { rejectAll([lax, shrinking], runner, (text) => { printed.push(text) }) })
    expect(printed).toEqual([
      'mutant: laws that caught it\n  clips at 2 (one edit): projection › feasible\n  halves (one edit): projection › fixed'
    ])
  })
})

describe('the coverage', () => {
  it('names the laws without a mutant', () => {
    expect(uncovered([projectionLaws(clip)], [lax])).toEqual(['projection › fixed'])
    expect(uncovered([projectionLaws(clip)], [lax, shrinking])).toEqual([])
  })

  it('makes a test fail', async () => {
    const told = await outcomes((runner) => { coverAll([projectionLaws(clip)], [lax, lax], runner) })
    expect(Object.values(told)).toEqual([
      expect.stringContaining('laws without a mutant:\nprojection › fixed'),
      expect.stringContaining('mutants of one name: clips at 2')
    ])
  })
})

describe('a published suite', () => {
  it('about a wrong subject makes its test fail', async () => {
    const told = await outcomes((runner) => { holdAll([projectionLaws(clip), projectionLaws((w) => w)], runner) })
    expect(told['projection (0)']).toBe('passed')
    expect(told['projection (1)']).toMatch(/the law "projection › feasible" does not hold: project\(w\) ≤ 1/)
  })
})

bite({ suites: [projectionLaws(clip)], mutants: [lax, shrinking] }, { describe, it }, silent)
