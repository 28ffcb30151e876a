import fc from 'fast-check'
import type { Counterexample } from './law.js'
import { title, type Membership } from './suite.js'

/** A law held in all its runs; `discarded` counts the values that the law refused as outside its domain. */
export interface Passed {
  readonly _tag: 'Passed'
  readonly law: string
  readonly runs: number
  readonly discarded: number
}

/**
 * A law was falsified, or could not be judged (too many values discarded).
 *
 * `values` are those of the smallest counterexample found, `counterexample` the same as text, `reason` what differed; `seed` and `path` replay it;
 * `message` says all of it to a person.
 */
export interface Failed {
  readonly _tag: 'Failed'
  readonly law: string
  readonly values: readonly unknown[]
  readonly counterexample: string
  readonly reason: string
  readonly seed: number
  readonly path: string
  readonly runs: number
  readonly shrinks: number
  readonly message: string
}

/** What checking a law came to. */
export type Verdict = Passed | Failed

const longest = 2_000

const clip = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length - longest} more characters)`

const isCounterexample = (error: unknown): error is Counterexample =>
  error instanceof Error && '_tag' in error && error._tag === 'Counterexample'

const why = (details: fc.RunDetails<[readonly unknown[]]>): string =>
  details.counterexample === null ? `gave up: ${details.numSkips} values discarded, ${details.numRuns} kept; the law was not judged`
  : isCounterexample(details.errorInstance) ? details.errorInstance.message
  : details.errorInstance instanceof Error && !/returning false/.test(details.errorInstance.message)
    ? `threw ${details.errorInstance.name}: ${details.errorInstance.message}`
  : 'the predicate is false'

const replay = (law: string, seed: number, path: string): string =>
  path === '' ? `{ seed: ${seed} }` : `{ seed: ${seed}, path: { ${JSON.stringify(law)}: ${JSON.stringify(path)} } }`

/** The verdict on one law, told from fast-check's account of its runs. */
export const verdict = (member: Membership, details: fc.RunDetails<[readonly unknown[]]>): Verdict => {
  const law = title(member)
  const runs = details.numRuns
  if (!details.failed) return { _tag: 'Passed', law, runs, discarded: details.numSkips }
  const values = details.counterexample === null ? [] : details.counterexample[0]
  const counterexample = values.map((value) => clip(fc.stringify(value))).join(', ')
  const { seed, numShrinks: shrinks } = details
  const path = details.counterexamplePath ?? ''
  const reason = clip(why(details))
  const message = [
    `the law "${law}" does not hold: ${member.law.equation}`,
    `  counterexample: (${counterexample})`,
    `  ${reason}`,
    `  found in run ${runs}, made smaller ${shrinks} times; replay with ${replay(law, seed, path)}`
  ].join('\n')
  return { _tag: 'Failed', law, values, counterexample, reason, seed, path, runs, shrinks, message }
}

/** The verdict on a law that `check` cannot wait for. */
export const later = (member: Membership): Failed => {
  const reason = 'the law answers later: check it with checkAsync or checkAll'
  const law = title(member)
  return {
    _tag: 'Failed', law, values: [], counterexample: '', reason, seed: 0, path: '', runs: 0, shrinks: 0,
    message: `the law "${law}" was not judged\n  ${reason}`
  }
}
