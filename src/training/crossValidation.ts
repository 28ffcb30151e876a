/** Cross-validation of λ: paths over folds that are left out in turn, and the choice between them. */
import { array as A, either as E, function as F, nonEmptyArray as NEA } from 'fp-ts'
import type { Batch } from '../engine/engine.js'
import { seed as seedIssues } from '../part/checks.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { joinPath } from '../part/path.js'
import { take } from '../tensor/tensor.js'
import { batchIssues } from './batch.js'
import { evaluate } from './evaluate.js'
import { showTrainError } from './fold.js'
import { foldsOf } from './folds.js'
import { lacking } from './lacking.js'
import { regularizationPath, type Fit, type PathOptions } from './path.js'
import type { Trainer } from './trainer.js'
import { validationCurve, type ValidationCurve } from './validationCurve.js'

/** Options of cross-validation. */
export interface CrossValidationOptions extends PathOptions {
  /** How many folds; 10 unless told. */
  readonly folds?: number
  /** The seed of the folds; 0 unless told. */
  readonly foldSeed?: number
}

/** Rows of a batch as a batch of their own, without padding. */
const rowsOf = ({ count: _, x, y, weight, ...batch }: Batch, rows: readonly number[]): Batch => ({
  ...batch, x: take(x, rows), y: take(y, rows), ...(weight === undefined ? {} : { weight: rows.map((r) => weight[r]) })
})

/** How many examples a batch has; all rows where `count` is none that it could have, which is an issue of the batch. */
const examplesOf = ({ x: { shape: [rows = 0] }, count = rows }: Batch): number => (count >= 0 && count <= rows ? Math.floor(count) : rows)

const foldIssues = (batch: Batch, folds: number): readonly Issue[] => {
  if (lacking(batch).length > 0) return []
  const n = examplesOf(batch)
  return n < 2 ? [issue('batch', `${n} examples`, 'at least 2: one to leave out, one to learn from')]
  : Number.isSafeInteger(folds) && folds >= 2 && folds <= n ? []
  : [issue('folds', String(folds), `a whole number, 2 ≤ folds ≤ ${n}, the number of examples`)]
}

/** A fold is judged by its examples that count; where two folds have some, the rest of each has too. */
const weightIssues = ({ weight }: Batch, rows: readonly number[]): readonly Issue[] =>
  weight === undefined || rows.some((r) => weight[r] > 0) ? []
  : [issue('batch/weight', `no example that counts among rows ${rows.join(', ')}`, 'a weight above 0 in each fold')]

/**
 * k paths, each fitted to a batch that holds the rows of all folds but one, so that no layer, penalty or running mean sees what is left
 * out; each fit is judged by its data loss on that fold. All λ meet the same masks on a fold, and sizes of folds differ by one at most: two
 * programs serve them all. Rows after `count` are padding, in no fold.
 *
 * Errors: what `fold` finds wrong with the batch, those of `regularizationPath` and of its steps, fewer than 2 folds or more than examples,
 * a fold without an example of a weight above 0, a fit whose loss on its fold is not finite. Laws: `crossValidationLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { reference } from 'tikhonov/engine'
 * import { hyper } from 'tikhonov/expr'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { fista } from 'tikhonov/optimizers'
 * import { stationarity } from 'tikhonov/probes'
 * import { exact, l1 } from 'tikhonov/regularizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { crossValidation, trainer } from 'tikhonov/training'
 * const lambda = hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' })
 * F.pipe(
 *   sequential([1], dense(1, { useBias: false, kernelRegularizer: exact(l1(lambda)) })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: fista(0.25), engine: reference(), probes: [stationarity] })),
 *   E.chain((t) => crossValidation(t, { x: tensor([[1], [-1], [1], [-1]]), y: tensor([[2], [-2], [2], [-2]]) }, [4, 2, 0], { folds: 2 })),
 *   E.map(({ points, best }) => [points.map(({ mean }) => Math.round(mean)), best.lambda])
 * ) // => E.right([[4, 1, 0], 0])
 * ```
 */
export const crossValidation = (
  t: Trainer, batch: Batch, lambdas: readonly number[], { folds = 10, foldSeed = 0, ...options }: CrossValidationOptions = {}
): E.Either<NEA.NonEmptyArray<Issue>, ValidationCurve> => {
  const hyper = options.hyper ?? 'lambda'
  const lossOn = (held: Batch) => ({ state, lambda }: Fit): E.Either<NEA.NonEmptyArray<Issue>, number> => F.pipe(
    evaluate(t)(state, { ...held, hyper: { ...batch.hyper, [hyper]: lambda } }),
    E.map(({ data }) => data),
    E.chain((data) => unlessIssues(
      Number.isFinite(data) ? [] : [issue('loss', `${data} at λ = ${lambda}`, 'a finite number')], () => data
    ))
  )
  const lossesWithout = (fold: number, rows: readonly number[]): E.Either<NEA.NonEmptyArray<Issue>, readonly number[]> => {
    const out = new Set(rows)
    const kept = Array.from({ length: examplesOf(batch) }, (_, i) => i).filter((i) => !out.has(i))
    return F.pipe(
      regularizationPath(t, rowsOf(batch, kept), lambdas, options),
      E.chain((path) => F.pipe([...path], E.traverseArray((fit) => F.pipe(
        fit,
        E.mapLeft((error): NEA.NonEmptyArray<Issue> => [issue('path', showTrainError(error), 'steps that are finite')]),
        E.chain(lossOn(rowsOf(batch, rows)))
      )))),
      E.mapLeft(NEA.map((wrong) => ({ ...wrong, path: joinPath('folds', fold, wrong.path) })))
    )
  }
  return F.pipe(
    unlessIssues([
      ...batchIssues(t, batch),
      ...foldIssues(batch, folds),
      ...seedIssues('foldSeed', foldSeed),
      ...F.pipe(regularizationPath(t, batch, lambdas, options), E.match((wrong) => wrong, (): readonly Issue[] => []))
    ], () => foldsOf(examplesOf(batch), folds, foldSeed)),
    E.chain((each) => unlessIssues(each.flatMap((rows) => weightIssues(batch, rows)), () => each)),
    E.chain((each) => F.pipe([...each], A.traverseWithIndex(E.Applicative)(lossesWithout))),
    E.map((losses) => validationCurve(lambdas, losses))
  )
}
