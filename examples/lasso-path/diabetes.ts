/** The lasso path of diabetes in float64, each fit beside coordinate descent, and λ by cross-validation. */
import { either as E, function as F } from 'fp-ts'
import { reference } from 'tikhonov/engine'
import { l1 } from 'tikhonov/regularizers'
import { crossValidation, lambdaMax, regularizationPath, type ValidationCurve } from 'tikhonov/training'
import { coordinateDescent } from './coordinateDescent.js'
import { batchOf, diabetes, type Table } from './data.js'
import { geometric, kernel, linear } from './fit.js'

/** One fit. */
export interface LassoRow {
  readonly lambda: number
  readonly coefficients: readonly number[]
  readonly zeros: number
  /** The KKT residual. */
  readonly residual: number
  readonly steps: number
  readonly converged: boolean
  /** ‖w − v‖₂/‖v‖₂, v that of coordinate descent. */
  readonly difference: number
}

export interface Diabetes {
  readonly table: Table
  readonly rows: readonly LassoRow[]
  readonly validation: ValidationCurve
}

const length = (v: readonly number[]): number => Math.hypot(...v)

const beside = (table: Table, fits: readonly Omit<LassoRow, 'difference'>[]): readonly LassoRow[] => {
  const others = fits.reduce<readonly (readonly number[])[]>((done, { lambda }) =>
    [...done, coordinateDescent(table, lambda, done.at(-1) ?? table.names.map(() => 0))], [])
  return fits.map((fit, i) => {
    const difference = length(fit.coefficients.map((w, j) => w - others[i][j]))
    return { ...fit, difference: difference === 0 ? 0 : difference / length(others[i]) }
  })
}

/** From λmax to λmax/1000. The largest eigenvalue of xᵀx/n is 4.024: twice that is the largest curvature. */
export const lassoOfDiabetes = (lambdas: number, folds: number): E.Either<string, Diabetes> => F.pipe(
  diabetes(),
  E.bindTo('table'),
  E.bindW('t', () => linear(10, 8.1, l1, reference())),
  E.bindW('most', ({ t, table }) => lambdaMax(t, batchOf(table))),
  E.bindW('path', ({ t, table, most }) => regularizationPath(t, batchOf(table), geometric(most, 1e-3, lambdas), { tolerance: 1e-10 })),
  E.bindW('fits', ({ path }) => E.sequenceArray([...path])),
  E.bindW('validation', ({ t, table, most }) =>
    crossValidation(t, batchOf(table), geometric(most, 1e-3, lambdas), { folds, foldSeed: 1, tolerance: 1e-4 })),
  E.map(({ table, fits, validation }) => ({
    table, validation, rows: beside(table, fits.map(({ lambda, parameters, residual, steps, converged }) => {
      const coefficients = Array.from(parameters[kernel].data)
      return { lambda, coefficients, zeros: coefficients.filter((w) => w === 0).length, residual, steps, converged }
    }))
  })),
  E.mapLeft((error) => (typeof error === 'string' ? error : JSON.stringify(error)))
)
