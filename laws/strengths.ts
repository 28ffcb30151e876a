/** Laws of families of penalties, by their strength λ. */
import fc from 'fast-check'
import { l1, l2, penaltyOf, type Regularizer } from 'tikhonov/regularizers'
import type { Tensor } from 'tikhonov/tensor'
import { positive } from './arbitraries/index.js'
import { gradientAt, several, slack, valueAt } from './functional.js'
import { about, every, law, near, suite, type Law, type Suite } from './kit/index.js'
import type { PenaltyTrial } from './regularizers.js'
import { noIssues } from './sound.js'

/** A penalty of each strength. */
export type Family = (lambda: number) => Regularizer

/** A number that a family gives at λ and a weight x. */
interface Formula {
  readonly name: string
  readonly equation: string
  readonly at: (lambda: number, x: number) => number
}

const value = (penalty: Regularizer, w: Tensor): number => valueAt(penaltyOf(penalty), w)

/** The penalty is the sum over the weights of a formula. */
const valued = (make: Family, { weights = several }: PenaltyTrial, { name, equation, at }: Formula): Law =>
  law(name, equation, [positive(), weights(1)], (lambda, [w]) => {
    const wanted = Array.from(w.data).reduce((sum, x) => sum + at(lambda, x), 0)
    return near(value(make(lambda), w), wanted, { absolute: slack(w, wanted) })
  })

/** Its derivative is a formula, weight by weight; two products are rounded at most, in one order or another. */
const sloped = (make: Family, { weights = several }: PenaltyTrial, { name, equation, at }: Formula): Law =>
  law(name, equation, [positive(), weights(1)], (lambda, [w]) =>
    near(gradientAt(penaltyOf(make(lambda)), w), Array.from(w.data, (x) => at(lambda, x)), { relative: 4 * Number.EPSILON }))

/**
 * What a family of penalties with a strength λ obeys: λ = 0 is no penalty, R_{κ+λ} = R_κ + R_λ, and a λ that is below 0 or not finite is
 * an issue, where one that is 0 or more is none.
 * @example
 * ```ts
 * import { check, lambdaLaws } from 'tikhonov/laws'
 * import { l2 } from 'tikhonov/regularizers'
 * check(lambdaLaws(l2)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const lambdaLaws = (make: Family, { weights = several }: PenaltyTrial = {}): Suite => {
  const below = fc.double({ max: 0, maxExcluded: true, noNaN: true }).filter((x) => x < 0)
  const wrong = fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, -Number.MIN_VALUE), below)
  return suite('λ', make, [
    law('0 is nothing', 'R₀(w) = 0', [weights(1)], ([w]) => near(value(make(0), w), 0, {})),
    law('linear', 'R_{κ+λ}(w) = R_κ(w) + R_λ(w)', [positive(), positive(), weights(1)], (kappa, lambda, [w]) => {
      const [first, second] = [value(make(kappa), w), value(make(lambda), w)]
      return near(value(make(kappa + lambda), w), first + second, { absolute: slack(w, first, second) })
    }),
    law('refuses what is no strength', 'λ ≱ 0 ⇒ an issue', [wrong], (lambda) =>
      about(`λ = ${lambda} raises no issue`, make(lambda).issues.length > 0)),
    law('accepts a strength', 'λ ≥ 0 ⇒ no issue', [fc.oneof(fc.constant(0), positive())], (lambda) =>
      about(`λ = ${lambda}`, noIssues(make(lambda).issues)))
  ], [], { weights })
}

/**
 * What a lasso penalty obeys: R_λ(w) = λ·Σ|w|, and its derivative is λ·sign(w), 0 at 0, so that the penalty alone moves no weight off 0.
 * Parent: `lambdaLaws`.
 * @example
 * ```ts
 * import { max, mul, neg, sum } from 'tikhonov/expr'
 * import { check, l1Laws } from 'tikhonov/laws'
 * import { nonNegative } from 'tikhonov/layer'
 * import { l1, regularizer } from 'tikhonov/regularizers'
 * check(l1Laws(l1)).every((verdict) => verdict._tag === 'Passed') // => true
 * const tied = (lambda: number) =>
 *   regularizer('tied', { lambda }, (w) => mul(lambda, sum(max(w, neg(w)))), nonNegative('lambda', lambda))
 * check(l1Laws(tied)).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['l1 › the derivative is the sign']
 * ```
 */
