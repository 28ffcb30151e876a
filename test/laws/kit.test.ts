import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxNorm } from 'tikhonov/constraints'
import {
  about, arbitrary, asyncLaw, atLeast, atMost, bind, check, checkAll, checkAsync, every, feasible, homogeneousLaws, law, lawsOf, layerLaws,
  near, projectionLaws, regularizerLaws, same, suite, title, type Failed, type Suite, type SuiteParameters, type Verdict
} from 'tikhonov/laws'
import { dense } from 'tikhonov/layers'
import { l1 } from 'tikhonov/regularizers'

/** A suite as one writes it: projections of a number onto an interval, with an inherited suite and an own law. */
type Projection = (w: number) => number

const idempotentLaws = (project: Projection): Suite => suite('idempotent', project, [
  law('idempotent', 'project(project(w)) = project(w)', [arbitrary.real()], (w) => same(project(project(w)), project(w)))
])

const nonExpansiveLaws = (project: Projection): Suite => suite('non-expansive', project, [
  law('non-expansive', '|project(v) − project(w)| ≤ |v − w|', [arbitrary.dyadic(), arbitrary.dyadic()],
    (v, w) => atMost(Math.abs(project(v) - project(w)), Math.abs(v - w)))
])

const intervalLaws = (low: number, high: number) => (project: Projection): Suite => suite('projection', project, [
  law('feasible', 'low ≤ project(w) ≤ high', [arbitrary.real()], (w) => every(atLeast(project(w), low), atMost(project(w), high))),
  law('keeps what is feasible', 'low ≤ w ≤ high ⇒ project(w) = w', [arbitrary.dyadic({ min: low, max: high })], (w) => same(project(w), w))
], [idempotentLaws(project), nonExpansiveLaws(project)])

const clip: Projection = (w) => Math.max(-1, Math.min(1, w))
const failed = (verdicts: readonly Verdict[]): readonly Failed[] => verdicts.filter((v) => v._tag === 'Failed')
const names = (verdicts: readonly Verdict[]) => verdicts.map(({ law }) => law)

