/** Laws of penalties on groups of weights. */
import fc from 'fast-check'
import { penaltyOf, type Proximal } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { alike, positive, shape } from './arbitraries/index.js'
import { gradientAt, length, rounding, slack, valueAt, weight } from './functional.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { gradientOf, prepared, valueOf } from './prepared.js'

/**
 * What the groups of a matrix [inputs, units] are: its columns (the incoming weights of each unit) or its rows (the outgoing ones of each
 * input).
 */
export type Grouping = 'incoming' | 'outgoing'

type Numbers = readonly number[]

const matrices = (count: number): fc.Arbitrary<readonly Tensor[]> =>
  alike(count, weight(), shape({ minRank: 2, maxRank: 2, maxSize: 4 }))

/** The places of each group. */
const placesOf = ({ shape: [rows, columns] }: Tensor, groups: Grouping): readonly Numbers[] =>
  groups === 'incoming'
    ? Array.from({ length: columns }, (_, j) => Array.from({ length: rows }, (__, i) => i * columns + j))
    : Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => i * columns + j))

/** The same with other values at some places, in their order. */
const replaced = (w: Tensor, places: Numbers, values: Numbers): Tensor => {
  const own = new Map(places.map((place, k) => [place, values[k]]))
  return tensor(w.data.map((x, i) => own.get(i) ?? x), w.shape)
}

/**
 * What a penalty on groups obeys, in its value and in its proximal operator: the order within a group does not matter; what becomes of a
 * group does not depend on the others; a group of zeros has the derivative 0 and stays.
 * @example
 * ```ts
 * import { check, groupLaws } from 'tikhonov/laws'
 * import { groupLasso } from 'tikhonov/regularizers'
 * check(groupLaws(groupLasso(0.5), 'incoming')).every((verdict) => verdict._tag === 'Passed') // => true
 * check(groupLaws(groupLasso(0.5, { groups: 'outgoing' }), 'incoming')).map((verdict) => verdict._tag)
 * // => ['Failed', 'Failed', 'Passed']
 * ```
 */
export const groupLaws = (penalty: Proximal, groups: Grouping): Suite => {
  const [value, slope] = [valueOf(penaltyOf(penalty)), gradientOf(penaltyOf(penalty))]
  const prox = prepared((w) => penalty.proximal(0.5)(w))
  const groupIn = (w: Tensor, pick: number): Numbers => {
    const all = placesOf(w, groups)
    return all[pick % all.length]
  }
  const within = (w: Tensor, places: Numbers, got: Numbers, expected: Numbers): Outcome =>
    near(places.map((i) => got[i]), expected, { absolute: slack(w, ...w.data) })
  return suite('groups', penalty, [
    law('order within a group', 'R(Πw) = R(w), prox(Πw) = Π·prox(w)', [matrices(1), fc.nat()], ([w], pick) => {
      const places = groupIn(w, pick)
      const turned = places.map((_, k) => places[(k + 1) % places.length])
      const moved = replaced(w, places, turned.map((i) => w.data[i]))
      return every(
        about('R', near(value(moved), value(w), { absolute: slack(w, value(w)) })),
        about('prox', within(w, places, prox(moved, undefined), turned.map((i) => prox(w, undefined)[i])))
      )
    }),
    law('groups apart', 'vg = wg ⇒ prox(v)g = prox(w)g', [matrices(2), fc.nat()], ([w, v], pick) => {
      const places = groupIn(w, pick)
      const other = replaced(v, places, places.map((i) => w.data[i]))
      return within(w, places, prox(other, undefined), places.map((i) => prox(w, undefined)[i]))
    }),
    law('a group of zeros stays', 'wg = 0 ⇒ ∇R(w)g = 0, prox(w)g = 0', [matrices(1), fc.nat()], ([w], pick) => {
      const places = groupIn(w, pick)
      const without = replaced(w, places, places.map(() => 0))
      const [g, p] = [slope(without), prox(without, undefined)]
      return every(...[g, p].map((all, i) => about(['∇R', 'prox'][i], same(places.map((at) => Math.abs(all[at])), places.map(() => 0)))))
    })
  ])
}

/**
 * What a family of group lassos obeys: R_λ(w) = λ·Σ‖v‖₂ over the groups v, each of which its operator makes shorter by tλ along its
 * direction: v·max(0, 1 − tλ/‖v‖₂), all of it 0, exactly, where it is no longer than that. `weight` multiplies λ, given a group's size.
 * @example
 * ```ts
 * import { check, groupLassoLaws } from 'tikhonov/laws'
 * import { groupLasso } from 'tikhonov/regularizers'
 * check(groupLassoLaws(groupLasso, 'incoming')).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const groupLassoLaws = (
  make: (lambda: number) => Proximal, groups: Grouping, weightOf: (size: number) => number = () => 1
): Suite => {
  const one = make(1)
  const prox = prepared<number>((w, t) => one.proximal(t)(w))
  const lengths = (w: Tensor): Numbers => placesOf(w, groups).map((places) => length(places.map((i) => w.data[i])))
  const weightIn = (w: Tensor): number => weightOf(placesOf(w, groups)[0].length)
  return suite('group lasso', make, [
    law('the sum of lengths', 'R_λ(w) = λ·Σ‖v‖₂', [positive(), matrices(1)], (lambda, [w]) => {
      const wanted = lambda * weightIn(w) * lengths(w).reduce((sum, x) => sum + x, 0)
      return near(valueAt(penaltyOf(make(lambda)), w), wanted, { absolute: slack(w, wanted) })
    }),
    law('the derivative is the direction', '∇R_λ(w) = λ·v/‖v‖₂, 0 at 0', [positive(), matrices(1)], (lambda, [w]) => {
      const [g, sizes] = [gradientAt(penaltyOf(make(lambda)), w), lengths(w)]
      return every(...placesOf(w, groups).map((places, k) => about(`group ${k}`, near(places.map((i) => g[i]),
        places.map((i) => (sizes[k] === 0 ? 0 : (lambda * weightIn(w) * w.data[i]) / sizes[k])),
        { relative: 2 * rounding(w.data.length) }))))
    }),
    law('shortens', 'prox(v) = v·max(0, 1 − t/‖v‖₂)', [matrices(1), fc.constantFrom(0.25, 1, 4)], ([w], t) => {
      const [p, sizes] = [prox(w, t), lengths(w)]
      return every(...placesOf(w, groups).map((places, k) => {
        const left = Math.max(0, 1 - (t * weightIn(w)) / sizes[k])
        const tolerance = { absolute: sizes[k] < t * weightIn(w) * (1 - rounding(w.data.length)) ? 0 : slack(w, sizes[k]) }
        return about(`group ${k}`, near(places.map((i) => p[i]), places.map((i) => (sizes[k] === 0 ? 0 : w.data[i] * left)), tolerance))
      }))
    })
  ])
}
