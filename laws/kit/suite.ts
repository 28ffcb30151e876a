import type { Law } from './law.js'

/**
 * A suite: the laws of one concept about one subject, with the suites whose laws it inherits.
 *
 * `subject` is the very thing under test. Two suites of the same name about the same subject are the same suite.
 */
export interface Suite {
  readonly _tag: 'Suite'
  readonly name: string
  readonly subject: unknown
  readonly laws: readonly Law[]
  readonly parents: readonly Suite[]
}

/** A law and the suite that brought it. */
export interface Membership {
  readonly suite: string
  readonly law: Law
}

/**
 * A suite from its name, its subject, its own laws and its parents (none by default).
 *
 * @example
 * ```ts
 * import { law, lawsOf, suite } from 'tikhonov/laws'
 *
 * const holds = (name: string) => law(name, 'true', [], () => true)
 * const semigroup = suite('semigroup', Math.max, [holds('associative')])
 * const monoid = suite('monoid', Math.max, [holds('identity')], [semigroup])
 * const lattice = suite('semilattice', Math.max, [holds('idempotent')], [semigroup, monoid])
 * lawsOf(lattice).map(({ law }) => law.name) // => ['associative', 'identity', 'idempotent']
 * ```
 */
export const suite = (name: string, subject: unknown, laws: readonly Law[], parents: readonly Suite[] = []): Suite => ({
  _tag: 'Suite',
  name,
  subject,
  laws,
  parents
})

const isSame = (a: Suite) => (b: Suite): boolean => a.name === b.name && Object.is(a.subject, b.subject)

const lineage = (found: readonly Suite[], next: Suite): readonly Suite[] =>
  found.some(isSame(next)) ? found : [...next.parents.reduce(lineage, found), next]

/**
 * All laws of a suite, the inherited ones first, each once however many ways lead to it.
 *
 * A suite is met again when its name and its subject (by identity) are the same, as in a diamond; the same name about another subject is
 * another suite.
 *
 * @example
 * ```ts
 * import { law, lawsOf, suite } from 'tikhonov/laws'
 *
 * const laws = [law('idempotent', 'f(f(x)) = f(x)', [], () => true)]
 * const about = (f: (x: number) => number) => suite('projection', f, laws)
 * lawsOf(suite('both', 'abs', [], [about(Math.abs), about(Math.abs)])).length // => 1
 * lawsOf(suite('both', 'abs and floor', [], [about(Math.abs), about(Math.floor)])).length // => 2
 * ```
 */
export const lawsOf = (root: Suite): readonly Membership[] =>
  lineage([], root).flatMap(({ name, laws }) => laws.map((law) => ({ suite: name, law })))

/**
 * The full name of a law in its suite, as verdicts, replays and mutants write it: `suite › law`.
 *
 * @example
 * ```ts
 * import { law, lawsOf, suite, title } from 'tikhonov/laws'
 *
 * lawsOf(suite('norm', Math.abs, [law('definite', '‖0‖ = 0', [], () => true)])).map(title) // => ['norm › definite']
 * ```
 */
export const title = ({ suite, law }: Membership): string => `${suite} › ${law.name}`