describe('a suite', () => {
  it('passes for a lawful subject, parents first', () => {
    expect(check(intervalLaws(-1, 1)(clip), { seed: 1 })).toEqual([
      { _tag: 'Passed', law: 'idempotent › idempotent', runs: 100, discarded: 0 },
      { _tag: 'Passed', law: 'non-expansive › non-expansive', runs: 100, discarded: 0 },
      { _tag: 'Passed', law: 'projection › feasible', runs: 100, discarded: 0 },
      { _tag: 'Passed', law: 'projection › keeps what is feasible', runs: 100, discarded: 0 }
    ])
  })

  it('rejects an unlawful subject by exactly the laws that it breaks', () => {
    const alwaysDivides: Projection = (w) => w / (1e-7 + Math.max(1, Math.abs(w)))
    expect(names(failed(check(intervalLaws(-1, 1)(alwaysDivides), { seed: 1 })))).toEqual([
      'idempotent › idempotent', 'projection › keeps what is feasible'
    ])
  })

  it('checks the laws at the top of a diamond once', () => {
    let runs = 0
    const top = () => suite('top', clip, [law('counted', 'true', [fc.nat()], () => { runs += 1; return true })], [], { sizes: [1, 2] })
    const left = suite('left', clip, [], [top()])
    const right = suite('right', clip, [], [top()])
    const bottom = suite('bottom', clip, [law('own', 'true', [], () => true)], [left, right])
    expect(lawsOf(bottom).map(title)).toEqual(['top › counted', 'bottom › own'])
    expect(check(bottom, { runs: 7 })).toHaveLength(2)
    expect(runs).toBe(7)
  })

  it('checks the same suite about two subjects twice, under two names', () => {
    const both = suite('both', 'clip and floor', [], [idempotentLaws(clip), idempotentLaws(Math.floor)])
    expect(lawsOf(both).map(title)).toEqual(['idempotent › idempotent', 'idempotent #2 › idempotent'])
    const oneWrong = suite('both', 'clip and half', [], [idempotentLaws(clip), idempotentLaws((w) => w / 2)])
    expect(check(oneWrong, { seed: 1 }).map((v) => v._tag)).toEqual(['Passed', 'Failed'])
  })

  it('checks the same suite twice where its parameters are others, or not told', () => {
    const top = (parameters?: SuiteParameters) => suite('top', clip, [law('holds', 'true', [], () => true)], [], parameters)
    const times = (a?: SuiteParameters, b?: SuiteParameters) => lawsOf(suite('both', clip, [], [top(a), top(b)])).length
    expect(times({}, {})).toBe(1)
    expect(times({ trial: { input: [2, 3], most: undefined } }, { trial: { input: [2, 3] } })).toBe(1)
    expect(times({ degree: NaN, of: clip }, { degree: NaN, of: clip })).toBe(1)
    expect(times({ degree: 1 }, { degree: 2 })).toBe(2)
    expect(times({ input: [3] }, { input: [3, 1] })).toBe(2)
    expect(times({ of: (w: number) => w }, { of: (w: number) => w })).toBe(2)
    expect(times({ drawn: fc.nat(3) }, { drawn: fc.nat(3) })).toBe(2)
    expect(times({}, { trial: {} })).toBe(2)
    expect(times({}, undefined)).toBe(2)
    expect(times()).toBe(2)
  })

  it('takes the very same laws for the same, told or not', () => {
    const once = idempotentLaws(clip)
    expect(lawsOf(suite('both', clip, [], [once, once]))).toHaveLength(1)
    expect(lawsOf(suite('both', clip, [], [once, { ...once }]))).toHaveLength(1)
    expect(lawsOf(suite('both', clip, [], [once, { ...once, parents: [nonExpansiveLaws(clip)] }]))).toHaveLength(3)
  })

  it('drops none of two published suites that differ in a degree, a set, an input or a trial', () => {
    const p = l1(0.5)
    const small = (n: number) => arbitrary.alike(n, arbitrary.dyadic(), fc.constant([1]))
    const [ball, own] = [maxNorm(2), dense(3)]
    const told = (...parents: readonly Suite[]) => new Set(lawsOf(suite('both', p, [], parents)).map(title))
    expect(failed(check(suite('both', p, [], [homogeneousLaws(1)(p), homogeneousLaws(2)(p)]), { seed: 1, runs: 10 })).map((v) => v.law))
      .toEqual(['homogeneous #2 › homogeneous', 'homogeneous #2 › Euler'])
    expect(told(projectionLaws(ball, feasible.ball(2)), projectionLaws(ball, feasible.orthant)))
      .toContain('projection #2 › feasible')
    expect(told(layerLaws(own, { input: [3] }), layerLaws(own, { input: [4, 2] }))).toContain('layer #2 › shapes fit')
    expect(told(layerLaws(own, { input: [3] }), layerLaws(own, { input: [3] })).size).toBe(layerLaws(own, { input: [3] }).laws.length)
    expect(told(regularizerLaws(p), regularizerLaws(p, { weights: small }))).toContain('regularizer #2 › one number')
  })
})

