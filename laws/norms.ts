/** Laws of norms. */
import fc from 'fast-check'
import type { Expr } from 'tikhonov/expr'
import { l1Norm, l2Norm, lInfNorm, type Norm } from 'tikhonov/regularizers'
import type { Tensor } from 'tikhonov/tensor'
import { dyadic, shape, tensor } from './arbitraries/index.js'
import { graphOf, inner, rounding, several, slack, valueAt, weight, withElements, type Functional } from './functional.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'
import { gradientOf, prepared, valueOf } from './prepared.js'

const one = (): fc.Arbitrary<Tensor> => several(1).map(([w]) => w)

/**
 * The laws of a norm of a whole tensor: ‖w‖ ≥ 0; ‖w‖ = 0 only at 0; ‖c·w‖ = |c|·‖w‖; ‖v + w‖ ≤ ‖v‖ + ‖w‖; and, of its derivative g, that it
 * is a finite subgradient everywhere, ‖v‖ ≥ ‖w‖ + ⟨g, v − w⟩, with ⟨g, w⟩ = ‖w‖ (Euler), and 0 at 0.
 * @example
 * ```ts
 * import { mul, sqrt, sum } from 'tikhonov/expr'
 * import { check, normLaws } from 'tikhonov/laws'
 * import { l2Norm } from 'tikhonov/regularizers'
 * check(normLaws(l2Norm)).every((verdict) => verdict._tag === 'Passed') // => true
 * const failed = check(normLaws((w) => sqrt(sum(mul(w, w))))).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : []))
 * failed // => ['norm › subgradient', 'norm › Euler', 'norm › flat at 0']
 * ```
 */
export const normLaws = (norm: (w: Expr) => Expr): Suite => {
  const [at, slope] = [valueOf(norm), gradientOf(norm)]
  return suite('norm', norm, [
    law('one number', '‖w‖ ∈ ℝ', [one()], (w) => {
      const { y, problems } = graphOf(norm, w)
      return every(about('problems', same(problems, [])), about('shape', same(y.shape, [])))
    }),
    law('non-negative', '‖w‖ ≥ 0', [one()], (w) => atLeast(at(w), 0)),
    law('definite', '‖w‖ = 0 ⇔ w = 0', [one()], (w) => every(
      about('‖0‖', near(at(withElements(w, () => 0)), 0, {})),
      at(w) !== 0 || about('w of norm 0', near(w.data, w.data.map(() => 0), {}))
    )),
    law('homogeneous', '‖c·w‖ = |c|·‖w‖', [dyadic(), one()], (c, w) =>
      near(at(withElements(w, (x) => c * x)), Math.abs(c) * at(w), { relative: rounding(w.data.length) })),
    law('triangle', '‖v + w‖ ≤ ‖v‖ + ‖w‖', [several(2)], ([v, w]) =>
      atMost(at(withElements(v, (x, i) => x + w.data[i])), (at(v) + at(w)) * (1 + 2 * rounding(v.data.length)))),
    law('subgradient', '‖v‖ ≥ ‖w‖ + ⟨∇‖w‖, v − w⟩', [several(2)], ([v, w]) => {
      const g = slope(w)
      const moved = inner(g.map(Math.abs), v.data.map((x, i) => Math.abs(x) + Math.abs(w.data[i])))
      return atLeast(at(v), at(w) + inner(g, v.data.map((x, i) => x - w.data[i])) - slack(w, at(v), at(w), moved))
    }),
    law('Euler', '⟨∇‖w‖, w⟩ = ‖w‖', [one()], (w) => near(inner(slope(w), w.data), at(w), { absolute: slack(w, at(w)) })),
    law('flat at 0', '∇‖0‖ = 0', [one()], (w) => near(slope(withElements(w, () => 0)), w.data.map(() => 0), {}))
  ])
}

/**
 * A norm in a wide range: ‖2ᵏ·w‖ = 2ᵏ·‖w‖ for |k| ≤ 900, where squares of the elements are no float64.
 * @example
 * ```ts
 * import { mul, sqrt, sum } from 'tikhonov/expr'
 * import { check, wideRangeLaws } from 'tikhonov/laws'
 * check(wideRangeLaws((w) => sqrt(sum(mul(w, w))))).map((verdict) => verdict._tag) // => ['Failed']
 * ```
 */
export const wideRangeLaws = (norm: (w: Expr) => Expr): Suite => {
  const at = valueOf(norm)
  return suite('wide range', norm, [
    law('neither overflows nor underflows', '‖2ᵏ·w‖ = 2ᵏ·‖w‖', [fc.integer({ min: -900, max: 900 }), one()], (k, w) =>
      near(at(withElements(w, (x) => 2 ** k * x)), 2 ** k * at(w), { relative: rounding(w.data.length) }))
  ])
}

/** Norms that are compared. */
export interface Norms {
  readonly l1: Functional
  readonly l2: Functional
  readonly lInf: Functional
}

