/** Laws of how penalties are put together. */
import fc from 'fast-check'
import { l1, l2, penaltyOf, regularizerMonoid, ridge, type Regularizer } from 'tikhonov/regularizers'
import type { Tensor } from 'tikhonov/tensor'
import { positive } from './arbitraries/index.js'
import { several, slack, valueAt } from './functional.js'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'

/** A sum of penalties with its unit, and multiplication by numbers ≥ 0. */
export interface PenaltyAlgebra {
  readonly none: Regularizer
  readonly plus: (first: Regularizer, second: Regularizer) => Regularizer
  readonly scale: (factor: number, penalty: Regularizer) => Regularizer
}

const value = (penalty: Regularizer, w: Tensor): number => valueAt(penaltyOf(penalty), w)
const names = ({ terms }: Regularizer): readonly string[] => terms.map((t) => t.name)

const single = (): fc.Arbitrary<Regularizer> =>
  fc.tuple(fc.constantFrom(l1, l2, ridge), positive({ largest: 4 })).map(([make, lambda]) => make(lambda))

/** Penalties of 0 … 3 terms, made by the library's own sum, not by the one under test. */
const penalty = (): fc.Arbitrary<Regularizer> =>
  fc.array(single(), { maxLength: 3 }).map((parts) => parts.reduce(regularizerMonoid.concat, regularizerMonoid.empty))

/**
 * Penalties under `plus` are a monoid with `none`, whose sums keep their parts visible: (R + S)(w) = R(w) + S(w), and the terms of R + S
 * are those of R, then those of S. Numbers act on them: (c·R)(w) = c·R(w), term by term, under the terms' names. What is wrong with a part
 * is wrong with the whole.
 * @example
 * ```ts
 * import { check, regularizerMonoidLaws } from 'tikhonov/laws'
 * import { none, plus, scale } from 'tikhonov/regularizers'
 * check(regularizerMonoidLaws({ none, plus, scale })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const regularizerMonoidLaws = (algebra: PenaltyAlgebra): Suite => {
  const { none, plus, scale } = algebra
  const one = several(1)
  return suite('penalty algebra', algebra, [
    law('none is the unit', '(R + 0)(w) = R(w) = (0 + R)(w)', [penalty(), one], (r, [w]) => every(
      about('R + 0', same(value(plus(r, none), w), value(r, w))),
      about('0 + R', same(value(plus(none, r), w), value(r, w)))
    )),
    law('associative', '((R + S) + T)(w) = (R + (S + T))(w)', [penalty(), penalty(), penalty(), one], (r, s, t, [w]) => every(
      same(value(plus(plus(r, s), t), w), value(plus(r, plus(s, t)), w)),
      about('terms', same(names(plus(plus(r, s), t)), names(plus(r, plus(s, t)))))
    )),
    law('additive', '(R + S)(w) = R(w) + S(w)', [penalty(), penalty(), one], (r, s, [w]) =>
      near(value(plus(r, s), w), value(r, w) + value(s, w), { absolute: slack(w, value(r, w), value(s, w)) })),
    law('parts stay visible', 'terms(R + S) = terms(R) ++ terms(S)', [penalty(), penalty()], (r, s) =>
      same(names(plus(r, s)), [...names(r), ...names(s)])),
    law('scale multiplies', '(c·R)(w) = c·R(w)', [fc.oneof(fc.constant(0), positive({ largest: 4 })), penalty(), one], (c, r, [w]) =>
      near(value(scale(c, r), w), c * value(r, w), { absolute: slack(w, c * value(r, w)) })),
    law('scaled terms keep their names', 'names(c·R) = names(R)', [positive(), penalty()], (c, r) => same(names(scale(c, r)), names(r))),
    law('issues are collected', 'wrong(R) or wrong(S) ⇒ wrong(R + S), wrong(c·R)', [penalty(), positive()], (r, c) => {
      const wrong = l1(-1)
      const wholes = [plus(r, wrong), plus(wrong, r), scale(c, wrong), scale(-c, r)]
      return every(...wholes.map((whole, i) => about(['R + wrong', 'wrong + R', 'c·wrong', '−c·R'][i], whole.issues.length > 0)))
    })
  ])
}
