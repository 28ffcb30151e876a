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
 * A law was falsified.
 *
 * `values` are those of the smallest counterexample found, `counterexample` the same as text, `reason` what differed, `thrown` whether
 * the subject threw rather than answered; `seed` and `path` replay it; `message` says all of it to a person.
 */
export interface Failed {
  readonly _tag: 'Failed'
  readonly law: string
  readonly values: readonly unknown[]
  readonly counterexample: string
  readonly reason: string
  readonly thrown: boolean
  readonly seed: number
  readonly path: string
  readonly runs: number
  readonly shrinks: number
  readonly message: string
}

/**
 * A law was neither confirmed nor falsified: nearly all values lay outside its domain, none could be drawn, the options ask for nothing, or
 * it answers later than `check` waits. No success.
 */
export interface Unjudged {
  readonly _tag: 'Unjudged'
  readonly law: string
  readonly reason: string
  readonly message: string
}

/** What checking a law came to. */
export type Verdict = Passed | Failed | Unjudged

type Details = fc.RunDetails<[readonly unknown[]]>

const longest = 2_000

const clip = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length - longest} more characters)`

const isCounterexample = (error: unknown): error is Counterexample =>
  error instanceof Error && '_tag' in error && error._tag === 'Counterexample'

const told = (error: unknown): string =>
  isCounterexample(error) ? error.message
  : error instanceof Error ? `threw ${error.name}: ${error.message}`
  : `threw ${fc.stringify(error)}`

const replay = (law: string, seed: number, path: string): string =>
  `{ seed: ${seed}, path: { ${JSON.stringify(law)}: ${JSON.stringify(path)} } }`

/** The verdict on a law that was not judged, for the reason given. */
export const unjudged = (member: Membership, reason: string): Unjudged => {
  const law = title(member)
  return { _tag: 'Unjudged', law, reason, message: `the law "${law}" was not judged: ${member.law.equation}\n  ${reason}` }
}

const falsified = (member: Membership, details: Details, values: readonly unknown[]): Failed => {
  const law = title(member)
  const { seed, numRuns: runs, numShrinks: shrinks, errorInstance: error } = details
  const path = details.counterexamplePath ?? ''
  const counterexample = values.map((value) => clip(fc.stringify(value))).join(', ')
  const reason = clip(told(error))
  const message = [
    `the law "${law}" does not hold: ${member.law.equation}`,
    `  counterexample: (${counterexample})`,
    `  ${reason}`,
    `  found in run ${runs}, made smaller ${shrinks} times; replay with ${replay(law, seed, path)}`
  ].join('\n')
  const thrown = !isCounterexample(error)
  return { _tag: 'Failed', law, values, counterexample, reason, thrown, seed, path, runs, shrinks, message }
}

/** The verdict on one law, told from fast-check's account of its runs. */
export const verdict = (member: Membership, details: Details): Verdict =>
  !details.failed ? { _tag: 'Passed', law: title(member), runs: details.numRuns, discarded: details.numSkips }
  : details.counterexample === null
    ? unjudged(member, `${details.numSkips} values were discarded as outside its domain, ${details.numRuns} kept (seed ${details.seed})`)
  : falsified(member, details, details.counterexample[0])
