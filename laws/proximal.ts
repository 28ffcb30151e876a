/** Laws of proximal operators. */
import fc from 'fast-check'
import { constant, evaluate, variable } from 'tikhonov/expr'
import { penaltyOf, type Proximal, type Separable } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { graphOf, inner, rounding, several, withElements } from './functional.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'
import { prepared, valueOf } from './prepared.js'
import { atZero, type PenaltyTrial } from './regularizers.js'

type Numbers = readonly number[]

/** The steps that operators are tried with. */
const steps = [2 ** -4, 0.375, 1, 4] as const
const step = (): fc.Arbitrary<number> => fc.constantFrom(...steps)

const minus = (a: ArrayLike<number>, b: ArrayLike<number>): Numbers => Array.from(a, (x, i) => x - b[i])
const at = (w: Tensor, values: Numbers): Tensor => tensor(Float64Array.from(values), w.shape)
const square = (v: Numbers): number => inner(v, v)

/** prox by t as a function of a tensor, and h(u) = R(u) + ‖u − w‖²/2t, which it is to make least. */
const readingsOf = (penalty: Proximal) => {
  const move = prepared<number>((w, t) => penalty.proximal(t)(w))
  const value = valueOf(penaltyOf(penalty))
  return {
    value, prox: (t: number, w: Tensor): Numbers => move(w, t),
    cost: (t: number, w: Tensor, u: Numbers): number => value(at(w, u)) + square(minus(u, w.data)) / (2 * t)
  }
}

/** How far rounding moves numbers of the size of those given, for tensors like w. */
const slack = (w: Tensor, ...sizes: Numbers): number =>
  8 * rounding(w.data.length) * sizes.reduce((sum, x) => sum + Math.abs(x), Number.MIN_VALUE)

/**
 * The laws of every proximal operator, prox(t)(w) = argmin over u of h(u) = R(u) + ‖u − w‖²/2t: it keeps the shape; a step of 0 stays;
 * where R is least nothing moves; no neighbour p + d·2⁻ᵏ of p = prox(t)(w) has a smaller h. (Random competitors, which are farther off,
 * let a wrong factor live.)
 * @example
 * ```ts
 * import { div, add, mul, sum } from 'tikhonov/expr'
 * import { check, proximalLaws } from 'tikhonov/laws'
 * import { l1, regularizer, separable } from 'tikhonov/regularizers'
 * check(proximalLaws(l1(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * const forgetful = separable(regularizer('squares', {}, (w) => sum(mul(w, w))), (t) => (w) => div(w, add(1, t)))
 * check(proximalLaws(forgetful)).flatMap((v) => (v._tag === 'Failed' ? [v.law] : [])) // => ['proximal › beats its neighbours']
 * ```
 */
export const proximalLaws = (penalty: Proximal, { weights = several, least = atZero }: PenaltyTrial = {}): Suite => {
  const { prox, cost } = readingsOf(penalty)
  return suite('proximal', penalty, [
    law('keeps the shape', 'prox(w) ∈ ℝⁿ', [weights(1), step()], ([w], t) => {
      const { y, problems } = graphOf(penalty.proximal(t), w)
      return every(about('problems', same(problems, [])), about('shape', same(y.shape, w.shape)),
        about('a value that is not finite', prox(t, w).every(Number.isFinite)))
    }, { mostRuns: 25 }),
    law('a step of 0 stays', 'prox(0)(w) = w', [weights(1)], ([w]) =>
      near(prox(0, w), w.data, { absolute: slack(w, ...w.data) })),
    law('rests where R is least', 'R(w) = 0 ⇒ prox(w) = w', [weights(1), step()], ([w], t) =>
      near(prox(t, least(w)), least(w).data, { absolute: least === atZero ? 0 : slack(w, ...least(w).data) })),
    law('beats its neighbours', 'h(p) ≤ h(p + d·2⁻ᵏ)', [weights(2), step(), fc.integer({ min: 0, max: 16 })], ([w, d], t, k) => {
      const p = prox(t, w)
      const here = cost(t, w, p)
      const ways = [d.data, minus(w.data, p), p].flatMap((way) => [1, -1].map((sign) => p.map((x, i) => x + (sign * way[i]) / 2 ** k)))
      return every(...ways.map((u) => about(`p = ${p.join(', ')}, u = ${u.join(', ')}: h(p) ≤ h(u)`,
        atMost(here, cost(t, w, u) + slack(w, here, cost(t, w, u), square(Array.from(w.data)) / t)))))
    })
  ], [], { weights, least })
}