describe('a law that fails', () => {
  const small = suite('small', 'n < 1000', [
    law('small', 'n < 1000', [fc.nat(), arbitrary.vector()], (n) => atMost(n, 999))
  ])
  const [found] = failed(check(small, { seed: 42 }))

  it('tells the smallest counterexample, what differs, and its equation', () => {
    expect(found.values).toEqual([1000, { _tag: 'Tensor', shape: [1], data: Float64Array.of(0) }])
    expect(found.reason).toBe('got 1000, expected at most 999 (over by 1)')
    expect(found.message).toContain('the law "small › small" does not hold: n < 1000')
    expect(found.message).toContain('counterexample: (1000, {"_tag":"Tensor","shape":[1],"data":Float64Array.from([0])})')
    expect(found.message).toContain('got 1000, expected at most 999 (over by 1)')
    expect(found.shrinks).toBeGreaterThan(0)
  })

  it('is replayed by its seed and path in one run, without making it smaller again', () => {
    expect(found.message).toContain(`{ seed: 42, path: { "small › small": "${found.path}" } }`)
    const [again] = failed(check(small, { seed: found.seed, path: { [found.law]: found.path } }))
    expect(again.values).toEqual(found.values)
    expect([again.runs, again.shrinks]).toEqual([1, 0])
  })

  it('keeps its first counterexample when not asked to shrink', () => {
    expect(failed(check(small, { seed: 42, shrink: false }))[0].shrinks).toBe(0)
  })

  it('fails by the same seed in the same way, and by another otherwise', () => {
    expect(check(small, { seed: 42 })).toEqual([found])
    const first = (seed: number) => failed(check(small, { seed, shrink: false }))[0].values
    expect(first(43)).not.toEqual(first(42))
  })

  it('says what the subject threw', () => {
    const throws = law('total', 'f(x) is there', [fc.nat()], () => { throw new RangeError('no such row') })
    expect(failed(check(suite('total', 'throws', [throws])))[0]).toMatchObject({ reason: 'threw RangeError: no such row', thrown: true })
  })

  it('says so when the predicate is merely false', () => {
    expect(failed(check(suite('false', 'false', [law('false', 'false', [], () => false)])))[0])
      .toMatchObject({ reason: 'the predicate is false', thrown: false })
  })

  it('is not judged when it discards nearly everything, which is no success', () => {
    const never = law('never', 'false ⇒ anything', [fc.nat()], (n) => { fc.pre(n < 0); return true })
    const [verdict] = check(suite('never', 'never', [never]), { seed: 5 })
    expect(verdict).toMatchObject({ _tag: 'Unjudged', reason: '10001 values were discarded as outside its domain, 0 kept (seed 5)' })
  })

  it('clips a counterexample too long to read, and says by how much', () => {
    const long = law('long', 'false', [fc.array(fc.nat(), { minLength: 5000, maxLength: 5000, size: 'max' })], () => false)
    expect(failed(check(suite('long', 'long', [long]), { runs: 1, shrink: false }))[0].counterexample).toMatch(/… \(\d+ more characters\)$/)
  })
})

describe('the runs of a law', () => {
  const counting = (arbitraries: readonly fc.Arbitrary<number>[], options = {}) => {
    const seen: (number | undefined)[] = []
    const counted = law('counted', 'true', arbitraries, (...values: number[]) => { seen.push(values[0]); return true }, options)
    return { seen, counted: suite('counted', seen, [counted]) }
  }

  it('are as many as asked for, discarded values not counted', () => {
    const even = law('even', 'n even ⇒ true', [fc.nat()], (n) => { fc.pre(n % 2 === 0); return true })
    const [verdict] = check(suite('even', 'even', [even]), { runs: 50, seed: 1 })
    expect(verdict).toMatchObject({ _tag: 'Passed', runs: 50 })
    expect(verdict._tag === 'Passed' && verdict.discarded).toBeGreaterThan(10)
  })

  it('are at most its cap', () => {
    const { seen, counted } = counting([fc.nat()], { mostRuns: 3 })
    check(counted)
    expect(seen).toHaveLength(3)
  })

  it('begin with its corners', () => {
    const { seen, counted } = counting([fc.integer({ min: 10, max: 20 })], { corners: [[-1], [99]] })
    check(counted)
    expect(seen.slice(0, 2)).toEqual([-1, 99])
    expect(seen).toHaveLength(100)
  })

  it('are one where nothing is drawn', () => {
    const { seen, counted } = counting([])
    check(counted)
    expect(seen).toHaveLength(1)
  })
})

