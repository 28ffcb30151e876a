/** What a race is printed as, for people. */
import { rounded, showTime, table } from '../line.js'
import { isOurs, ours, oursRelaxed, pytorch } from './contenders.js'
import type { Absence, Result } from './race.js'

const say = (text: string): void => { process.stdout.write(`${text}\n`) }

const fastest = (results: readonly Result[]): Result | undefined => [...results].sort((a, b) => a.median_ms - b.median_ms).at(0)

/** How many times as long as ours a step of another takes, the best variant of each. */
export interface Ratio {
  readonly workload: string
  /** Us, with plain or with relaxed SIMD. */
  readonly ours: string
  /** A library, or the fastest of those in JavaScript, which is named. */
  readonly theirs: string
  readonly fastest_js: boolean
  readonly ours_ms: number
  readonly theirs_ms: number
  readonly times: number
}

/** Every ratio of a race: each library by itself, and the fastest in JavaScript. */
export const ratios = (results: readonly Result[]): readonly Ratio[] =>
  [...new Set(results.map((r) => r.workload))].flatMap((workload) => {
    const here = results.filter((r) => r.workload === workload)
    const others = here.filter((r) => !isOurs(r.peer))
    const best = [
      ...[...new Set(others.map((r) => r.peer))].map((peer) => ({ js: false, found: fastest(others.filter((r) => r.peer === peer)) })),
      { js: true, found: fastest(others.filter((r) => r.peer !== pytorch)) }
    ]
    return [ours, oursRelaxed].flatMap((us): Ratio[] => {
      const own = fastest(here.filter((r) => r.peer === us))
      return own === undefined ? [] : best.flatMap(({ js, found }): Ratio[] => (found === undefined ? [] : [{
        workload, ours: us, theirs: found.peer, fastest_js: js, ours_ms: own.median_ms, theirs_ms: found.median_ms,
        times: rounded(found.median_ms / own.median_ms)
      }]))
    })
  })

const showTimes = (times: number): string => `×${times >= 100 ? times.toFixed(0) : times.toPrecision(2)}`

/** The ratios to us of one kind, a library a row. */
const showRatios = (names: readonly string[], all: readonly Ratio[]): string => {
  const cells = (of: (r: Ratio) => boolean) => names.map((name) => {
    const found = all.find((r) => r.workload === name && of(r))
    return found === undefined ? '–' : showTimes(found.times)
  })
  return table([
    ['', ...names],
    ...[...new Set(all.map((r) => r.theirs))].map((peer) => [peer, ...cells((r) => r.theirs === peer && !r.fastest_js)]),
    ['the fastest in JavaScript', ...cells((r) => r.fastest_js)]
  ])
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
  const variants = [...new Map(results.map((r) => [`${r.peer}, ${r.variant}`, r])).entries()]
  say('Time of a training step, median; in brackets the part of the training examples predicted rightly afterwards (of lstm: of the')
  say('variance explained), with a ! where a guess that has seen no inputs does as well.\n')
  say(table([
    ['', ...names],
    ...variants.map(([label, { peer, variant }]) => [label, ...names.map((name) => {
      const found = results.find((r) => r.workload === name && r.peer === peer && r.variant === variant)
      return found === undefined ? '–' : `${showTime(found.median_ms)} (${found.accuracy.toFixed(2)}${found.trained ? '' : '!'})`
    })]),
    ['our product 128×784×512, 1 thread, GFLOP/s', ...names.map((name) =>
      results.find((r) => r.workload === name)?.gemm_gflops.toPrecision(3) ?? '–')]
  ]))
  for (const us of [ours, oursRelaxed]) {
    const own = ratios(results).filter((r) => r.ours === us)
    if (own.length > 0) say(`\nHow many times as long as a step of ${us} one takes, the best variant of each.\n\n${showRatios(names, own)}`)
  }
  say('\nWhat each does:')
  say(merged(names, results.map((r) => ({ workload: r.workload, line: `${r.peer}, ${r.variant}: ${r.does}` }))).join('\n'))
  const notRun = [
    ...missing.map((line) => `- ${line}`),
    ...merged(names, absent.map((a) => ({ workload: a.workload, line: `${a.peer}, ${a.variant}: ${a.why}` })))
  ]
  if (notRun.length > 0) say(`\nWhat did not run:\n${notRun.join('\n')}`)
}
