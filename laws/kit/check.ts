import fc from 'fast-check'
import { lawsOf, title, type Membership, type Suite } from './suite.js'
import { unjudged, verdict, type Verdict } from './verdict.js'

/**
 * What the user chooses: `runs` of each law (default 100), the `seed` of its values (default: a new one each time), the `path` to replay of
 * a law that failed (by its full name, as its message prints it), and whether a counterexample is made smaller (`shrink`, default true).
 */
export interface CheckOptions {
  readonly runs?: number
  readonly seed?: number
  readonly path?: Readonly<Record<string, string>>
  readonly shrink?: boolean
}

const parameters = (
  member: Membership,
  { runs = 100, seed, path = {}, shrink = true }: CheckOptions
): fc.Parameters<[readonly unknown[]]> => ({
  numRuns: Math.min(runs, member.law.mostRuns),
  examples: member.law.corners.map((values) => [values]),
  endOnFailure: !shrink,
  ...(seed === undefined ? {} : { seed }),
  ...(title(member) in path ? { path: path[title(member)] } : {})
})

const details = (member: Membership, options: CheckOptions) => fc.check(member.law.property, parameters(member, options))

const judge = (options: CheckOptions) => (member: Membership): Verdict => {
  const found = member.law.property.isAsync() ? undefined : details(member, options)
  return found === undefined || found instanceof Promise
    ? unjudged(member, 'it answers later: check it with checkAsync or checkAll')
    : verdict(member, found)
}

/** The verdict on one law, whether it answers now or later. */
export const judgeAsync = (options: CheckOptions) => async (member: Membership): Promise<Verdict> =>
  verdict(member, await details(member, options))

/**
 * The verdicts on all laws of a suite, in the order of `lawsOf`; needs no test runner.
 *
 * A law that answers later gets the verdict `Unjudged`: see `checkAsync`.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { check, law, same, suite } from 'tikhonov/laws'
 *
 * const commutative = (f: (a: number, b: number) => number) =>
 *   suite('commutative', f, [law('commutative', 'f(a, b) = f(b, a)', [fc.nat(), fc.nat()], (a, b) => same(f(a, b), f(b, a)))])
 *
 * const [verdict] = check(commutative((a, b) => a - b), { seed: 1 })
 * verdict._tag === 'Failed' && verdict.reason // => 'differs at the value itself: got -1, expected 1 (off by 2)'
 * verdict._tag === 'Failed' && verdict.counterexample // => '0, 1'
 * ```
 */
export const check = (suite: Suite, options: CheckOptions = {}): readonly Verdict[] => lawsOf(suite).map(judge(options))

/**
 * The verdicts on all laws of a suite, one after the other, laws that answer later among them; needs no test runner.
 *
 * @example
 * ```ts
 * import { asyncLaw, checkAsync, suite } from 'tikhonov/laws'
 *
 * const verdicts = await checkAsync(suite('clock', Date, [asyncLaw('waits', 'true', [], async () => true)]))
 * verdicts // => [{ _tag: 'Passed', law: 'clock › waits', runs: 1, discarded: 0 }]
 * ```
 */
export const checkAsync = (suite: Suite, options: CheckOptions = {}): Promise<readonly Verdict[]> =>
  lawsOf(suite).reduce<Promise<readonly Verdict[]>>(
    async (before, member) => [...(await before), await judgeAsync(options)(member)],
    Promise.resolve([])
  )