describe('options that ask for nothing', () => {
  const total = intervalLaws(-1, 1)(clip)
  const unjudged = (verdicts: readonly Verdict[]) => verdicts.map((v) => (v._tag === 'Unjudged' ? v.reason : v._tag))
  const all = (reason: string) => [reason, reason, reason, reason]

  it.each([0, -1, NaN, Infinity, 2.5])('are no success: %s runs', async (runs) => {
    const said = all(`runs: found ${runs}, allowed: a whole number ≥ 1`)
    expect(unjudged(check(total, { runs }))).toEqual(said)
    expect(unjudged(await checkAsync(total, { runs }))).toEqual(said)
    const bodies: (() => Promise<void>)[] = []
    bind({ describe: (_, body) => { body() }, it: (_, body) => { bodies.push(body) } })('my clip', total, { runs })
    await expect(bodies[0]()).rejects.toThrow(/^my clip: the law "idempotent › idempotent" was not judged: .+\n {2}runs: found .+, allowed: a whole/)
  })

  it('nor are a seed that is no number, and a path that leads nowhere', async () => {
    expect(unjudged(check(total, { seed: NaN }))).toEqual(all('seed: found NaN, allowed: a finite number'))
    const path = { 'projection › feasible': 'abc' }
    const said = ['Passed', 'Passed', 'no values: Error: Unable to replay, got invalid path=abc', 'Passed']
    expect(unjudged(check(total, { path }))).toEqual(said)
    expect(unjudged(await checkAsync(total, { path }))).toEqual(said)
  })

  it('nor is a cap of a law at nothing, or values that cannot be drawn', () => {
    const capped = (mostRuns: number) => check(suite('capped', 'capped', [law('holds', 'true', [fc.nat()], () => true, { mostRuns })]))
    expect([0, NaN, 2.5].map((most) => unjudged(capped(most))[0])).toEqual(
      ['0', 'NaN', '2.5'].map((most) => `mostRuns: found ${most}, allowed: a whole number ≥ 1, or Infinity`))
    const undrawn = fc.nat().map((): number => { throw new RangeError('no such row') })
    expect(unjudged(check(suite('undrawn', 'undrawn', [law('holds', 'true', [undrawn], () => true)]))))
      .toEqual(['no values: RangeError: no such row'])
  })
})

describe('a law that answers later', () => {
  const later = suite('later', 'later', [
    asyncLaw('small', 'n < 1000', [fc.nat()], async (n) => atMost(await Promise.resolve(n), 999)),
    law('now', 'true', [], () => true)
  ])

  it('is judged and made smaller by checkAsync, among others', async () => {
    const verdicts = await checkAsync(later, { seed: 1 })
    expect(verdicts.map((v) => v._tag)).toEqual(['Failed', 'Passed'])
    expect(failed(verdicts)[0].values).toEqual([1000])
    expect(failed(verdicts)[0].reason).toBe('got 1000, expected at most 999 (over by 1)')
  })

  it('is refused by check, not passed over', () => {
    expect(check(later).map((v) => v._tag)).toEqual(['Unjudged', 'Passed'])
    expect(check(later)[0]).toHaveProperty('reason', 'it answers later: check it with checkAsync or checkAll')
  })
})

