/** What a fit says of the meat in each region: how unsure it is, how wrong it is, and how often its band holds the truth. */
import { type Meat, type Region, regionOf, regions } from './data.js'
import type { Fit } from './run.js'

/** Percent of the weight, but for `held`, a fraction, and `count`. */
export interface Row {
  readonly region: Region
  readonly count: number
  /** The mean standard deviation between the sub-networks. */
  readonly deviation: number
  /** The root of the mean squared error of their mean. */
  readonly error: number
  /** How many pieces lie within two standard deviations, those of the network and of the noise together. */
  readonly held: number
  /** The mean distance of the samples' mean from one forward pass with the mean weights. */
  readonly gap: number
}

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length

export const rowsOf = (all: readonly Meat[], { meats, noise }: Fit): readonly Row[] => regions.map((region) => {
  const own = all.flatMap((meat, i) => (regionOf(meat) === region ? [{ ...meats[i], protein: meat.protein }] : []))
  return {
    region,
    count: own.length,
    deviation: mean(own.map(({ deviation }) => deviation)),
    error: Math.sqrt(mean(own.map((a) => (a.mean - a.protein) ** 2))),
    held: mean(own.map((a) => (Math.abs(a.mean - a.protein) <= 2 * Math.hypot(a.deviation, noise) ? 1 : 0))),
    gap: mean(own.map((a) => Math.abs(a.mean - a.asleep)))
  }
})

const columns = ['region', 'pieces', 'deviation', 'error', 'held', 'gap']

export const table = (rows: readonly Row[]): string => [
  columns,
  ...rows.map((r) => [r.region, String(r.count), ...[r.deviation, r.error, r.held, r.gap].map((v) => v.toFixed(3))])
].map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(10) : cell.padStart(11))).join('')).join('\n')

const digits = (x: number): number => Number(x.toPrecision(6))

export const json = ({ region, count, deviation, error, held, gap }: Row, { samples }: { readonly samples: number }): string =>
  JSON.stringify({
    case: region, count, samples, deviation: digits(deviation), error: digits(error), held: digits(held), gap: digits(gap)
  })
