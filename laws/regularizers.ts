/** Laws of penalties. */
import fc from 'fast-check'
import { penaltyOf, type Regularizer } from 'tikhonov/regularizers'
import type { Tensor } from 'tikhonov/tensor'
import { dyadic } from './arbitraries/index.js'
import { graphOf, inner, reach, several, slack, slopeAlong, withElements } from './functional.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'
import { gradientOf, largestOf, valueOf } from './prepared.js'

/** What a penalty is tried on: `weights(n)` draws n tensors of one shape. Rank 1 … 3, sizes 1 … 4, moderate, many zeros, unless told. */
export interface PenaltyTrial {
  readonly weights?: (count: number) => fc.Arbitrary<readonly Tensor[]>
  /** Where R is 0, for a tensor of the shape of w: at 0 unless told. */
  readonly least?: (w: Tensor) => Tensor
}

/** Zeros of the shape of w: where a penalty is least unless told. */
export const atZero = (w: Tensor): Tensor => withElements(w, () => 0)

/**
 * The laws of every penalty R: it is one number, finite, ≥ 0, and 0 at 0 (or where `least` says), so that its derivative is 0 there, at a
 * kink too: a penalty alone moves no weight that it has nothing against. The derivative is finite everywhere, at 0 too, and away from
 * kinks it is what central differences say. Two builds of R are the same.
 * @example
 * ```ts
 * import { mul, sqrt, sum } from 'tikhonov/expr'
 * import { check, regularizerLaws } from 'tikhonov/laws'
 * import { l1, plus, regularizer, ridge } from 'tikhonov/regularizers'
 * check(regularizerLaws(plus(l1(0.01), ridge(0.1)))).every((verdict) => verdict._tag === 'Passed') // => true
 * const rough = regularizer('rough', {}, (w) => sqrt(sum(mul(w, w))))
 * check(regularizerLaws(rough)).flatMap((v) => (v._tag === 'Failed' ? [v.law] : [])).includes('regularizer › finite derivative') // => true
 * ```
 */
export const regularizerLaws = (penalty: Regularizer, { weights = several, least = atZero }: PenaltyTrial = {}): Suite => {
  const [value, slope, largest] = [valueOf(penaltyOf(penalty)), gradientOf(penaltyOf(penalty)), largestOf(penaltyOf(penalty))]
  /** At 0 nothing is rounded; where R is least elsewhere, what is met on the way is. */
  const rounded = (w: Tensor): number => (least === atZero ? 0 : slack(w, largest(w)))
  return suite('regularizer', penalty, [
    law('one number', 'R(w) ∈ ℝ', [weights(1)], ([w]) => {
      const { y, problems } = graphOf(penaltyOf(penalty), w)
      return every(
        about('issues', same(penalty.issues, [])), about('problems', same(problems, [])), about('shape', same(y.shape, [])),
        about('the value is finite', Number.isFinite(value(w)))
      )
    }),
    law('non-negative', 'R(w) ≥ 0', [weights(1)], ([w]) => atLeast(value(w), -rounded(w))),
    law('zero at 0', 'R(0) = 0', [weights(1)], ([w]) => near(value(least(w)), 0, { absolute: rounded(least(w)) })),
    law('flat where least', 'R(v) = 0 ⇒ ⟨∇R(v), w − v⟩ = 0', [weights(1)], ([w]) => {
      const at = least(w)
      const terms = slope(at).map((g, i) => g * (w.data[i] - at.data[i]))
      return near(terms.reduce((sum, x) => sum + x, 0), 0, { absolute: rounded(at) + slack(w, ...terms) })
    }),
    law('finite derivative', '∇R(w) ∈ ℝⁿ', [weights(1)], ([w]) => {
      const slopes = [w, atZero(w), least(w)].map((at) => slope(at))
      return every(...slopes.map((g, i) => about(`∇R at ${['w', '0', 'the least'][i]} is ${g.join(', ')}`, g.every(Number.isFinite))))
    }),
    law('derivative', '⟨∇R(w), d⟩ = (R(w + hd) − R(w − hd))/2h', [weights(2)], ([w, v]) => {
      const d = withElements(v, (x) => reach(w) * x)
      const { slope: expected, error, kink } = slopeAlong(value, w, d, largest(w))
      fc.pre(!kink)
      return near(inner(slope(w), d.data), expected, { absolute: error })
    }),
    law('built twice', 'R built again is R, and so is ∇R', [weights(1)], ([w]) => every(
      about('R', same(valueOf(penaltyOf(penalty))(w), value(w))), about('∇R', same(gradientOf(penaltyOf(penalty))(w), slope(w)))
    ), { mostRuns: 25 })
  ])
}

