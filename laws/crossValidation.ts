/** Laws of folds, of the curve over λ that they give, and of cross-validation. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { hyper, type Scalar } from 'tikhonov/expr'
import { batchNormalization, dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { stationarity } from 'tikhonov/probes'
import { exact, groupLasso, l1, l2, type Proximal } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import {
  evaluate, foldsOf, regularizationPath, trainer, type crossValidation, type Validated, type ValidationCurve
} from 'tikhonov/training'
import { dyadic, seed as seeds } from './arbitraries/index.js'
import { about, atMost, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'

type Numbers = readonly number[]

/** n rows in k folds, 2 ≤ k ≤ n. */
const cuts = fc.integer({ min: 2, max: 40 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 2, max: n })))

/** No number of rows, of folds or no seed. */
const misfits = fc.constantFrom<readonly [number, number, number]>(
  [5, 0, 0], [5, -1, 0], [5, 2.5, 0], [5, 6, 0], [5, Number.NaN, 0], [0, 1, 0], [1.5, 1, 0], [5, 2, -1], [5, 2, 0.5], [5, 2, 2 ** 32])

/** Whether a call is refused as a mistake of the caller. */
const refused = (call: () => unknown): Outcome => {
  const answer = E.tryCatch(call, (error) => error instanceof RangeError)
  return E.isRight(answer) ? 'was answered' : about('a RangeError', same(answer.left, true))
}

/**
 * What folds obey, the rows that each leaves out: each row is left out once; sizes differ by one at most; whoever asks again is given the
 * same, and with other seeds others; what cannot be cut is refused.
 * @example
 * ```ts
 * import { check, foldLaws } from 'tikhonov/laws'
 * import { foldsOf } from 'tikhonov/training'
 * check(foldLaws(foldsOf)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const foldLaws = (folds: typeof foldsOf): Suite =>
  suite('folds', folds, [
    law('each row once', '⋃ folds = {0 … n − 1}', [cuts, seeds()], ([n, k], seed) =>
      same([...folds(n, k, seed).flat()].sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i))),
    law('sizes alike', 'k folds, max |fold| − min |fold| ≤ 1', [cuts, seeds()], ([n, k], seed) => {
      const sizes = folds(n, k, seed).map((rows) => rows.length)
      return every(about('how many', same(sizes.length, k)), atMost(Math.max(...sizes) - Math.min(...sizes), 1))
    }),
    law('the same again', 'a function of n, k and the seed', [cuts, seeds()], ([n, k], seed) => same(folds(n, k, seed), folds(n, k, seed))),
    law('what cannot be cut', 'k no whole number, 1 ≤ k ≤ n, or a seed that is none ⇒ a RangeError', [misfits], ([n, k, seed]) =>
      refused(() => folds(n, k, seed))),
    // Twenty rows fall into two folds in C(20, 10) = 184,756 ways: that three seeds agree has a probability of 3e-11.
    law('drawn', 'other seeds, other folds', [seeds()], (seed) =>
      same(new Set([0, 1, 2].map((i) => String([...folds(20, 2, (seed + i) % 2 ** 32)[0]].sort()))).size > 1, true))
  ])

/** Losses of so many λ in each of 2 … 5 folds. */
const table = fc.tuple(fc.uniqueArray(fc.integer({ min: 0, max: 64 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 2, max: 5 }))
  .chain(([lambdas, k]) => {
    const losses = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: lambdas.length, maxLength: lambdas.length })
    return fc.tuple(fc.constant(lambdas), fc.array(losses, { minLength: k, maxLength: k }))
  })

/** What is no such table. */
const holes = fc.constantFrom<readonly [Numbers, readonly Numbers[]]>(
  [[], [[], []]], [[1, 2], [[2, 1]]], [[1, 2], []], [[1, 2], [[2, 1], [2]]], [[1], [[2, 1], [2, 1]]], [[1], [[Number.NaN], [1]]],
  [[1, 2], [[2, 1], [Infinity, 1]]], [[Number.NaN, 1], [[2, 1], [2, 1]]])

const meanOf = (x: Numbers): number => x.reduce((sum, each) => sum + each, 0) / x.length

