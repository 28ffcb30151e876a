/** The fat of meat from its spectrum: three penalties, λ chosen on a part that nothing is learned from, held against a third part. */
import { either as E, function as F } from 'fp-ts'
import { mul, type Expr } from 'tikhonov/expr'
import { l1, l1l2, ridge, type Proximal } from 'tikhonov/regularizers'
import { evaluate, regularizationPath } from 'tikhonov/training'
import { batchOf, meats, partOf, type Part, type Table } from './data.js'
import { geometric, kernel, linear } from './fit.js'

/** What became of a penalty at the λ that validation chose; errors are root mean squares, in percent of the weight. */
export interface MeatRow {
  readonly penalty: string
  readonly lambda: number
  readonly wavelengths: number
  readonly validation: number
  readonly test: number
  /** How many fits of its path ran out of steps. */
  readonly unfinished: number
}

const penalties: Readonly<Record<string, (lambda: Expr) => Proximal>> = {
  lasso: l1,
  'elastic net': (lambda) => l1l2({ l1: mul(0.5, lambda), l2: mul(0.25, lambda) }),
  ridge
}

const chosen = (table: Table, penalty: string, lambdas: readonly number[], most: number): E.Either<string, MeatRow> => {
  const batch = batchOf(table)
  const only = (part: Part) => ({ ...batch, weight: table.wanted.map((_, row) => (partOf(row) === part ? 1 : 0)) })
  return F.pipe(
    // The largest eigenvalue of xᵀx/n is at most the number of standardised columns.
    linear(100, 200, penalties[penalty]),
    E.bindTo('t'),
    E.bindW('path', ({ t }) => regularizationPath(t, only('learned'), lambdas, { tolerance: 1e-4, most })),
    E.bindW('fits', ({ path }) => E.sequenceArray([...path])),
    E.bindW('rows', ({ t, fits }) => {
      const error = (part: Part, { state }: (typeof fits)[number]) =>
        F.pipe(evaluate(t)(state, only(part)), E.map(({ data }) => Math.sqrt(data) * table.unit))
      return F.pipe(fits, E.traverseArray((fit) => F.pipe(
        error('validation', fit),
        E.bindTo('validation'),
        E.bind('test', () => error('test', fit)),
        E.map((errors) => ({ penalty, lambda: fit.lambda, wavelengths: fit.nonzeros[kernel], ...errors }))
      )))
    }),
    E.map(({ rows, fits }) => ({
      ...rows.reduce((best, row) => (row.validation < best.validation ? row : best)),
      unfinished: fits.filter(({ converged }) => !converged).length
    })),
    E.mapLeft((error) => (typeof error === 'string' ? error : JSON.stringify(error)))
  )
}

/** The three, from λ = 1 down to 1/1000. */
export const fatOfMeats = (lambdas: number, most: number): E.Either<string, readonly MeatRow[]> => F.pipe(
  meats(),
  E.mapLeft((problems) => problems.join('\n')),
  E.chain((table) => F.pipe(
    Object.keys(penalties), E.traverseArray((penalty) => chosen(table, penalty, geometric(1, 1e-3, lambdas), most))))
)
