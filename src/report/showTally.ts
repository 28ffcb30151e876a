/** A tally as a table for a terminal. */
import type { ByPath } from '../part/path.js'
import type { Stat, Tally } from './tally.js'

const columns = ['first', 'last', 'mean', 'min', 'max'] as const

const figure = (x: number): string =>
  x === 0 ? '0' : Number.isInteger(x) && Math.abs(x) < 1e7 ? String(x)
  : Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5 ? x.toPrecision(4) : x.toExponential(2)

const cells = ({ first, last, min, max, sum, count }: Stat): readonly string[] => [first, last, sum / count, min, max].map(figure)

type Row = readonly [string, readonly string[]]

const section = (title: string, stats: ByPath<Stat>): readonly Row[] => {
  const rows = Object.entries(stats).map(([path, stat]): Row => [`  ${path}`, cells(stat)])
  return rows.length === 0 ? [] : [[title, []], ...rows]
}

/**
 * A tally as lines: losses, each penalty, metrics, probes and hyper-parameters apart; of each number its first, last, mean, smallest and
 * largest value over the steps. Sections without a number are left out.
 * @example
 * ```ts
 * import { showTally, tally } from 'tikhonov/report'
 * const report = (data: number) => ({ data, penalties: { 'w/l2': 1 }, total: data + 1, metrics: {}, probes: {}, hyper: {} })
 * const lines = showTally(tally([4, 2].map(report))).split('\n')
 * lines.slice(0, 3) // => ['2 steps    first  last  mean  min  max', 'losses', '  data         4     2     3    2    4']
 * ```
 */
export const showTally = ({ steps, losses, penalties, metrics, probes, hyper }: Tally): string => {
  const rows: readonly Row[] = [
    [`${steps} step${steps === 1 ? '' : 's'}`, columns],
    ...section('losses', losses), ...section('penalties', penalties), ...section('metrics', metrics), ...section('probes', probes),
    ...section('hyper-parameters', hyper)
  ]
  const first = Math.max(...rows.map(([name]) => name.length))
  const widths = columns.map((_, c) => Math.max(...rows.map(([, row]) => row[c]?.length ?? 0)))
  return rows.map(([name, row]) => [name.padEnd(first), ...row.map((cell, c) => cell.padStart(widths[c]))].join('  ').trimEnd()).join('\n')
}
