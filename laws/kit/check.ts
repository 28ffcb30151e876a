import fc from 'fast-check'
import { lawsOf, title, type Membership, type Suite } from './suite.js'
import { unjudged, verdict, type Unjudged, type Verdict } from './verdict.js'

/**
 * What the user chooses: `runs` of each law (default 100), the `seed` of its values (default: a new one each time), the `path` to replay of
 * a law that failed (by its full name, as its message prints it), and whether a counterexample is made smaller (`shrink`, default true).
 *
 * Where `runs` is no whole number ≥ 1, the seed not finite or a path malformed, no law is tried: the verdict on each is `Unjudged`.
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

/** What is wrong with how many runs are asked for, of which seed: fast-check takes 0 runs for a success, and 2.5 for no end. */
const wrong = ({ law: { mostRuns } }: Membership, { runs = 100, seed = 0 }: CheckOptions): string | undefined =>
  !Number.isSafeInteger(runs) || runs < 1 ? `runs: found ${runs}, allowed: a whole number ≥ 1`
  : !Number.isFinite(seed) ? `seed: found ${seed}, allowed: a finite number`
  : mostRuns !== Infinity && (!Number.isSafeInteger(mostRuns) || mostRuns < 1)
    ? `mostRuns: found ${mostRuns}, allowed: a whole number ≥ 1, or Infinity`
  : undefined

const details = (member: Membership, options: CheckOptions) => fc.check(member.law.property, parameters(member, options))

const later = 'it answers later: check it with checkAsync or checkAll'

/** What is thrown here is not the law's word but of drawing its values, or of a path that leads nowhere. */
const notTried = (member: Membership, error: unknown): Unjudged =>
  unjudged(member, `no values: ${error instanceof Error ? `${error.name}: ${error.message}` : fc.stringify(error)}`)

const judge = (options: CheckOptions) => (member: Membership): Verdict => {
  const refused = wrong(member, options) ?? (member.law.property.isAsync() ? later : undefined)
  if (refused !== undefined) return unjudged(member, refused)
  try {
    const found = details(member, options)
    return found instanceof Promise ? unjudged(member, later) : verdict(member, found)
  } catch (error) {
    return notTried(member, error)
  }
}

/** The verdict on one law, whether it answers now or later. */
export const judgeAsync = (options: CheckOptions) => async (member: Membership): Promise<Verdict> => {
  const refused = wrong(member, options)
  if (refused !== undefined) return unjudged(member, refused)
  try {
    return verdict(member, await details(member, options))
  } catch (error) {
    return notTried(member, error)
  }
}

/**
 * The verdicts on all laws of a suite, in the order of `lawsOf`; needs no test runner.
 *
 * A law that answers later gets the verdict `Unjudged`: see `checkAsync`. Nothing is thrown, whatever the laws and the options.
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
