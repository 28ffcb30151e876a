/** What a race is printed as, for people. */
import { showTime, table } from '../line.js'
import { ours } from './contenders.js'
import type { Absence, Result } from './race.js'

const say = (text: string): void => { process.stdout.write(`${text}\n`) }

/** The fastest variant of a library on a workload. */
const best = (results: readonly Result[], workload: string, peer: string): Result | undefined =>
  results.filter((r) => r.workload === workload && r.peer === peer).sort((a, b) => a.median_ms - b.median_ms).at(0)

const ratio = (theirs: Result | undefined, own: Result | undefined): string => {
  if (theirs === undefined || own === undefined) return '–'
  const times = theirs.median_ms / own.median_ms
  return `×${times >= 100 ? times.toFixed(0) : times.toPrecision(2)}`
}

/** Lines that are alike, once, with the workloads that they are of where these are not all. */
const merged = (names: readonly string[], lines: readonly { readonly workload: string; readonly line: string }[]): readonly string[] =>
  [...new Set(lines.map((l) => l.line))].sort((a, b) => a.localeCompare(b, 'en')).map((line) => {
    const on = lines.filter((l) => l.line === line).map((l) => l.workload)
    return `- ${line}${on.length === names.length ? '' : ` (${on.join(', ')})`}`
  })

/** Times, ratios, what each did and who did not run; `missing` could not even be started. */
export const report = (
  names: readonly string[], results: readonly Result[], absent: readonly Absence[], missing: readonly string[]
): void => {
  const peers = [...new Set(results.map((r) => r.peer))]
  const variants = [...new Map(results.map((r) => [`${r.peer}, ${r.variant}`, r])).entries()]
  say('Time of a training step, median; in brackets the part of the training examples predicted rightly afterwards, with a ! where that')
  say('is no more than always guessing the commonest label gets.\n')
  say(table([
    ['', ...names],
    ...variants.map(([label, { peer, variant }]) => [label, ...names.map((name) => {
      const found = results.find((r) => r.workload === name && r.peer === peer && r.variant === variant)
      return found === undefined ? '–' : `${showTime(found.median_ms)} (${found.accuracy.toFixed(2)}${found.trained ? '' : '!'})`
    })])
  ]))
  say('\nHow many times as long as ours a step takes, the best variant of each.\n')
  say(table([
    ['', ...names],
    ...peers.filter((p) => p !== ours).map((peer) =>
      [peer, ...names.map((name) => ratio(best(results, name, peer), best(results, name, ours)))])
  ]))
  say('\nWhat each does:')
  say(merged(names, results.map((r) => ({ workload: r.workload, line: `${r.peer}, ${r.variant}: ${r.does}` }))).join('\n'))
  const notRun = [
    ...missing.map((line) => `- ${line}`),
    ...merged(names, absent.map((a) => ({ workload: a.workload, line: `${a.peer}, ${a.variant}: ${a.why}` })))
  ]
  if (notRun.length > 0) say(`\nWhat did not run:\n${notRun.join('\n')}`)
}
