/** Laws of projections onto where a penalty is bounded. */
import fc from 'fast-check'
import { penaltyOf, type Bounded } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { inner, rounding, several, slack, withElements } from './functional.js'
import { atMost, every, law, near, same, suite, type Suite } from './kit/index.js'
import { prepared, valueOf } from './prepared.js'
import type { PenaltyTrial } from './regularizers.js'

const bounds = (): fc.Arbitrary<number> => fc.constantFrom(0, 0.25, 1, 4)

/**
 * What the projection P onto {u: R(u) ≤ c} obeys for a convex R that is 0 at 0, by rounding: R(P(w)) ≤ c; P(P(w)) = P(w); what is allowed
 * stays, bit for bit; and the angle at P(w) is not acute, ⟨w − P(w), v − P(w)⟩ ≤ 0 for every v that is allowed, which is what nearest
 * means.
 * @example
 * ```ts
 * import { check, ontoLaws } from 'tikhonov/laws'
 * import { l1 } from 'tikhonov/regularizers'
 * check(ontoLaws(l1(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const ontoLaws = (penalty: Bounded, { weights = several }: PenaltyTrial = {}): Suite => {
  const value = valueOf(penaltyOf(penalty))
  const move = prepared<number>((w, c) => penalty.onto(c)(w))
  const onto = (c: number, w: Tensor): Tensor => tensor(Float64Array.from(move(w, c)), w.shape)
  /** What is allowed in the direction of v: v, half of it, a quarter, and so on; at last 0. */
  const allowed = (c: number, v: Tensor): Tensor => {
    const sizes = [...Array.from({ length: 12 }, (_, k) => 2 ** -k), 0].map((by) => withElements(v, (x) => by * x))
    return sizes.find((u) => value(u) <= c) ?? v
  }
  return suite('onto', penalty, [
    law('allowed', 'R(P(w)) ≤ c', [weights(1), bounds()], ([w], c) =>
      atMost(value(onto(c, w)), c * (1 + 16 * rounding(w.data.length)))),
    law('again changes nothing', 'P(P(w)) = P(w)', [weights(1), bounds()], ([w], c) =>
      near(onto(c, onto(c, w)).data, onto(c, w).data, { absolute: 8 * slack(w, ...w.data) })),
    law('what is allowed stays', 'R(v) ≤ c ⇒ P(v) = v', [weights(1), bounds()], ([v], c) =>
      same(onto(c, allowed(c, v)).data.map((x) => x + 0), allowed(c, v).data.map((x) => x + 0))),
    law('no acute angle', '⟨w − P(w), v − P(w)⟩ ≤ 0 where R(v) ≤ c', [weights(2), bounds()], ([w, v], c) => {
      const p = onto(c, w)
      const rest = Array.from(w.data, (x, i) => x - p.data[i])
      const scale = inner(w.data, w.data) + inner(v.data, v.data)
      const axes = Array.from(w.data, (_, k) => withElements(w, (x, i) => (i === k ? 64 * x : 0)))
      return every(...[v, ...axes].map((u) =>
        atMost(inner(rest, Array.from(allowed(c, u).data, (x, i) => x - p.data[i])), 16 * slack(w, scale))))
    })
  ])
}
