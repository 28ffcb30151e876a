/** The example around the paths: tables, the picture. */
import { either as E, function as F } from 'fp-ts'
import { code, drawing, written } from '../drawn.js'
import { note, say } from '../output.js'
import { pathChart } from './chart.js'
import { lassoOfDiabetes, type Diabetes, type LassoRow } from './diabetes.js'
import { fatOfMeats, type MeatRow } from './meats.js'

const small = (x: number): string => (x === 0 ? '0' : x.toExponential(1))

const lassoLine = (names: readonly string[]) => ({ lambda, coefficients, residual, steps, converged, difference }: LassoRow): string => [
  lambda.toFixed(4).padStart(8), `${String(steps).padStart(6)}${converged ? ' ' : '+'}`, small(residual).padStart(10),
  small(difference).padStart(10), `  ${names.filter((_, j) => coefficients[j] !== 0).join(' ')}`
].join(' ')

const meatLine = ({ penalty, lambda, wavelengths, validation, test, unfinished }: MeatRow): string => [
  penalty.padEnd(12), lambda.toFixed(4).padStart(8), String(wavelengths).padStart(12), validation.toFixed(2).padStart(11),
  test.toFixed(2).padStart(6), String(unfinished).padStart(11)
].join(' ')

const tables = ({ table, rows, validation: { best, oneStandardError } }: Diabetes, meat: readonly MeatRow[]): string => [
  'The lasso of diabetes, in float64',
  'each fit beside coordinate descent: the relative difference; + ran out of steps; what is not exactly 0',
  '       λ   steps        KKT difference   measurements',
  ...rows.map(lassoLine(table.names)),
  `Validation chooses λ = ${best.lambda.toFixed(4)} (error ${best.mean.toFixed(3)} ± ${best.standardError.toFixed(3)}), by the rule of`
    + ` one standard error λ = ${oneStandardError.lambda.toFixed(4)} (${oneStandardError.mean.toFixed(3)})`,
  '',
  'The fat of meat from 100 wavelengths; errors in percent of the weight',
  'penalty             λ  wavelengths  validation   test  unfinished',
  ...meat.map(meatLine)
].join('\n')

const lines = ({ rows, validation }: Diabetes, meat: readonly MeatRow[]): string => [
  ...rows.map((row) => ({ case: 'lasso', ...row })),
  ...validation.points.map((point) => ({ case: 'validation', ...point })),
  { case: 'choice', best: validation.best.lambda, oneStandardError: validation.oneStandardError.lambda },
  ...meat.map((row) => ({ case: 'meats', ...row }))
].map((each) => JSON.stringify(each)).join('\n')

/** Runs the example; the number is the code that the process is to end with. */
export const job = drawing({
  name: 'lasso-path',
  about: 'Walks the lasso path of diabetes, exactly, and compares lasso, elastic net and ridge on collinear spectra.',
  object: 'a fit, a point of the validation curve, a choice or a penalty'
}, ({ json, out, short }) => {
  note('Walking the path of diabetes, over folds too')
  const told = F.pipe(
    short ? lassoOfDiabetes(5, 2) : lassoOfDiabetes(40, 10),
    E.bindTo('lasso'),
    E.tap(() => {
      note('Walking three paths of meats')
      return E.right(undefined)
    }),
    E.bind('meat', () => (short ? fatOfMeats(3, 100) : fatOfMeats(30, 5000)))
  )
  if (E.isLeft(told)) {
    note(told.left)
    return code.failed
  }
  const { lasso, meat } = told.right
  say(json ? lines(lasso, meat) : tables(lasso, meat))
  const picture = written(out, 'lasso-path.svg', pathChart(lasso))
  if (E.isLeft(picture)) {
    note(picture.left)
    return code.badFlags
  }
  ;(json ? note : say)(`Picture: ${picture.right}`)
  return code.done
})
