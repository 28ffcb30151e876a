/** The three data sets as examples: rows of features, and the class of each row, 0 or 1. */
import { array as A, either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import * as t from 'io-ts'
import type { DataName } from '../cases.js'
import { numberIn, type Sheet, wordOf } from './decode.js'
import { readSheet } from './read.js'

/** x has one row an example, y its class. */
export interface Examples {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
}

/** An example as its file has it, still under the names of its columns. */
type Row = Readonly<Record<string, number>>

interface Source {
  readonly sheet: Sheet<Row>
  readonly features: readonly string[]
  readonly target: string
}

const source = (file: string, rows: number, features: readonly string[], feature: Sheet<number>['row'], target: string,
  label: Sheet<number>['row']): Source => ({
  features,
  target,
  sheet: {
    file,
    rows,
    columns: [...features, target],
    row: t.type({ ...Object.fromEntries(features.map((name) => [name, feature])), [target]: label })
  }
})

const bands = A.makeBy(60, (i) => `V${i + 1}`)

const plane = (file: string): Source => source(file, 100, ['x1', 'x2'], numberIn(-5, 5), 'label', wordOf({ 0: 0, 1: 1 }))

const sources: Readonly<Record<DataName, Source>> = {
  moons: plane('moons.csv'),
  circles: plane('circles.csv'),
  sonar: source('sonar.csv.gz', 208, bands, numberIn(0, 1), 'Class', wordOf({ R: 0, M: 1 }))
}

const cell = (row: Row, column: string): number => row[column] ?? NaN

/** Reads a data set, or says everything that is wrong with its file. */
export const load = (name: DataName): E.Either<N.NonEmptyArray<string>, Examples> => {
  const { sheet, features, target } = sources[name]
  return F.pipe(
    readSheet(sheet),
    E.map((rows) => ({
      x: rows.map((row) => features.map((column) => cell(row, column))),
      y: rows.map((row) => cell(row, target))
    }))
  )
}
