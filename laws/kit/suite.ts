import type { Law } from './law.js'

/**
 * A suite: the laws of one concept about one subject, with the suites whose laws it inherits.
 *
 * `subject` is the very thing under test; `parameters` are what else its laws were made from: a degree, a set, a trial. Two suites of the
 * same name about the same subject with the same parameters are the same suite.
 */
export interface Suite {
  readonly _tag: 'Suite'
  readonly name: string
  readonly subject: unknown
  readonly laws: readonly Law[]
  readonly parents: readonly Suite[]
  readonly parameters?: SuiteParameters | undefined
}

/** What the laws of a suite were made from beside its subject, by name. */
export type SuiteParameters = Readonly<Record<string, unknown>>

/** A law and the name of the suite that brought it; of a law met a second time, with another subject or parameters, `suite #2`. */
export interface Membership {
  readonly suite: string
  readonly law: Law
}

/**
 * A suite from its name, its subject, its own laws, its parents (none by default), and the parameters that its laws were made from, `{}`
 * where there are none.
 *
 * A suite that does not tell its parameters is never taken for another: where inheritance meets it twice, its laws are checked twice.
 *
 * @example
 * ```ts
 * import { law, lawsOf, suite } from 'tikhonov/laws'
 *
 * const holds = (name: string) => law(name, 'true', [], () => true)
 * const semigroup = () => suite('semigroup', Math.max, [holds('associative')], [], {})
 * const monoid = suite('monoid', Math.max, [holds('identity')], [semigroup()])
 * const lattice = suite('semilattice', Math.max, [holds('idempotent')], [semigroup(), monoid])
 * lawsOf(lattice).map(({ law }) => law.name) // => ['associative', 'identity', 'idempotent']
 * ```
 */
export const suite = (
  name: string, subject: unknown, laws: readonly Law[], parents: readonly Suite[] = [], parameters?: SuiteParameters
): Suite => ({ _tag: 'Suite', name, subject, laws, parents, parameters })

/** Data that are nothing but their parts: what is tagged, and instances, are told apart by identity. */
const isPlain = (value: unknown): value is SuiteParameters =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !('_tag' in value)

const isAlike = (a: unknown, b: unknown): boolean =>
  Object.is(a, b)
  || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((part, i) => isAlike(part, b[i])))
  || (isPlain(a) && isPlain(b) && Object.keys({ ...a, ...b }).every((key) => isAlike(a[key], b[key])))

const isSame = (a: Suite) => (b: Suite): boolean =>
  a.name === b.name && Object.is(a.subject, b.subject)
  && (a.parameters === undefined || b.parameters === undefined
    ? isAlike([a.laws, a.parents], [b.laws, b.parents])
    : isAlike(a.parameters, b.parameters))

const lineage = (found: readonly Suite[], next: Suite): readonly Suite[] =>
  found.some(isSame(next)) ? found : [...next.parents.reduce(lineage, found), next]

/** One name a law, so that a replay and a report mean one: the second of a name is `suite #2 › law`. */
const toldApart = (members: readonly Membership[]): readonly Membership[] =>
  members.map((member, i) => {
    const before = members.slice(0, i).filter((other) => title(other) === title(member)).length
    return before === 0 ? member : { ...member, suite: `${member.suite} #${before + 1}` }
  })

/**
 * All laws of a suite, the inherited ones first, each once however many ways lead to it.
 *
 * A suite is met again, as in a diamond, when its name, its subject (by identity) and its parameters are the same: lists and plain records
 * part by part, all else by identity. The same name with another subject or other parameters is another suite, called `name #2`.
 *
 * @example
 * ```ts
 * import { law, lawsOf, suite, title } from 'tikhonov/laws'
 *
 * const homogeneous = (f: (x: number) => number, degree: number) => suite('homogeneous', f, [
 *   law('scales', 'f(2) = 2ᵈ·f(1)', [], () => f(2) === 2 ** degree * f(1))
 * ], [], { degree })
 * lawsOf(suite('both', 'abs', [], [homogeneous(Math.abs, 1), homogeneous(Math.abs, 1)])).length // => 1
 * const both = suite('both', 'abs', [], [homogeneous(Math.abs, 1), homogeneous(Math.abs, 2)])
 * lawsOf(both).map(title) // => ['homogeneous › scales', 'homogeneous #2 › scales']
 * ```
 */
export const lawsOf = (root: Suite): readonly Membership[] =>
  toldApart(lineage([], root).flatMap(({ name, laws }) => laws.map((law) => ({ suite: name, law }))))

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
