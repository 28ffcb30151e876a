/** One row of the table: means and standard deviations over the seeds of a case. */
import type { DataName } from '../cases.js'
import type { CaseResult, CurvePoint } from './result.js'

export const measures = ['trainAcc', 'testAcc', 'trainLoss', 'testLoss', 'l1', 'l2', 'zeros', 'penalty'] as const
export type Measure = (typeof measures)[number]

/** `sd` is the sample standard deviation (n − 1), 0 for one seed. */
export interface Spread {
  readonly mean: number
  readonly sd: number
}

export interface Row {
  readonly data: DataName
  readonly name: string
  readonly seeds: number
  readonly measured: Readonly<Record<Measure, Spread>>
  readonly curve: readonly CurvePoint[]
  readonly grid: readonly number[] | undefined
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean and standard deviation of values, one a seed. */
export const spread = (values: readonly number[]): Spread => {
  const centre = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return { mean: centre, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}

/** Curves and grids of all seeds have the same epochs and the same points: they are averaged place by place. */
export const summarise = (data: DataName, name: string, results: readonly CaseResult[]): Row => {
  const over = (measure: Measure): Spread => spread(results.map((result) => result[measure]))
  const grids = results.flatMap(({ grid }) => (grid === undefined ? [] : [grid]))
  return {
    data,
    name,
    seeds: results.length,
    measured: {
      trainAcc: over('trainAcc'),
      testAcc: over('testAcc'),
      trainLoss: over('trainLoss'),
      testLoss: over('testLoss'),
      l1: over('l1'),
      l2: over('l2'),
      zeros: over('zeros'),
      penalty: over('penalty')
    },
    curve: (results[0]?.curve ?? []).map(({ epoch }, i) => ({
      epoch,
      train: mean(results.map(({ curve }) => curve[i]?.train ?? NaN)),
      test: mean(results.map(({ curve }) => curve[i]?.test ?? NaN))
    })),
    grid: grids[0]?.map((_, i) => mean(grids.map((grid) => grid[i] ?? NaN)))
  }
}
