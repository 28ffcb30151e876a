/** Half-hourly demand for electricity in England and Wales over twelve weeks, cut into windows. */
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import * as t from 'io-ts'
import { tensor } from 'tikhonov'
import { numberIn, type Sheet } from '../data/decode.js'
import { readSheet } from '../data/read.js'
import type { Parts } from '../paired/study.js'
import { scaleOf } from '../regularization/split.js'

interface Demand {
  /** In weeks. */
  readonly t: number
  /** In megawatts. */
  readonly value: number
}

const sheet: Sheet<Demand> = {
  file: 'ts-taylor.csv.gz', rows: 4032, columns: ['t', 'value'], row: t.type({ t: numberIn(1, 13), value: numberIn(10_000, 60_000) })
}

const day = 48
const week = 7 * day

/** A window is a day. */
export const steps = day

/** What is wanted is the demand a day after its last value. */
const ahead = day

/** Where the values of each part lie, in half-hours, and how far apart its windows begin. What is wanted of a window lies in its part. */
export const split = {
  train: { from: 0, to: 4 * week, every: 37 },
  held: { from: 8 * week, to: 12 * week, every: 7 }
} as const

type Span = (typeof split)[keyof typeof split]

const windows = ({ from, to, every }: Span): readonly number[] =>
  Array.from({ length: Math.floor((to - from - steps - ahead) / every) + 1 }, (_, i) => from + i * every)

/** Windows [n, 48, 1] and what is wanted [n, 1], in standard deviations from the mean of the first four weeks, which train. */
export const loadDemand = (): E.Either<N.NonEmptyArray<string>, Parts> => F.pipe(
  readSheet(sheet),
  E.map((rows) => {
    const demand = rows.map(({ value }) => value)
    const { centre, sd } = scaleOf(demand.slice(split.train.from, split.train.to))
    const values = demand.map((value) => (value - centre) / sd)
    const part = (span: Span) => {
      const begins = windows(span)
      return {
        x: tensor(begins.map((begin) => values.slice(begin, begin + steps).map((value) => [value]))),
        y: tensor(begins.map((begin) => [values[begin + steps + ahead - 1]]))
      }
    }
    return { train: part(split.train), held: part(split.held) }
  })
)
