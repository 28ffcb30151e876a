/** The tables of the example, standardised: columns of mean 0 and mean square 1 over the rows that are learned from. */
import { array as A, either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import * as t from 'io-ts'
import { tensor } from 'tikhonov/tensor'
import type { Batch } from 'tikhonov/training'
import { numberIn, type Sheet } from '../data/decode.js'
import { readSheet } from '../data/read.js'

/** A table: its features by name, what is wanted, and how many units of it one standardised unit is. */
export interface Table {
  readonly names: readonly string[]
  /** One array a feature. */
  readonly columns: readonly (readonly number[])[]
  readonly wanted: readonly number[]
  readonly unit: number
}

type Row = Readonly<Record<string, number>>

const sheet = (file: string, rows: number, columns: readonly string[]): Sheet<Row> =>
  ({ file, rows, columns, row: t.record(t.string, numberIn(-1e4, 1e4)) })

const standardised = (v: readonly number[], learned: (row: number) => boolean) => {
  const some = v.filter((_, i) => learned(i))
  const mean = some.reduce((sum, each) => sum + each, 0) / some.length
  const unit = Math.sqrt(some.reduce((sum, each) => sum + (each - mean) ** 2, 0) / some.length)
  return { unit, values: v.map((each) => (each - mean) / unit) }
}

const tableOf = (
  of: Sheet<Row>, names: readonly string[], target: string, learned: (row: number) => boolean
): E.Either<N.NonEmptyArray<string>, Table> => F.pipe(
  readSheet(of),
  E.map((rows) => {
    const column = (name: string) => standardised(rows.map((row) => row[name] ?? Number.NaN), learned)
    const { unit, values } = column(target)
    return { names, columns: names.map((name) => column(name).values), wanted: values, unit }
  })
)

const clinical = ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6']
const waves = A.makeBy(100, (i) => `x_${String(i + 1).padStart(3, '0')}`)

/** Ten measurements of 442 people, and how their diabetes went on. */
export const diabetes = () => tableOf(sheet('diabetes.csv.gz', 442, [...clinical, 'y']), clinical, 'y', () => true)

/** What a piece of meat is for, by its row: of five in turn three are learned from, one chooses λ, one tests. */
export type Part = 'learned' | 'validation' | 'test'
export const partOf = (row: number): Part => (['learned', 'learned', 'learned', 'validation', 'test'] as const)[row % 5]

/** The absorbance of 215 pieces of meat at 100 wavelengths, and their fat. */
export const meats = () => tableOf(
  sheet('meats-spectra.csv.gz', 215, [...waves, 'water', 'fat', 'protein']), waves, 'fat', (row) => partOf(row) === 'learned')

/** A table as one batch. */
export const batchOf = ({ columns, wanted }: Table): Batch => ({
  x: tensor(wanted.map((_, i) => columns.map((column) => column[i]))),
  y: tensor(wanted.map((each) => [each]))
})