export const l1Laws = (make: Family, trial: PenaltyTrial = {}): Suite =>
  suite('l1', make, [
    valued(make, trial, { name: 'sum of sizes', equation: 'R_λ(w) = λ·Σ|w|', at: (lambda, x) => lambda * Math.abs(x) }),
    sloped(make, trial, {
      name: 'the derivative is the sign', equation: '∇R_λ(w) = λ·sign(w), 0 at 0', at: (lambda, x) => lambda * Math.sign(x)
    })
  ], [lambdaLaws(make, trial)])

/**
 * What a penalty on squares obeys, in Keras's convention: R_λ(w) = λ·Σw², with derivative 2λw. Parent: `lambdaLaws`.
 * @example
 * ```ts
 * import { check, l2Laws } from 'tikhonov/laws'
 * import { l2, ridge } from 'tikhonov/regularizers'
 * check(l2Laws(l2)).every((verdict) => verdict._tag === 'Passed') // => true
 * const failed = check(l2Laws(ridge)).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : []))
 * failed // => ['l2 › sum of squares', 'l2 › the derivative is 2λw']
 * ```
 */
export const l2Laws = (make: Family, trial: PenaltyTrial = {}): Suite =>
  suite('l2', make, [
    valued(make, trial, { name: 'sum of squares', equation: 'R_λ(w) = λ·Σw²', at: (lambda, x) => lambda * x * x }),
    sloped(make, trial, { name: 'the derivative is 2λw', equation: '∇R_λ(w) = 2λ·w', at: (lambda, x) => 2 * lambda * x })
  ], [lambdaLaws(make, trial)])

/**
 * What a ridge penalty obeys, in the convention of statistics: R_λ(w) = ½λ·Σw², with derivative λw. Parent: `lambdaLaws`.
 * @example
 * ```ts
 * import { check, ridgeLaws } from 'tikhonov/laws'
 * import { ridge } from 'tikhonov/regularizers'
 * check(ridgeLaws(ridge)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const ridgeLaws = (make: Family, trial: PenaltyTrial = {}): Suite =>
  suite('ridge', make, [
    valued(make, trial, { name: 'half the sum of squares', equation: 'R_λ(w) = ½λ·Σw²', at: (lambda, x) => 0.5 * lambda * x * x }),
    sloped(make, trial, { name: 'the derivative is λw', equation: '∇R_λ(w) = λ·w', at: (lambda, x) => lambda * x })
  ], [lambdaLaws(make, trial)])

/** An elastic net: both strengths by name, either of which may be left out. */
export type ElasticNet = (options: { readonly l1?: number; readonly l2?: number }) => Regularizer

/**
 * What an elastic net obeys: it is l1(α) + l2(β), and what is left out adds nothing, not a default.
 * @example
 * ```ts
 * import { check, l1l2Laws } from 'tikhonov/laws'
 * import { l1l2 } from 'tikhonov/regularizers'
 * check(l1l2Laws(l1l2)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const l1l2Laws = (make: ElasticNet, { weights = several }: PenaltyTrial = {}): Suite =>
  suite('l1l2', make, [
    law('the sum of both', 'R_{α,β}(w) = α·Σ|w| + β·Σw²', [positive(), positive(), weights(1)], (alpha, beta, [w]) => {
      const [first, second] = [value(l1(alpha), w), value(l2(beta), w)]
      return near(value(make({ l1: alpha, l2: beta }), w), first + second, { absolute: slack(w, first, second) })
    }),
    law('what is left out adds nothing', 'R_{α}(w) = α·Σ|w|, R_{β}(w) = β·Σw², R(w) = 0', [positive(), weights(1)], (lambda, [w]) => {
      const [first, second] = [value(l1(lambda), w), value(l2(lambda), w)]
      return every(
        about('l1 alone', near(value(make({ l1: lambda }), w), first, { absolute: slack(w, first) })),
        about('l2 alone', near(value(make({ l2: lambda }), w), second, { absolute: slack(w, second) })),
        about('neither', near(value(make({}), w), 0, {}))
      )
    })
  ])
