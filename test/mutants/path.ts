import { either as E, function as F } from 'fp-ts'
import { nonNegative } from 'tikhonov/constraints'
import {
  crossValidationLaws, curveLaws, foldLaws, lambdaMaxLaws, pathLaws, probeLaws, type Suite
} from 'tikhonov/laws'
import { probe, stationarity } from 'tikhonov/probes'
import { exact, l1, lInfNorm } from 'tikhonov/regularizers'
import {
  crossValidation, evaluate, foldsOf, lambdaMax, regularizationPath, validationCurve, type Fit, type ValidationCurve
} from 'tikhonov/training'
import type { Mutant } from './harness.js'

const size = (v: readonly number[]): number => Math.max(...v.map(Math.abs))
const definition = ({ value, gradient }: { readonly value: readonly number[]; readonly gradient: readonly number[] }): number =>
  size(value.map((w, i) => w - Math.sign(w - gradient[i]) * Math.max(Math.abs(w - gradient[i]) - 0.5, 0)))

export const suites: readonly Suite[] = [
  pathLaws(regularizationPath), lambdaMaxLaws(lambdaMax), foldLaws(foldsOf), curveLaws(validationCurve),
  crossValidationLaws(crossValidation),
  probeLaws(stationarity, { definition: ({ gradient }) => size(gradient) }),
  probeLaws(stationarity, { regularizer: exact(l1(0.5)), definition }),
  probeLaws(stationarity, {
    constraint: nonNegative, definition: ({ value, gradient }) => size(value.map((w, i) => w - Math.max(w - gradient[i], 0)))
  })
]

type Path = ReturnType<typeof regularizationPath>

const mapFits = (change: (fit: Fit, i: number) => Fit) => (path: Path): Path =>
  F.pipe(path, E.map((fits) => [...fits].map((each, i) => F.pipe(each, E.map((fit) => change(fit, i))))))

/** Cross-validation by other weights, of those learned from and of those judged by, where a fold is left out. */
const validated = (learned: (out: boolean) => number, judged: (out: boolean) => number): typeof crossValidation =>
  (t, batch, lambdas, told) => {
    const { folds = 2, foldSeed = 0, ...options } = told ?? {}
    const n = batch.x.shape[0]
    const weighed = (rows: readonly number[], by: (out: boolean) => number) =>
      ({ ...batch, weight: Array.from({ length: n }, (_, i) => by(rows.includes(i))) })
    return F.pipe(
      foldsOf(n, folds, foldSeed),
      E.traverseArray((rows) => F.pipe(
        regularizationPath(t, weighed(rows, learned), lambdas, options),
        E.map((path) => [...path].flatMap(E.match(() => [], ({ state, lambda }) => F.pipe(
          evaluate(t)(state, { ...weighed(rows, judged), hyper: { lambda } }), E.match(() => [], ({ data }) => [data])))))
      )),
      E.map((losses) => validationCurve(lambdas, losses))
    )
  }
const [all, kept, left] = [() => 1, (out: boolean) => Number(!out), Number]
/** Seeds that no two calls share. */
const counting = (): (() => number) => {
  let calls = 0
  return () => ++calls
}
const curve = (change: (made: ValidationCurve) => ValidationCurve): typeof validationCurve => (lambdas, losses) =>
  change(validationCurve(lambdas, losses))
const chosen = (made: ValidationCurve, errors: number, pick: (lambdas: readonly number[]) => number): ValidationCurve => {
  const { points, best } = made
  const lambda = pick(points.filter(({ mean }) => mean <= best.mean + errors * best.standardError).map((p) => p.lambda))
  return { ...made, oneStandardError: points.find((p) => p.lambda === lambda) ?? best }
}
const largest = (lambdas: readonly number[]): number => Math.max(...lambdas)

const mutant = (name: string, law: string, suite: () => Suite): Mutant => ({ name, origin: 'one edit', law, suite })