/**
 * How the norms compare: ‖w‖∞ ≤ ‖w‖₂ ≤ ‖w‖₁ ≤ √n·‖w‖₂ and ‖w‖₂ ≤ √n·‖w‖∞; ‖w‖₂² ≤ ‖w‖₁·‖w‖∞ (Hölder).
 * @example
 * ```ts
 * import { check, normOrderLaws } from 'tikhonov/laws'
 * import { l1Norm, l2Norm, lInfNorm } from 'tikhonov/regularizers'
 * check(normOrderLaws({ l1: l1Norm, l2: l2Norm, lInf: lInfNorm })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const normOrderLaws = (norms: Norms): Suite => {
  const bounded = (got: number, bound: number, w: Tensor) => atMost(got, bound * (1 + 3 * rounding(w.data.length)))
  const [first, second, last] = [valueOf(norms.l1), valueOf(norms.l2), valueOf(norms.lInf)]
  const of = (w: Tensor) => ({ l1: first(w), l2: second(w), lInf: last(w), root: Math.sqrt(w.data.length) })
  return suite('norm order', norms, [
    law('ordered', '‖w‖∞ ≤ ‖w‖₂ ≤ ‖w‖₁', [one()], (w) => {
      const { l1, l2, lInf } = of(w)
      return every(about('‖w‖∞ ≤ ‖w‖₂', bounded(lInf, l2, w)), about('‖w‖₂ ≤ ‖w‖₁', bounded(l2, l1, w)))
    }),
    law('equivalent', '‖w‖₁ ≤ √n·‖w‖₂ ≤ n·‖w‖∞', [one()], (w) => {
      const { l1, l2, lInf, root } = of(w)
      return every(about('‖w‖₁ ≤ √n·‖w‖₂', bounded(l1, root * l2, w)), about('‖w‖₂ ≤ √n·‖w‖∞', bounded(l2, root * lInf, w)))
    }),
    law('Hölder', '‖w‖₂² ≤ ‖w‖₁·‖w‖∞', [one()], (w) => {
      const { l1, l2, lInf } = of(w)
      return bounded(l2 * l2, l1 * lInf, w)
    })
  ])
}

/**
 * A family of p-norms: p = 1, 2 and ∞ are the norms of these names, ‖w‖_q ≤ ‖w‖_p for p ≤ q, and what is no p is a misfit.
 * @example
 * ```ts
 * import { check, lpNormLaws } from 'tikhonov/laws'
 * import { lpNorm } from 'tikhonov/regularizers'
 * check(lpNormLaws(lpNorm)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const lpNormLaws = (lp: (p: number) => (w: Expr) => Expr): Suite => {
  const p = fc.oneof(fc.constantFrom(1, 2, 3, Infinity), fc.double({ min: 1, max: 16, noNaN: true }))
  const agrees = (name: string, at: number, norm: Functional) => {
    const [got, expected] = [valueOf(lp(at)), valueOf(norm)]
    return law(`p = ${name}`, `‖w‖_p = ‖w‖${name}`, [one()], (w) => near(got(w), expected(w), { relative: rounding(w.data.length) }))
  }
  return suite('p-norm', lp, [
    agrees('1', 1, (w) => l1Norm(w)), agrees('2', 2, (w) => l2Norm(w)), agrees('∞', Infinity, (w) => lInfNorm(w)),
    law('decreasing in p', 'p ≤ q ⇒ ‖w‖_q ≤ ‖w‖_p', [p, p, one()], (a, b, w) =>
      atMost(valueAt(lp(Math.max(a, b)), w), valueAt(lp(Math.min(a, b)), w) * (1 + rounding(w.data.length)))),
    law('refuses what is no p', 'p ≱ 1 ⇒ a misfit', [fc.oneof(fc.double({ max: 1, maxExcluded: true }), fc.constant(NaN)), one()],
      (wrong, w) =>
        about(`p = ${wrong}`, graphOf(lp(wrong), w).problems.length > 0))
  ])
}

/**
 * A norm over axes is the norm of each slice: of a matrix [m, n] over axis 0, of its n columns; over no axes, of each element.
 * @example
 * ```ts
 * import { axesLaws, check } from 'tikhonov/laws'
 * import { l2Norm } from 'tikhonov/regularizers'
 * check(axesLaws(l2Norm)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const axesLaws = (norm: Norm): Suite => {
  const matrices = tensor(weight(), shape({ minRank: 2, maxRank: 2, maxSize: 4 }))
  const over = prepared<readonly number[]>((w, axes) => norm(w, axes))
  const all = valueOf((w) => norm(w))
  return suite('axes', norm, [
    law('over an axis', '‖w‖ over 0 = ‖columns‖', [matrices], (w) => {
      const [m, n] = w.shape
      const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_unused, i) => w.data[i * n + j]))
      return near(over(w, [0]), columns.map((data) => all({ ...w, shape: [m], data })), { relative: rounding(m) })
    }),
    law('over none', '‖w‖ over nothing = |w|', [matrices], (w) =>
      near(over(w, []), w.data.map(Math.abs), { relative: rounding(1) })),
    law('over all', '‖w‖ over all = ‖flat w‖', [matrices], (w) =>
      near(over(w, [0, -1]), [all({ ...w, shape: [w.data.length] })], { relative: rounding(w.data.length) }))
  ])
}
