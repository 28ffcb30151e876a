/** The part of the plane in which a trained network is asked for its probabilities: a grid, a little wider than what is shown. */
import type { DataName } from '../cases.js'

type Interval = readonly [low: number, high: number]

export interface Plane {
  readonly x1: Interval
  readonly x2: Interval
  readonly columns: number
  readonly rows: number
}

const step = 0.06

const count = ([low, high]: Interval): number => Math.round((high - low) / step) + 1

const planeOver = (x1: Interval, x2: Interval): Plane => ({ x1, x2, columns: count(x1), rows: count(x2) })

/** The planes of the data sets that have two features. */
export const planes: Readonly<Partial<Record<DataName, Plane>>> = {
  moons: planeOver([-1.98, 2.94], [-1.74, 1.98]),
  circles: planeOver([-1.44, 1.44], [-1.44, 1.44])
}

const between = ([low, high]: Interval, n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1))

/** All points of the grid as rows of features, from the lowest x2 upwards. */
export const pointsOf = ({ x1, x2, columns, rows }: Plane): readonly (readonly number[])[] =>
  between(x2, rows).flatMap((b) => between(x1, columns).map((a) => [a, b]))

/** The grid without its outermost points: what a chart shows. */
export const shown = ([low, high]: Interval): [number, number] => [low + step, high - step]
