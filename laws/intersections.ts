/** Laws of constraints that hold together, as far as an algorithm of a bounded number of steps comes. */
import type { Constraint } from 'tikhonov/constraints'
import { alone, constraintLaws, together, vectors, type ConstraintTrial } from './constraints.js'
import type { FeasibleSet } from './feasible.js'
import { inner, length, weight } from './functional.js'
import { atMost, law, same, suite, type Suite } from './kit/index.js'

/** What intersections are tried on; weights are moderate unless told. */
export interface IntersectionTrial extends ConstraintTrial {
  /** How far outside a member a point may be, relative to the size of the weights or 1, the larger; 1e-6 unless told. */
  readonly tolerance?: number
}

/**
 * What a projection onto the intersection of convex sets obeys to a stated tolerance: P(w) is allowed by every member, points that all
 * allow stay, bit for bit, and ⟨w − P(w), v − P(w)⟩ ≤ 0 for every such v, so that none is nearer. `set` is the intersection: its excess is
 * the largest of its members'. Where the form is closed use `convexProjectionLaws`. Parent: `constraintLaws`.
 * @example
 * ```ts
 * import { box, intersection, monotone } from 'tikhonov/constraints'
 * import { check, feasible, intersectionLaws } from 'tikhonov/laws'
 * const [inside, rising] = [feasible.box(-1, 1), feasible.monotone('increasing')]
 * const both: feasible.FeasibleSet = {
 *   excess: (v) => Math.max(inside.excess(v), rising.excess(v)),
 *   points: (n) => inside.points(n).map((v) => [...v].sort((p, q) => p - q))
 * }
 * const laws = intersectionLaws(intersection(monotone('increasing'), box(-1, 1)), both)
 * check(laws, { runs: 20 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const intersectionLaws = (
  c: Constraint, set: FeasibleSet, { tolerance = 1e-6, elements = weight(), ...more }: IntersectionTrial = {}
): Suite => {
  const trial = { ...more, elements }
  const one = alone(c)
  const both = together(trial, vectors(trial), set.points)
  return suite('intersection', c, [
    law('feasible for every member', 'P(w) ∈ C ∩ D', [together(trial, vectors(trial))], ([layout, w]) =>
      atMost(set.excess(one(w, layout), layout.shape), tolerance * Math.max(1, length(w)))),
    law('keeps common points', 'v ∈ C ∩ D ⇒ P(v) = v', [together(trial, set.points)], ([layout, v]) => same(one(v, layout), v)),
    law('nearest common point', '⟨w − P(w), v − P(w)⟩ ≤ 0 for v ∈ C ∩ D', [both], ([layout, w, v]) => {
      const p = one(w, layout)
      const minus = (a: readonly number[]) => a.map((x, i) => x - p[i])
      return atMost(inner(minus(w), minus(v)), tolerance * Math.max(1, length(w) + length(v)) ** 2)
    })
  ], [constraintLaws(c, trial)])
}
