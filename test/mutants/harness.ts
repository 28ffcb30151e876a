/**
 * Laws have teeth: each mutant, one edit from correct or a defect found in a published library, is rejected by the law it names, whatever
 * the seed.
 *
 * A file test/mutants/<area>.ts exports `mutants` (wrong subjects, each with the law that must reject it) and `suites` (the published
 * suites about correct subjects); areas.ts lists the areas and deals them out to test files that run beside each other; mutants.test.ts
 * checks that none is left out, and that every law has a mutant.
 */
import assert from 'node:assert/strict'
import { checkAsync, lawsOf, suite as suiteOf, title, type Membership, type Runner, type Suite, type Verdict } from 'tikhonov/laws'

/** A wrong subject in its suite, with the law that must reject it. */
export interface Mutant {
  readonly name: string
  /** The library that had this defect, or 'one edit'. */
  readonly origin: string
  /** The law, by its name where its suite has one of that name, or as `suite › law`. */
  readonly law: string
  readonly suite: () => Suite
  /** Runs of the law under one seed, enough to reject under every seed (default 100). */
  readonly runs?: number
  /** Whether the defect IS that the subject throws; else a throw is a mistake of the mutant and rejects nothing. */
  readonly throws?: boolean
}

/** What an area of the library brings: published suites about correct subjects, and mutants. */
export interface Area {
  readonly suites: readonly Suite[]
  readonly mutants: readonly Mutant[]
}

/** What became of a mutant: the laws that caught it under at least one seed, and how it was not rejected as it should (empty if it was). */
export interface Trial {
  readonly mutant: Mutant
  readonly caughtBy: readonly string[]
  readonly problems: readonly string[]
}

/** 100 different seeds, the same ones each time: a gate must not depend on the day. */
export const seeds: readonly number[] = Array.from({ length: 100 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0)

const isNamed = ({ law: name }: Mutant) => (member: Membership): boolean => member.law.name === name || title(member) === name

const only = (members: readonly Membership[]): Suite =>
  suiteOf('some', members, [], members.map(({ suite, law }) => suiteOf(suite, law, [law])))

const caught = (mutant: Mutant, verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.flatMap((verdict) => (verdict._tag === 'Failed' && (!verdict.thrown || mutant.throws === true) ? [verdict.law] : []))

const reasons = (verdicts: readonly Verdict[]): string =>
  verdicts.map((verdict) => (verdict._tag === 'Passed' ? `passed ${verdict.runs} runs` : verdict.reason)).join(', ')

/**
 * Tries a mutant: the law it names under every seed; all the others of its suite, which only the table tells, in
 * 20 runs under the first.
 */
export const trial = async (mutant: Mutant, over: readonly number[] = seeds): Promise<Trial> => {
  const members = lawsOf(mutant.suite())
  const named = members.filter(isNamed(mutant))
  if (named.length !== 1) {
    const problem = `names the law "${mutant.law}": ${named.length} of its suite's are called so (${members.map(title).join(', ')})`
    return { mutant, caughtBy: [], problems: [problem] }
  }
  const options = { runs: mutant.runs ?? 100, shrink: false }
  const caughtBy = new Set<string>()
  const survived: string[] = []
  for (const seed of over) {
    const verdicts = await checkAsync(only(named), { ...options, seed })
    const by = caught(mutant, verdicts)
    if (by.length === 0) survived.push(`seed ${seed}: ${reasons(verdicts)}`)
    by.forEach((law) => caughtBy.add(law))
  }
  for (const seed of over.slice(0, 1)) {
    const verdicts = await checkAsync(only(members.filter((member) => !named.includes(member))), { ...options, runs: 20, seed })
    caught(mutant, verdicts).forEach((law) => caughtBy.add(law))
  }
  const problem = `was not rejected by "${mutant.law}" (${named[0].law.equation}) under ${survived.length} of ${over.length} seeds`
  return { mutant, caughtBy: [...caughtBy], problems: survived.length === 0 ? [] : [`${problem}; ${survived.slice(0, 3).join('; ')}`] }
}

/** The table mutant → laws that caught it, the law it names first. */
export const table = (trials: readonly Trial[]): string =>
  trials.map(({ mutant, caughtBy }) => `  ${mutant.name} (${mutant.origin}): ${caughtBy.join(', ') || 'NO LAW'}`).join('\n')

/** Registers a test for each mutant, that its law rejects it under all seeds, and one that prints which laws caught which mutant. */
export const rejectAll = (mutants: readonly Mutant[], { describe, it }: Runner, print: (text: string) => void = console.log): void => {
  describe('every mutant is rejected by the law it names', () => {
    const trials: Trial[] = []
    mutants.forEach((mutant) => {
      it(`${mutant.name} (${mutant.origin}) by ${mutant.law}`, async () => {
        const tried = await trial(mutant)
        trials.push(tried)
        assert(tried.problems.length === 0, `the mutant "${mutant.name}" ${tried.problems.join('; ')}`)
      })
    })
    it('and the table says by which others', async () => {
      await Promise.resolve()
      print(`mutant: laws that caught it\n${table(trials)}`)
      assert(trials.length === mutants.length, `${mutants.length - trials.length} mutants were not tried`)
    })
  })
}

/** Registers a test for each suite about a correct subject: all its laws hold under the first three seeds. */
export const holdAll = (suites: readonly Suite[], { describe, it }: Runner): void => {
  describe('every published suite holds for a correct subject', () => {
    suites.forEach((suite, i) => {
      it(`${suite.name} (${i})`, async () => {
        for (const seed of seeds.slice(0, 3)) {
          const broken = (await checkAsync(suite, { seed })).flatMap((verdict) => (verdict._tag === 'Passed' ? [] : [verdict.message]))
          assert(broken.length === 0, broken.join('\n'))
        }
      })
    })
  })
}

/** The laws of the suites that no mutant names, as `suite › law`: a law that nothing is known to break may say nothing. */
export const uncovered = (suites: readonly Suite[], mutants: readonly Mutant[]): readonly string[] => {
  const named = new Set(mutants.flatMap((mutant) => lawsOf(mutant.suite()).filter(isNamed(mutant)).map(title)))
  return [...new Set(suites.flatMap(lawsOf).map(title))].filter((law) => !named.has(law))
}

/** Registers the tests that every law of every suite is named by a mutant, and that no two mutants have one name. */
export const coverAll = (suites: readonly Suite[], mutants: readonly Mutant[], { describe, it }: Runner): void => {
  describe('every law', () => {
    it('has a mutant that it must reject', async () => {
      await Promise.resolve()
      const bare = uncovered(suites, mutants)
      assert(bare.length === 0, `laws without a mutant:\n${bare.join('\n')}`)
    })
    it('can be told from its mutants by their names, which are different', async () => {
      await Promise.resolve()
      const names = mutants.map(({ name }) => name)
      const twice = names.filter((name, i) => names.indexOf(name) !== i)
      assert(twice.length === 0, `mutants of one name: ${twice.join(', ')}`)
    })
  })
}

/** Correct subjects pass and mutants are rejected. */
export const bite = ({ suites, mutants }: Area, runner: Runner, print?: (text: string) => void): void => {
  holdAll(suites, runner)
  rejectAll(mutants, runner, print)
}