export const mutants: readonly Mutant[] = [
  mutant('one λ for all', 'solves', () => pathLaws((t, batch, lambdas, options) =>
    F.pipe(regularizationPath(t, batch, lambdas.map(() => lambdas[0]), options), mapFits((fit, i) => ({ ...fit, lambda: lambdas[i] }))))),
  mutant('a cold start for each λ', 'begins where the last ended', () => pathLaws((t, batch, lambdas, options) => F.pipe(
    lambdas.map((lambda) => regularizationPath(t, batch, [lambda], options)),
    E.sequenceArray, E.map((paths) => paths.flatMap((path) => [...path]))))),
  mutant('a fit that ran out is taken for one that rests', 'says that it ran out', () => pathLaws((t, batch, lambdas, options) =>
    F.pipe(regularizationPath(t, batch, lambdas, options), mapFits((fit) => ({ ...fit, converged: true }))))),
  mutant('the gradient alone', 'as defined', () => probeLaws(
    probe('stationarity', {}, ({ gradient }) => lInfNorm(gradient)), { regularizer: exact(l1(0.5)), definition })),

  mutant('λmax without the 2 of squares', '0 stays from it on', () => lambdaMaxLaws((...given) =>
    F.pipe(lambdaMax(...given), E.map((lambda) => lambda / 2)))),
  mutant('a bound for λmax', '0 is left below it', () => lambdaMaxLaws((...given) =>
    F.pipe(lambdaMax(...given), E.map((lambda) => 1.01 * lambda)))),

  mutant('a row for all of its fold', 'each row once', () => foldLaws((n, k, seed) =>
    foldsOf(n, k, seed).map((rows) => rows.map(() => rows[0])))),
  mutant('the last fold takes the rest', 'sizes alike', () => foldLaws((n, k, seed) => {
    const order = foldsOf(n, 1, seed)[0]
    const size = Math.max(1, Math.floor(n / (k + 1)))
    return Array.from({ length: k }, (_, i) => order.slice(i * size, i + 1 < k ? (i + 1) * size : n))
  })),
  mutant('folds that are drawn anew', 'the same again', () => {
    const seed = counting()
    return foldLaws((n, k) => foldsOf(n, k, seed()))
  }),
  mutant('folds as the rows come', 'drawn', () => foldLaws((n, k) =>
    Array.from({ length: k }, (_, fold) => Array.from({ length: n }, (__, i) => i).filter((i) => i % k === fold)))),

  mutant('as many folds as it says, whatever it says', 'what cannot be cut', () => foldLaws((n, k, seed) => {
    const [order] = foldsOf(n, 1, seed)
    return Array.from({ length: k }, (_, fold) => order.filter((__, i) => i % k === fold))
  })),

  mutant('the deviation for the standard error', 'means and their errors', () => curveLaws((lambdas, losses) => {
    const made = validationCurve(lambdas, losses)
    const points = made.points.map((p) => ({ ...p, standardError: p.standardError * Math.sqrt(losses.length) }))
    return { ...made, points }
  })),
  mutant('losses that are no numbers taken for 0', 'what is no table', () => curveLaws((lambdas, losses) =>
    validationCurve(lambdas, losses.map((fold) => fold.map((loss) => (Number.isFinite(loss) ? loss : 0)))))),
  mutant('the last for the best', 'the best', () => curveLaws(curve((made) => ({ ...made, best: made.points[made.points.length - 1] })))),
  mutant('the smallest λ within one standard error', 'one standard error', () =>
    curveLaws(curve((made) => chosen(made, 1, (lambdas) => Math.min(...lambdas))))),
  mutant('two standard errors', 'one standard error', () => curveLaws(curve((made) => chosen(made, 2, largest)))),

  mutant('learned from the fold that is left out too', 'each fold by the fit without it', () => crossValidationLaws(validated(all, left))),
  mutant('left out by a weight of 0', 'as if it were not there', () => crossValidationLaws(validated(kept, left))),
  mutant('padding for examples', 'padding is in no fold', () => crossValidationLaws((t, { count: _, ...batch }, lambdas, options) =>
    crossValidation(t, batch, lambdas, options))),
  mutant('judged by what was learned from', 'each fold by the fit without it', () => crossValidationLaws(validated(kept, kept))),
  mutant('folds of no seed', 'in pairs', () => {
    const foldSeed = counting()
    return crossValidationLaws((t, batch, lambdas, options) => crossValidation(t, batch, lambdas, { ...options, foldSeed: foldSeed() }))
  }),
  mutant('masks of no seed', 'in pairs', () => {
    const seed = counting()
    return crossValidationLaws((t, batch, lambdas, options) => crossValidation(t, batch, lambdas, { ...options, seed: seed() }))
  })
]
