/** Cross-validation of λ: paths over folds that are left out in turn, and the choice between them. */
import { array as A, either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import type { Batch } from '../engine/engine.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { permutation } from '../random/permutation.js'
import { evaluate } from './evaluate.js'
import { showTrainError } from './fold.js'
import { regularizationPath, type PathOptions } from './path.js'
import type { Trainer } from './trainer.js'

/**
 * The rows that each of k folds leaves out, a permutation at the address of the seed cut in k; sizes differ by one at most. Whoever asks
 * with the same n, k and seed leaves out the same rows, so that what is compared is compared in pairs. Laws: `foldLaws`.
 * @example
 * ```ts
 * import { foldsOf } from 'tikhonov/training'
 * foldsOf(5, 2).map((rows) => rows.length) // => [3, 2]
 * foldsOf(5, 2).flat().sort() // => [0, 1, 2, 3, 4]
 * ```
 */
export const foldsOf = (n: number, k: number, seed = 0): readonly (readonly number[])[] => {
  const order = permutation(n, { seed, purpose: 'folds' })
  return Array.from({ length: k }, (_, fold) => order.filter((_, i) => i % k === fold))
}

/** What was found of one λ on the examples left out: the mean over folds, and its standard error. */
export interface Validated {
  readonly lambda: number
  readonly mean: number
  readonly standardError: number
}

/** A curve over λ, and two choices: the λ of the least mean, and the largest whose mean is within one standard error of it. */
export interface ValidationCurve {
  readonly points: readonly Validated[]
  readonly best: Validated
  readonly oneStandardError: Validated
}

/**
 * The curve of losses by fold and λ, `losses[fold][i]` that of `lambdas[i]`, for one λ or more and two folds or more; the standard error
 * is the deviation over the k folds by √k. The one-standard-error rule takes the largest λ whose mean is no more than that of the best by
 * the standard error of the best. Breiman, Friedman, Olshen & Stone 1984. Laws: `curveLaws`.
 * @example
 * ```ts
 * import { validationCurve } from 'tikhonov/training'
 * const { best, oneStandardError } = validationCurve([4, 2, 1], [[9, 3, 2], [9, 3, 4]])
 * best // => { lambda: 2, mean: 3, standardError: 0 }
 * oneStandardError.lambda // => 2
 * ```
 */
export const validationCurve = (lambdas: readonly number[], losses: readonly (readonly number[])[]): ValidationCurve => {
  const points = lambdas.map((lambda, i): Validated => {
    const found = losses.map((fold) => fold[i])
    const mean = found.reduce((sum, x) => sum + x, 0) / found.length
    const variance = found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (found.length - 1)
    return { lambda, mean, standardError: Math.sqrt(variance / found.length) }
  })
  const best = points.reduce((least, each) => (each.mean < least.mean ? each : least))
  const within = points.filter(({ mean }) => mean <= best.mean + best.standardError)
  return { points, best, oneStandardError: within.reduce((largest, each) => (each.lambda > largest.lambda ? each : largest)) }
}

/** Options of cross-validation. */
export interface CrossValidationOptions extends PathOptions {
  /** How many folds; 10 unless told. */
  readonly folds?: number
  /** The seed of the folds; 0 unless told. */
  readonly foldSeed?: number
}

/**
 * k paths, each fitted with the examples of one fold left out, at a weight of 0 in the one batch that all paths learn from: one program
 * serves every fold and λ, and an example meets the same masks whatever is left out. Each fit is judged by its data loss on the fold.
 * Errors: those of `regularizationPath` and of its steps, less than 2 folds or more than examples. Laws: `crossValidationLaws`.
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
  const n = batch.x.shape[0]
  const hyper = options.hyper ?? 'lambda'
  const wrong = Number.isSafeInteger(folds) && folds >= 2 && folds <= n ? []
    : [issue('folds', String(folds), `a whole number, 2 ≤ folds ≤ ${n}`)]
  const weighed = (counts: (row: number) => boolean): readonly number[] =>
    Array.from({ length: n }, (_, i) => (counts(i) ? batch.weight?.[i] ?? 1 : 0))
  const lossesWithout = (rows: readonly number[]): E.Either<NEA.NonEmptyArray<Issue>, readonly number[]> => {
    const out = new Set(rows)
    const held = { ...batch, weight: weighed((i) => out.has(i)) }
    return F.pipe(
      regularizationPath(t, { ...batch, weight: weighed((i) => !out.has(i)) }, lambdas, options),
      E.chain((path) => F.pipe([...path], E.traverseArray((fit) => F.pipe(
        fit,
        E.mapLeft((error): NEA.NonEmptyArray<Issue> => [issue('path', showTrainError(error), 'steps that are finite')]),
        E.chain(({ state, lambda }) => evaluate(t)(state, { ...held, hyper: { ...batch.hyper, [hyper]: lambda } })),
        E.map(({ data }) => data)
      ))))
    )
  }
  return F.pipe(
    unlessIssues(wrong, () => foldsOf(n, folds, foldSeed)),
    E.chain((each) => F.pipe([...each], A.traverse(E.Applicative)(lossesWithout))),
    E.map((losses) => validationCurve(lambdas, losses))
  )
}
