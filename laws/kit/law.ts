import fc from 'fast-check'
import type { Outcome } from './outcome.js'

/**
 * A law: a named equation about a subject, and the property that would falsify it.
 *
 * It closes over its subject and asserts nothing by itself.
 *
 * `property` is an ordinary fast-check property over the tuple of the law's values; `corners` are values tried before any drawn ones;
 * `mostRuns` caps the runs of a law whose single run is dear.
 */
export interface Law {
  readonly _tag: 'Law'
  readonly name: string
  readonly equation: string
  readonly property: fc.IRawProperty<[readonly unknown[]]>
  readonly corners: readonly (readonly unknown[])[]
  readonly mostRuns: number
}

/**
 * What a law may say about its runs: `corners`, tuples of values that are always tried first (the arbitraries need not draw them);
 * `mostRuns`, a cap on the number of runs whatever the user asks for (default none; 1 for a law without arbitraries).
 */
export interface LawOptions<Values extends readonly unknown[]> {
  readonly corners?: readonly Values[]
  readonly mostRuns?: number
}

type Arbitraries = readonly fc.Arbitrary<unknown>[]

/** The values that a list of arbitraries draws. */
type Drawn<Given extends Arbitraries> = { -readonly [I in keyof Given]: Given[I] extends fc.Arbitrary<infer Value> ? Value : never }

/** One arbitrary of many. The type is said here because `fc.tuple` infers its values from arbitraries, not from a type made of them. */
const together = <Given extends Arbitraries>(arbitraries: Given) => fc.tuple(...arbitraries) as fc.Arbitrary<Drawn<Given>>

/** The counterexample's words, carried through fast-check, which learns of a failure from `false` or from what is thrown. */
export interface Counterexample extends Error {
  readonly _tag: 'Counterexample'
}

const counterexample = (said: string): Counterexample => Object.assign(new Error(said), { _tag: 'Counterexample' as const })

const settle = (said: Outcome): void => {
  if (said !== true) throw counterexample(said === false ? 'the predicate is false' : said)
}

const made = <Values extends readonly unknown[]>(
  name: string,
  equation: string,
  property: fc.IRawProperty<[readonly unknown[]]>,
  arity: number,
  { corners = [], mostRuns = arity === 0 ? 1 : Infinity }: LawOptions<Values>
): Law => ({ _tag: 'Law', name, equation, property, corners, mostRuns })

/**
 * A law from its name, its equation, the arbitraries of its values and a predicate over them.
 *
 * The predicate answers `true`, or what differs, with numbers (see `same`, `near`, `atMost`, `every`); what it throws counts against it
 * too.
 * `fc.pre(condition)` inside it discards values outside the law's domain; they are counted. Without arbitraries the law is run once.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { check, law, near, suite } from 'tikhonov/laws'
 *
 * const doubles = (double: (x: number) => number) =>
 *   law('doubles', 'double(x) = x + x', [fc.integer()], (x) => near(double(x), x + x, {}))
 *
 * check(suite('doubling', 'shift', [doubles((x) => x * 2)])).map((verdict) => verdict._tag) // => ['Passed']
 * check(suite('doubling', 'square', [doubles((x) => x * x)])).map((verdict) => verdict._tag) // => ['Failed']
 * ```
 */
export const law = <const Given extends Arbitraries>(
  name: string,
  equation: string,
  arbitraries: Given,
  predicate: (...values: Drawn<Given>) => Outcome,
  options: LawOptions<Drawn<Given>> = {}
): Law =>
  made(name, equation, fc.property(together(arbitraries), (values) => settle(predicate(...values))), arbitraries.length, options)

/**
 * A law whose predicate answers later: about streams, files, workers. `check` cannot wait for it, `checkAsync` and `checkAll` do.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { asyncLaw, checkAsync, same, suite } from 'tikhonov/laws'
 *
 * const echo = asyncLaw('echo', 'await of(x) = x', [fc.string()], async (x) => same(await Promise.resolve(x), x))
 * const verdicts = await checkAsync(suite('promise', Promise, [echo]))
 * verdicts.map((verdict) => verdict._tag) // => ['Passed']
 * ```
 */
export const asyncLaw = <const Given extends Arbitraries>(
  name: string,
  equation: string,
  arbitraries: Given,
  predicate: (...values: Drawn<Given>) => Promise<Outcome>,
  options: LawOptions<Drawn<Given>> = {}
): Law =>
  made(
    name,
    equation,
    fc.asyncProperty(together(arbitraries), async (values) => settle(await predicate(...values))),
    arbitraries.length,
    options
  )
