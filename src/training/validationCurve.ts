/** What cross-validation found, as a curve over λ, and the choice of one. */
import { issue, type Issue } from '../part/issue.js'
import { refuse } from '../part/refuse.js'

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

const numberIssues = (name: string, values: readonly number[]): readonly Issue[] =>
  values.flatMap((value, i) => (Number.isFinite(value) ? [] : [issue(`${name}[${i}]`, String(value), 'a finite number')]))

const curveIssues = (lambdas: readonly number[], losses: readonly (readonly number[])[]): readonly Issue[] => [
  ...(lambdas.length >= 1 ? [] : [issue('lambdas', 'none', 'at least one λ')]),
  ...numberIssues('lambdas', lambdas),
  ...(losses.length >= 2 ? [] : [issue('losses', `${losses.length} folds`, 'at least 2: one has no deviation')]),
  ...losses.flatMap((fold, i) => (fold.length === lambdas.length ? numberIssues(`losses[${i}]`, fold)
    : [issue(`losses[${i}]`, `${fold.length} losses`, `${lambdas.length}, one a λ`)]))
]

/**
 * The curve of losses by fold and λ, `losses[fold][i]` that of `lambdas[i]`, for one λ or more and two folds or more; the standard error
 * is the deviation over the k folds by √k. The one-standard-error rule takes the largest λ whose mean is no more than that of the best by
 * the standard error of the best. Errors: no λ, fewer than 2 folds, a fold without a loss for each λ, numbers that are not finite (a
 * RangeError: a mistake of the caller). Breiman, Friedman, Olshen & Stone 1984. Laws: `curveLaws`.
 * @example
 * ```ts
 * import { validationCurve } from 'tikhonov/training'
 * const { best, oneStandardError } = validationCurve([4, 2, 1], [[9, 3, 2], [9, 3, 4]])
 * best // => { lambda: 2, mean: 3, standardError: 0 }
 * oneStandardError.lambda // => 2
 * ```
 */
export const validationCurve = (lambdas: readonly number[], losses: readonly (readonly number[])[]): ValidationCurve => {
  refuse(curveIssues(lambdas, losses))
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