/**
 * What a curve over λ obeys: of each λ it has the mean over the folds and its standard error, s/√k; the best has the least mean; the rule
 * of one standard error takes the largest λ whose mean is no more above the best than the standard error of the best. A table with a hole,
 * one fold or none, no λ or a number that is not finite is refused.
 * @example
 * ```ts
 * import { check, curveLaws } from 'tikhonov/laws'
 * import { validationCurve } from 'tikhonov/training'
 * check(curveLaws(validationCurve)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const curveLaws = (curve: (lambdas: Numbers, losses: readonly Numbers[]) => ValidationCurve): Suite => {
  /** Sums of whole numbers ≤ 8 are exact; a mean, its square and the root are rounded, of numbers of at most 64. */
  const rounded = { absolute: 64 * 16 * Number.EPSILON }
  const close = ({ mean }: Validated, least: Validated): boolean => mean <= least.mean + least.standardError
  return suite('validation curve', curve, [
    law('means and their errors', 'mᵢ = Σ lᵢ/k, sᵢ² = Σ (lᵢ − mᵢ)²/k(k − 1)', [table], ([lambdas, losses]) => {
      const { points } = curve(lambdas, losses)
      const each = lambdas.map((lambda, i) => {
        const found = losses.map((fold) => fold[i])
        const [mean, k] = [meanOf(found), found.length]
        return { lambda, mean, standardError: Math.sqrt(meanOf(found.map((x) => (x - mean) ** 2)) / (k - 1)) }
      })
      return near(points, each, rounded)
    }),
    law('the best', 'm(best) ≤ mᵢ', [table], ([lambdas, losses]) => {
      const { points, best } = curve(lambdas, losses)
      return every(about('a point', points.includes(best)), atMost(best.mean, Math.min(...points.map(({ mean }) => mean))))
    }),
    law('one standard error', 'the largest λᵢ with mᵢ ≤ m(best) + s(best)', [table], ([lambdas, losses]) => {
      const { points, best, oneStandardError: chosen } = curve(lambdas, losses)
      return same(chosen.lambda, Math.max(...points.filter((each) => close(each, best)).map(({ lambda }) => lambda)))
    }),
    law('what is no table', 'no λ, fewer than 2 folds, a loss too few or too many, a number not finite ⇒ a RangeError', [holes],
      ([lambdas, losses]) => refused(() => curve(lambdas, losses)))
  ])
}

/** A fit of one weight by an exact penalty: where examples are ±1, a step of ½ from anywhere is at soft(mean xy, λ/2). */
const fitting = (penalty: (lambda: Scalar) => Proximal, rate: number) => F.pipe(
  sequential([1], dropout(rate), dense(1, {
    useBias: false, kernelRegularizer: exact(penalty(hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' })))
  })),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.5), engine: reference(), probes: [stationarity] }))
)
const plain = /* #__PURE__ */ fitting(l1, 0)
const lasso = /* #__PURE__ */ fitting(l1, 0.5)
const grouped = /* #__PURE__ */ fitting((each) => groupLasso(each), 0.5)

/** A fit that sees activations, by the statistics of its batch and a penalty. */
const seeing = /* #__PURE__ */ F.pipe(
  sequential([1], batchNormalization({ momentum: 0 }), dense(1, {
    kernelRegularizer: exact(l1(hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' }))), activityRegularizer: l2(0.5)
  })),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.015625), engine: reference(), probes: [stationarity] }))
)

