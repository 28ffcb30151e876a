/** Laws of folds, of the curve over λ that they give, and of cross-validation. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { hyper, type Scalar } from 'tikhonov/expr'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { stationarity } from 'tikhonov/probes'
import { exact, groupLasso, l1, type Proximal } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { foldsOf, trainer, type crossValidation, type Validated, type ValidationCurve } from 'tikhonov/training'
import { dyadic, seed as seeds } from './arbitraries/index.js'
import { about, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'

type Numbers = readonly number[]

/** n rows in k folds, 2 ≤ k ≤ n. */
const cuts = fc.integer({ min: 2, max: 40 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 2, max: n })))

/**
 * What folds obey, the rows that each leaves out: each row is left out once; sizes differ by one at most; whoever asks again is given the
 * same, and with other seeds others.
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

const meanOf = (x: Numbers): number => x.reduce((sum, each) => sum + each, 0) / x.length

/**
 * What a curve over λ obeys: of each λ it has the mean over the folds and its standard error, s/√k; the best has the least mean; the rule
 * of one standard error takes the largest λ whose mean is no more above the best than the standard error of the best.
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
    })
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

/**
 * What cross-validation obeys, of a fit whose solution is known: its curve is that of the losses on each fold of the fits without it; and
 * what is compared is compared in pairs, over the same folds with the same masks, so that penalties of strength 0 come out alike, bit for
 * bit.
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
  const lambdas = [2, 0.5, 0]
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
        return near(F.pipe(curve, E.map(({ points }) => points.map(({ mean }) => mean)), E.getOrElse((): Numbers => [])), wanted,
          { relative: 1e-12, absolute: 1e-12 })
      }, { mostRuns: 10 }),
    law('in pairs', 'the same folds, the same masks', [rows, folds, seeds()], (given, k, foldSeed) => {
      const [one, other] = [lasso, grouped].map((made) => F.pipe(made, E.chain((t) =>
        validate(t, batchOf(given), [0], { folds: k, foldSeed, tolerance: 1e-9, most: 4, every: 2 })), E.map(({ points }) => points)))
      return every(about('found', same(one._tag, 'Right')), same(one, other))
    }, { mostRuns: 10 })
  ])
}