/**
 * What the proximal operator of a convex penalty obeys besides: (w − p)/t is a subgradient of R at p = prox(t)(w), which no other point
 * has; and it is firmly non-expansive, ‖p − q‖² ≤ ⟨p − q, w − v⟩ for q = prox(t)(v). Moreau 1965. Parent: `proximalLaws`.
 * @example
 * ```ts
 * import { check, convexProximalLaws } from 'tikhonov/laws'
 * import { groupLasso } from 'tikhonov/regularizers'
 * check(convexProximalLaws(groupLasso(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const convexProximalLaws = (penalty: Proximal, trial: PenaltyTrial = {}): Suite => {
  const { weights = several } = trial
  const { prox, value } = readingsOf(penalty)
  return suite('convex proximal', penalty, [
    law('the rest is a subgradient', 'R(v) ≥ R(p) + ⟨w − p, v − p⟩/t', [weights(2), step(), fc.constantFrom(0, 4, 10)], ([w, d], t, k) => {
      const p = prox(t, w)
      const v = withElements(d, (x, i) => p[i] + (x - p[i]) / 2 ** k)
      const [here, there] = [value(at(w, p)), value(v)]
      const sizes = [w.data, v.data, p].map((each) => square(Array.from(each)) / t)
      return atLeast(there, here + inner(minus(w.data, p), minus(v.data, p)) / t - slack(w, here, there, ...sizes))
    }),
    law('firmly non-expansive', '‖p − q‖² ≤ ⟨p − q, w − v⟩', [weights(2), step()], ([w, v], t) => {
      const apart = minus(prox(t, w), prox(t, v))
      const sizes = square(Array.from(w.data)) + square(Array.from(v.data))
      return atMost(square(apart), inner(apart, minus(w.data, v.data)) + slack(w, sizes))
    })
  ], [proximalLaws(penalty, trial)], { trial })
}

/**
 * Moreau's decomposition where R is a norm (or a seminorm): w = p + t·q with p = prox(t)(w) and q in the unit ball of the dual norm, and
 * ⟨q, p⟩ = R(p); then t·q is the projection of w onto t times that ball. `dual` is the dual norm of R.
 * @example
 * ```ts
 * import { check, moreauLaws } from 'tikhonov/laws'
 * import { l1 } from 'tikhonov/regularizers'
 * const largest = (w: { readonly data: Iterable<number> }) => Math.max(...Array.from(w.data, Math.abs))
 * check(moreauLaws(l1(0.5), (w) => largest(w) / 0.5)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const moreauLaws = (penalty: Proximal, dual: (q: Tensor) => number, { weights = several }: PenaltyTrial = {}): Suite => {
  const { prox, value } = readingsOf(penalty)
  const rest = (t: number, w: Tensor, p: Numbers): Numbers => minus(w.data, p).map((x) => x / t)
  return suite('Moreau', penalty, [
    law('the rest is in the dual ball', 'R°((w − p)/t) ≤ 1', [weights(1), step()], ([w], t) => {
      const rounded = slack(w, ...Array.from(w.data, (x) => x / t))
      return atMost(dual(at(w, rest(t, w, prox(t, w)))), 1 + dual(withElements(w, () => rounded)))
    }),
    law('the rest is aligned', '⟨(w − p)/t, p⟩ = R(p)', [weights(1), step()], ([w], t) => {
      const p = prox(t, w)
      return near(inner(rest(t, w, p), p), value(at(w, p)), { absolute: slack(w, square(Array.from(w.data)) / t, value(w)) })
    })
  ])
}

/**
 * What a family of penalties λ·R with proximal operators obeys: a step of t under λ is one of λt under 1, so that λ = 0 moves nothing.
 * @example
 * ```ts
 * import { check, proximalFamilyLaws } from 'tikhonov/laws'
 * import { ridge } from 'tikhonov/regularizers'
 * check(proximalFamilyLaws(ridge)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const proximalFamilyLaws = (make: (lambda: number) => Proximal, { weights = several }: PenaltyTrial = {}): Suite => {
  const move = prepared<readonly [number, number]>((w, [lambda, t]) => make(lambda).proximal(t)(w))
  const lambdas = fc.constantFrom(0, 0.125, 0.5, 3)
  return suite('proximal family', make, [
    law('λ is a step', 'prox of λR by t = prox of R by λt', [lambdas, step(), weights(1)], (lambda, t, [w]) =>
      near(move(w, [lambda, t]), move(w, [1, lambda * t]), { absolute: slack(w, ...w.data) }))
  ])
}

/**
 * What an operator that acts on each weight by itself obeys: with a step for each weight it does to each what it does with that step.
 * @example
 * ```ts
 * import { check, separableLaws } from 'tikhonov/laws'
 * import { l1l2 } from 'tikhonov/regularizers'
 * check(separableLaws(l1l2({ l1: 0.5, l2: 1 }))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const separableLaws = (penalty: Separable, { weights = several }: PenaltyTrial = {}): Suite => {
  const { prox } = readingsOf(penalty)
  const many = fc.array(step(), { minLength: 64, maxLength: 64 })
  return suite('separable', penalty, [
    law('each weight by itself', 'prox(t)(w)ᵢ = prox(tᵢ)(w)ᵢ', [weights(1), many], ([w], drawn) => {
      const given = drawn.slice(0, w.data.length)
      const got = evaluate(penalty.proximal(constant(given, w.shape))(variable('w', w.shape)), { w: w.data })
      const alone = new Map(steps.map((t) => [t, prox(t, w)]))
      return near(got, given.map((t, i) => alone.get(t)?.[i] ?? NaN), { absolute: slack(w, ...w.data) })
    }, { mostRuns: 25 })
  ])
}