/**
 * What cross-validation obeys: of a fit whose solution is known, its curve is that of the losses on each fold of the fits without it; of
 * any fit it is that of fits to which the fold was never shown; rows that are padding are in no fold; and what is compared is compared in
 * pairs, over the same folds with the same masks, so that penalties of strength 0 come out alike, bit for bit.
 * @example
 * ```ts
 * import { check, crossValidationLaws } from 'tikhonov/laws'
 * import { crossValidation } from 'tikhonov/training'
 * check(crossValidationLaws(crossValidation)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const crossValidationLaws = (validate: typeof crossValidation): Suite => {
  const rows = fc.array(fc.tuple(fc.constantFrom(-1, 1), dyadic()), { minLength: 6, maxLength: 6 })
  const batchOf = (given: readonly (readonly [number, number])[]) =>
    ({ x: tensor(given.map(([x]) => [x])), y: tensor(given.map(([, y]) => [y])) })
  /** Examples that differ, so that batches of them have other statistics; small ones, which a few steps do not leave. */
  const within = dyadic({ min: -1, max: 1 })
  const examples = fc.uniqueArray(fc.tuple(within, within), { minLength: 6, maxLength: 6, selector: ([x]) => x })
  const lambdas = [2, 0.5, 0]
  const brief = { tolerance: 1e-9, most: 6, every: 3 }
  const numbersOf = <L>(found: E.Either<L, Numbers>): Numbers => E.getOrElse((): Numbers => [])(found)
  const means = <L>(curve: E.Either<L, ValidationCurve>): Numbers =>
    numbersOf(F.pipe(curve, E.map(({ points }) => points.map(({ mean }) => mean))))
  const folds = fc.integer({ min: 2, max: 6 })
  return suite('cross-validation', validate, [
    law('each fold by the fit without it', 'm(λ) = mean over folds F of the loss on F at w = soft(mean xy, λ/2) of the others',
      [rows, folds, seeds()], (given, k, foldSeed) => {
        const curve = F.pipe(plain, E.chain((t) => validate(t, batchOf(given), lambdas, { folds: k, foldSeed, tolerance: 1e-9 })))
        const losses = foldsOf(given.length, k, foldSeed).map((out) => lambdas.map((each) => {
          const slope = meanOf(given.filter((_, i) => !out.includes(i)).map(([x, y]) => x * y))
          const w = Math.sign(slope) * Math.max(Math.abs(slope) - each / 2, 0)
          return meanOf(out.map((i) => (given[i][0] * w - given[i][1]) ** 2))
        }))
        const wanted = lambdas.map((_, i) => meanOf(losses.map((fold) => fold[i])))
        return near(means(curve), wanted, { relative: 1e-12, absolute: 1e-12 })
      }, { mostRuns: 10 }),
    law('as if it were not there', 'm(λ) = mean over folds F of the loss on F alone of the fit to the others alone, whatever sees a batch',
      [examples, folds, seeds()], (given, k, foldSeed) => {
        const curve = F.pipe(seeing, E.chain((t) => validate(t, batchOf(given), lambdas, { folds: k, foldSeed, ...brief })))
        const losses = F.pipe(seeing, E.chain((t) => F.pipe(
          foldsOf(given.length, k, foldSeed),
          E.traverseArray((out) => F.pipe(
            regularizationPath(t, batchOf(given.filter((_, i) => !out.includes(i))), lambdas, brief),
            E.chain((path) => F.pipe([...path], E.traverseArray(E.chainW(({ state, lambda }) =>
              evaluate(t)(state, { ...batchOf(out.map((i) => given[i])), hyper: { lambda } })))))
          ))
        )))
        const wanted = F.pipe(losses, E.map((each) => lambdas.map((_, i) => meanOf(each.map((fold) => fold[i].data)))))
        return every(about('found', same(wanted._tag, 'Right')), near(means(curve), numbersOf(wanted), { relative: 1e-9, absolute: 1e-9 }))
      }, { mostRuns: 10 }),
    law('padding is in no fold', 'rows after count change nothing', [examples, examples, folds, seeds()], (given, padding, k, foldSeed) => {
      const [bare, padded] = [batchOf(given), { ...batchOf([...given, ...padding]), count: given.length }].map((batch) =>
        F.pipe(seeing, E.chain((t) => validate(t, batch, lambdas, { folds: k, foldSeed, ...brief }))))
      return every(about('found', same(bare._tag, 'Right')), same(padded, bare))
    }, { mostRuns: 10 }),
    law('in pairs', 'the same folds, the same masks', [rows, folds, seeds()], (given, k, foldSeed) => {
      const [one, other] = [lasso, grouped].map((made) => F.pipe(made, E.chain((t) =>
        validate(t, batchOf(given), [0], { folds: k, foldSeed, tolerance: 1e-9, most: 4, every: 2 })), E.map(({ points }) => points)))
      return every(about('found', same(one._tag, 'Right')), same(one, other))
    }, { mostRuns: 10 })
  ])
}