/**
 * What a convex penalty obeys: R(t·v + (1 − t)·w) ≤ t·R(v) + (1 − t)·R(w), and its derivative is a subgradient, at kinks too:
 * R(v) ≥ R(w) + ⟨∇R(w), v − w⟩. Parent: `regularizerLaws`.
 * @example
 * ```ts
 * import { check, convexLaws } from 'tikhonov/laws'
 * import { l1 } from 'tikhonov/regularizers'
 * check(convexLaws(l1(0.01))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const convexLaws = (penalty: Regularizer, trial: PenaltyTrial = {}): Suite => {
  const { weights = several, least = atZero } = trial
  const [value, slope, largest] = [valueOf(penaltyOf(penalty)), gradientOf(penaltyOf(penalty)), largestOf(penaltyOf(penalty))]
  const rounded = (v: Tensor, w: Tensor): number => (least === atZero ? 0 : slack(w, largest(v), largest(w)))
  return suite('convex', penalty, [
    law('convex', 'R(t·v + (1 − t)·w) ≤ t·R(v) + (1 − t)·R(w)', [dyadic({ min: 0, max: 1 }), weights(2)], (t, [v, w]) => {
      const between = value(withElements(v, (x, i) => t * x + (1 - t) * w.data[i]))
      return atMost(between, t * value(v) + (1 - t) * value(w) + slack(w, value(v), value(w)) + rounded(v, w))
    }),
    law('subgradient', 'R(v) ≥ R(w) + ⟨∇R(w), v − w⟩', [weights(2)], ([v, w]) => {
      const g = slope(w)
      const moved = inner(g.map(Math.abs), v.data.map((x, i) => Math.abs(x) + Math.abs(w.data[i])))
      const bound = value(w) + inner(g, v.data.map((x, i) => x - w.data[i]))
      return atLeast(value(v), bound - slack(w, value(v), value(w), moved) - rounded(v, w))
    })
  ], [regularizerLaws(penalty, trial)])
}

/**
 * What a penalty of a degree obeys: R(c·w) = |c|^degree·R(w), and so ⟨∇R(w), w⟩ = degree·R(w) (Euler): 1 for norms, 2 for squares.
 * Parent: `regularizerLaws`.
 * @example
 * ```ts
 * import { check, homogeneousLaws } from 'tikhonov/laws'
 * import { l1, l2 } from 'tikhonov/regularizers'
 * check(homogeneousLaws(1)(l1(0.01))).every((verdict) => verdict._tag === 'Passed') // => true
 * check(homogeneousLaws(2)(l2(0.01))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const homogeneousLaws = (degree: number) => (penalty: Regularizer, trial: PenaltyTrial = {}): Suite => {
  const { weights = several } = trial
  const [value, slope, largest] = [valueOf(penaltyOf(penalty)), gradientOf(penaltyOf(penalty)), largestOf(penaltyOf(penalty))]
  return suite('homogeneous', penalty, [
    law('homogeneous', 'R(c·w) = |c|^degree·R(w)', [dyadic(), weights(1)], (c, [w]) => {
      const [scaled, expected] = [withElements(w, (x) => c * x), Math.abs(c) ** degree * value(w)]
      return near(value(scaled), expected, { absolute: slack(w, expected, largest(scaled)) })
    }),
    law('Euler', '⟨∇R(w), w⟩ = degree·R(w)', [weights(1)], ([w]) =>
      // A gradient that goes through iterations, as that of a largest singular value, is rounded in each.
      near(inner(slope(w), w.data), degree * value(w), { absolute: 4 * slack(w, degree * value(w)) }))
  ], [regularizerLaws(penalty, trial)])
}
