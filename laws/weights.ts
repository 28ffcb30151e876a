/** Laws of weighted means: of losses over a batch, of metrics, of evaluations. */
import fc from 'fast-check'
import { take, tensor, type Tensor } from 'tikhonov/tensor'
import { dyadic, permutation } from './arbitraries/index.js'
import { law, near, suite, type Suite } from './kit/index.js'

/** Predictions or inputs, what was wanted, and how much each example counts. */
export type Weighted = (given: Tensor, wanted: Tensor, weight: readonly number[]) => number

/** Examples to weigh: axis 0 of both is the examples, two or more of them. */
export interface WeightTrial {
  readonly examples: fc.Arbitrary<{ readonly given: Tensor; readonly wanted: Tensor }>
}

/** Dyadic numbers, whose sums are exact; one in five is 0, not all. */
const weights = (n: number): fc.Arbitrary<readonly number[]> => {
  const weight = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: dyadic({ min: 0.5, max: 4 }) })
  return fc.array(weight, { minLength: n, maxLength: n }).filter((w) => w.some((each) => each > 0))
}

const close = { relative: 1e-12, absolute: 1e-12 }

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

/**
 * What weights of examples mean: an example of weight 2 is that example twice, one of weight 0 is not there, weights matter by their ratios
 * only, and the order of the examples not at all. Where the measure is not finite the values are discarded. Two ways to one number agree to
 * 1e-12: the measure computes in float64, as on the reference engine.
 * @example
 * ```ts
 * import { arbitrary, check, weightLaws } from 'tikhonov/laws'
 * const sums = (given: { readonly data: ArrayLike<number> }, _: unknown, weight: readonly number[]) =>
 *   weight.reduce((sum, w, i) => sum + w * given.data[i], 0)
 * const column = arbitrary.vector(arbitrary.dyadic(), { minSize: 3 })
 * const failed = check(weightLaws(sums, { examples: column.map((given) => ({ given, wanted: given })) }))
 * failed.flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['weights › ratios']
 * ```
 */
export const weightLaws = (measure: Weighted, { examples }: WeightTrial, subject: unknown = measure): Suite => {
  const drawn = examples.chain(({ given, wanted }) => {
    const n = given.shape[0]
    return fc.record({ given: fc.constant(given), wanted: fc.constant(wanted), weight: weights(n), order: permutation(n) })
  })
  const agree = (got: number, expected: number) => {
    fc.pre(Number.isFinite(expected))
    return near(got, expected, close)
  }
  return suite('weights', subject, [
    law('two of one', 'm(…, xᵢ, xᵢ; …, wᵢ, wᵢ) = m(…, xᵢ; …, 2wᵢ)', [drawn], ({ given, wanted, weight }) => {
      const n = given.shape[0]
      const twice = [...upTo(n), n - 1]
      return agree(measure(take(given, twice), take(wanted, twice), twice.map((i) => weight[i])),
        measure(given, wanted, weight.map((w, i) => (i === n - 1 ? 2 * w : w))))
    }),
    law('absent', 'm(…, xᵢ; …, 0) = m(…; …)', [drawn], ({ given, wanted, weight }) => {
      const others = upTo(given.shape[0] - 1)
      fc.pre(others.some((i) => weight[i] > 0))
      return agree(measure(given, wanted, weight.map((w, i) => (i < others.length ? w : 0))),
        measure(take(given, others), take(wanted, others), others.map((i) => weight[i])))
    }),
    law('ratios', 'm(x; c·w) = m(x; w)', [drawn, dyadic({ min: 0.25, max: 16 })], ({ given, wanted, weight }, c) =>
      agree(measure(given, wanted, weight.map((w) => c * w)), measure(given, wanted, weight))),
    law('order', 'm(Px; Pw) = m(x; w)', [drawn], ({ given, wanted, weight, order }) =>
      agree(measure(take(given, order), take(wanted, order), order.map((i) => weight[i])), measure(given, wanted, weight)))
  ], [], { measure, examples })
}

/** A column of numbers, [n, 1]. */
export const column = (data: ArrayLike<number>): Tensor => tensor(Float64Array.from(Array.from(data)), [data.length, 1])
