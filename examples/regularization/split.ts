/** Which examples train and which test, and the standardisation that only looks at those that train. */
import { permutation } from 'tikhonov/random'
import type { Experiment } from '../cases.js'
import type { Examples } from '../data/load.js'

export interface Split {
  readonly train: Examples
  readonly test: Examples
}

const pick = ({ x, y }: Examples, places: readonly number[]): Examples => ({
  x: places.map((i) => x[i] ?? []),
  y: places.map((i) => y[i] ?? NaN)
})

/** The split of a seed: every case of the same seed gets the same one, so that cases can be compared in pairs. */
export const splitOf = ({ split, standardised, data }: Experiment, all: Examples, seed: number): Split => {
  const order = split.by === 'order' ? all.y.map((_, i) => i) : permutation(all.y.length, { seed, purpose: `split ${data}` })
  const parts = { train: pick(all, order.slice(0, split.train)), test: pick(all, order.slice(split.train, split.train + split.test)) }
  return standardised ? standardise(parts) : parts
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean and standard deviation; a column that is constant (but for rounding of its mean) counts as one of sd 1. */
export const scaleOf = (column: readonly number[]): { readonly centre: number; readonly sd: number } => {
  const centre = mean(column)
  const sd = Math.sqrt(mean(column.map((value) => (value - centre) ** 2)))
  return { centre, sd: sd > 1e-12 * Math.abs(centre) ? sd : 1 }
}

/** (x − mean) / sd of each column, both taken from the training part alone: the test part must not leak into training. */
const standardise = ({ train, test }: Split): Split => {
  const scales = (train.x[0] ?? []).map((_, j) => scaleOf(train.x.map((row) => row[j] ?? NaN)))
  const scaled = ({ x, y }: Examples): Examples => ({
    x: x.map((row) => scales.map(({ centre, sd }, j) => ((row[j] ?? NaN) - centre) / sd)),
    y
  })
  return { train: scaled(train), test: scaled(test) }
}
