/** Rows as text: a table for people, JSON for programs, and in words which variants helped. */
import { spread } from '../regularization/summary.js'
import type { Result, Study } from './study.js'

/** A variant with its results, one a seed, and those of the variant that it is compared with, seed for seed. */
export interface Row {
  readonly name: string
  readonly results: readonly Result[]
  readonly baseline: readonly Result[]
}

const over = (results: readonly Result[], measure: keyof Result) => spread(results.map((result) => result[measure] ?? NaN))

/** By how much the held-out loss is above the baseline's, in each seed. */
export const differences = ({ results, baseline }: Row): readonly number[] =>
  results.map(({ heldLoss }, i) => heldLoss - baseline[i].heldLoss)

/** In how many seeds the held-out loss is below the baseline's. */
const betterIn = (row: Row): number => differences(row).filter((d) => d < 0).length

const width = 17

const cells = ([name, ...rest]: readonly string[]): string =>
  `${name.padEnd(18)}${rest.map((cell) => cell.padStart(width)).join('')}`.trimEnd()

const measuresOf = (results: readonly Result[]): readonly (keyof Result)[] =>
  ['trainLoss', 'heldLoss', ...(results.every(({ heldAcc }) => heldAcc !== undefined) ? ['trainAcc', 'heldAcc'] as const : [])]

const shown = (results: readonly Result[], measure: keyof Result): string => {
  const { mean, sd } = over(results, measure)
  return results.length === 1 ? mean.toFixed(4) : `${mean.toFixed(4)} ±${sd.toFixed(4).replace(/^0\./, '.')}`
}

export const heading = ({ about, held, metrics, variants: [first] }: Study, epochs: number, seeds: number): string => [
  `${about} · ${epochs} epochs · ${seeds === 1 ? '1 seed' : `mean ±sd over ${seeds} seeds`}`,
  cells([
    'case', 'train loss', `${held} loss`, ...(metrics.length > 0 ? ['train acc', `${held} acc`] : []), `− ${first.name}`, 'better in'
  ])
].join('\n')

export const line = (row: Row): string => cells([
  row.name,
  ...measuresOf(row.results).map((measure) => shown(row.results, measure)),
  ...(row.results === row.baseline ? ['', '']
    : [spread(differences(row)).mean.toFixed(4).replace(/^(?=\d)/, '+').replace('-', '−'), `${betterIn(row)} of ${row.results.length}`])
])

const figures = (x: number): number => Number(x.toPrecision(6))

/**
 * One object on one line; `parameters` are those of the network without its dead units, in the mean over the seeds; `better_in` is the
 * number of seeds whose held-out loss is below that of the first row.
 */
export const json = ({ held }: Study, row: Row): string => JSON.stringify({
  case: row.name,
  seeds: row.results.length,
  ...Object.fromEntries(measuresOf(row.results).map((measure) => [
    `${measure.startsWith('train') ? 'train' : held}_${measure.endsWith('Loss') ? 'loss' : 'acc'}`, figures(over(row.results, measure).mean)
  ])),
  ...(row.results.every(({ parameters }) => parameters !== undefined)
    ? { parameters: figures(over(row.results, 'parameters').mean) } : {}),
  better_in: betterIn(row)
})

/** The best row, and in words each variant that did not help. */
export const verdict = ({ held }: Study, [first, ...rest]: readonly Row[]): string => {
  const change = (row: Row): number => spread(differences(row)).mean
  const best = rest.reduce((a, b) => (change(b) < change(a) ? b : a))
  const worse = rest.filter((row) => change(row) >= 0)
  return [
    change(best) < 0
      ? `Lowest ${held} loss: ${best.name}, below ${first.name} in ${betterIn(best)} of ${best.results.length} seeds.`
      : `No variant has a lower ${held} loss than ${first.name}.`,
    ...(change(best) < 0 && worse.length > 0
      ? [`Did not help here (in the mean no lower than ${first.name}): ${worse.map(({ name }) => name).join(', ')}.`] : [])
  ].join('\n')
}