describe('checkAll', () => {
  const registered = () => {
    const groups: string[] = []
    const tests = new Map<string, () => Promise<void>>()
    const runner = {
      describe: (name: string, body: () => void) => { groups.push(name); body() },
      it: (name: string, body: () => Promise<void>) => { tests.set(name, body) }
    }
    return { groups, tests, runner }
  }

  it('registers one test a law on the runner it is bound to', async () => {
    const { groups, tests, runner } = registered()
    bind(runner)('my clip', intervalLaws(-1, 1)(clip), { seed: 1 })
    expect(groups).toEqual(['my clip'])
    expect([...tests.keys()]).toEqual([
      'idempotent › idempotent: project(project(w)) = project(w)',
      'non-expansive › non-expansive: |project(v) − project(w)| ≤ |v − w|',
      'projection › feasible: low ≤ project(w) ≤ high',
      'projection › keeps what is feasible: low ≤ w ≤ high ⇒ project(w) = w'
    ])
    await expect(Promise.all([...tests.values()].map((body) => body()))).resolves.toHaveLength(4)
  })

  it('makes the test of a broken law fail with the whole story', async () => {
    const { tests, runner } = registered()
    bind(runner)('my half', idempotentLaws((w) => w / 2), { seed: 1 })
    const [body] = tests.values()
    await expect(body()).rejects.toThrow(/^my half: the law "idempotent › idempotent" does not hold: project\(project\(w\)\) = project\(w\)\n/)
    await expect(body()).rejects.toThrow(/counterexample: \(.+\)\n {2}differs at the value itself: got .+, expected .+\n {2}found in run \d+/)
    await expect(body()).rejects.toThrow(/replay with \{ seed: 1, path: \{ "idempotent › idempotent": "[\d:]+" \} \}$/)
  })

  it('names bind where there are no globals', () => {
    expect(() => { checkAll('clip', idempotentLaws(clip)) }).toThrow(/bind\(\{ describe, it \}\)/)
  })

  it('finds a runner by its globals', () => {
    const { groups, tests, runner } = registered()
    Object.assign(globalThis, runner)
    try {
      checkAll('clip', idempotentLaws(clip))
    } finally {
      Reflect.deleteProperty(globalThis, 'describe')
      Reflect.deleteProperty(globalThis, 'it')
    }
    expect([groups, tests.size]).toEqual([['clip'], 1])
  })

  bind({ describe, it })('on this very runner', intervalLaws(-1, 1)(clip), { seed: 1 })
})

describe('outcomes', () => {
  it('are the same bit for bit only', () => {
    expect(same(0, -0)).toBe('differs at the value itself: got 0, expected -0 (off by 0)')
    expect(same([NaN], [NaN])).toBe(true)
    expect(same(0.1 + 0.2, 0.3)).toMatch(/^differs at the value itself: got 0\.30000000000000004, expected 0\.3 \(off by /)
    expect(same({ a: [1, 2, 3] }, { a: [1, 0, 0] })).toBe('2 places differ, the first at .a[1]: got 2, expected 0 (off by 2)')
    expect(same([1], [1, 2])).toBe('differs at .length: got 1, expected 2 (off by 1)')
    expect(same([], [{ path: 'rate' }])).toBe('differs at .length: got 0, expected 1 (off by 1), the first missing: {"path":"rate"}')
    expect(same(['x'.repeat(400)], [])).toMatch(/too many: "x{299}…$/)
    expect(same({ a: 1 }, { a: 1, b: 2 })).toBe('differs at .b: got undefined, expected 2')
    expect(same('a', 'b')).toBe('differs at the value itself: got "a", expected "b"')
    expect(same([1], { 0: 1 })).toBe('differs at the value itself: got a list of 1, expected a record of 0')
  })

  it('are near within the tolerance, NaN and the wrong infinity never', () => {
    expect(near([1.5], [1], { absolute: 0.5 })).toBe(true)
    expect(near([110], [100], { relative: 0.1 })).toBe(true)
    expect(near(111, 100, { relative: 0.1 })).toBe('differs at the value itself: got 111, expected 100 (off by 11)')
    expect(near(NaN, NaN, { absolute: 1 })).toMatch(/got NaN, expected NaN/)
    expect(near(-Infinity, Infinity, { relative: 1 })).toMatch(/got -Infinity, expected Infinity/)
    expect(near(1, Infinity, { relative: 1 })).toMatch(/got 1, expected Infinity/)
    expect(near(Infinity, Infinity, {})).toBe(true)
  })

  it('of bounds refuse NaN', () => {
    expect(atMost(NaN, 1)).toMatch(/^got NaN/)
    expect(atLeast(1, NaN)).toMatch(/expected at least NaN/)
  })

  it('say what they are about', () => {
    expect(about('x', false)).toBe('x')
    expect(every(true, about('x', atMost(2, 1)), false)).toBe('x: got 2, expected at most 1 (over by 1)')
  })
})
