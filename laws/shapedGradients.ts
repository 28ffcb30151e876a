/** Laws of what is done to gradients and steps: adaptive clipping, noise, sharpness, lookahead. */
import fc from 'fast-check'
import { constant, evaluate, mul, type Expr } from 'tikhonov/expr'
import { chain, descend, type GradientTransform, type Weight } from 'tikhonov/optimizers'
import { positive, real } from './arbitraries/index.js'
import { about, atLeast, atMost, every, law, near, normalMean, normalVariance, same, suite, type Suite } from './kit/index.js'
import { along, eachElement, fewCourses, gradients, moments, points } from './trajectory.js'

const columns = [3, 2] as const
const matrices = fc.array(real(), { minLength: 6, maxLength: 6, size: 'max' })
const lengthsOf = (m: readonly number[]): readonly number[] => [0, 1].map((j) => Math.hypot(m[j], m[2 + j], m[4 + j]))

/**
 * The laws of adaptive clipping: of each unit's incoming weights, what is within limit·max(‖w‖, ε) stays bit for bit, what is longer
 * becomes as long as that, in its direction. Brock et al. 2021.
 * @example
 * ```ts
 * import { adaptiveClipLaws, check } from 'tikhonov/laws'
 * import { adaptiveClip } from 'tikhonov/optimizers'
 * check(adaptiveClipLaws((limit, epsilon) => adaptiveClip(limit, { epsilon }))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const adaptiveClipLaws = (make: (limit: number, epsilon: number) => GradientTransform): Suite => {
  const clipped = (w: readonly number[], d: readonly number[], limit: number, epsilon: number): readonly number[] => {
    const weight: Weight = { value: constant(w, columns), role: 'kernel', incoming: [0] }
    return evaluate(make(limit, epsilon).update('clip')({ w: constant(d, columns) }, { w: weight }, 1).delta.w)
  }
  const given = [matrices, matrices, positive({ largest: 1 }), positive({ largest: 1 })] as const
  // Sums of three squares, roots, a quotient and a product: 16 halves of a unit bound them.
  const rounding = { relative: 16 * Number.EPSILON }
  return suite('adaptive clip', make, [
    law('bounds each unit', '‖d′ⱼ‖ = min(‖dⱼ‖, limit·max(‖wⱼ‖, ε))', [...given], (w, d, limit, epsilon) => {
      const [sizes, caps] = [lengthsOf(d), lengthsOf(w).map((size) => limit * Math.max(size, epsilon))]
      return near(lengthsOf(clipped(w, d, limit, epsilon)), sizes.map((size, j) => Math.min(size, caps[j])), rounding)
    }, { corners: [[[0, 0, 0, 0, 0, 0], [1, -1, 1, -1, 1, -1], 0.5, 0.25]] }),
    law('leaves small gradients', '‖dⱼ‖ ≤ limit·max(‖wⱼ‖, ε) ⇒ d′ⱼ = dⱼ', [...given], (w, d, limit, epsilon) => {
      const part = 0.9 * limit * epsilon / (1 + Math.hypot(...d))
      const small = d.map((x) => x * part)
      return same(clipped(w, small, limit, epsilon), small)
    }),
    law('keeps directions', 'd′ⱼ ∥ dⱼ', [...given], (w, d, limit, epsilon) => {
      const after = clipped(w, d, limit, epsilon)
      const [from, to] = [lengthsOf(d), lengthsOf(after)]
      const turned = (m: readonly number[], sizes: readonly number[]) => m.map((x, i) => x / sizes[i % 2])
      return from.includes(0) || near(turned(after, to), turned(d, from), { relative: 64 * Number.EPSILON })
    })
  ])
}

/**
 * The laws of noise on gradients: at step t it is normal noise of mean 0 and the variance stated, variance/tᵞ, within bounds that a correct
 * one exceeds with probability 1e-9; it is the same in a replay, another at another step and for another parameter.
 * Neelakantan et al. 2015.
 * @example
 * ```ts
 * import { check, gradientNoiseLaws } from 'tikhonov/laws'
 * import { gradientNoise } from 'tikhonov/optimizers'
 * check(gradientNoiseLaws((variance, gamma) => gradientNoise(variance, { gamma }))).every(({ _tag }) => _tag === 'Passed') // => true
 * ```
 */
export const gradientNoiseLaws = (make: (variance: number, gamma: number) => GradientTransform): Suite => {
  const n = 2048
  const noise = (variance: number, gamma: number, seed: number, step: number) => {
    const still = constant(Array.from({ length: n }, () => 0), [n])
    const { delta, slots } = make(variance, gamma).update('noise')({ a: still, b: still }, {
      a: { value: still, role: 'kernel', incoming: [0] }, b: { value: still, role: 'kernel', incoming: [0] }
    }, 1)
    const remembered = Object.fromEntries(Object.keys(slots).map((path) => [path, [step]]))
    return { a: evaluate(delta.a, remembered, { seed, step }), b: evaluate(delta.b, remembered, { seed, step }) }
  }
  const mean = (x: readonly number[]): number => x.reduce((s, v) => s + v, 0) / x.length
  const given = [positive({ largest: 4 }), fc.constantFrom(0, 0.55, 1), fc.nat({ max: 2 ** 30 }), fc.nat({ max: 1000 })] as const
  return suite('gradient noise', make, [
    law('stated variance', 'E = 0, Var = variance/tᵞ', [...given], (variance, gamma, seed, step) => {
      const { a } = noise(variance, gamma, seed, step)
      const standard = a.map((x) => x / Math.sqrt(variance * (step + 1) ** -gamma))
      return every(
        about('mean', atMost(Math.abs(mean(standard)), normalMean(n, 1, 1e-9))),
        about('variance', atMost(Math.abs(mean(standard.map((x) => x * x)) - 1), normalVariance(n, 1, 1e-9))))
    }, { mostRuns: 5 }),
    law('an address', 'the same in a replay, another at other steps, for others', [...given], (variance, gamma, seed, step) => {
      const [now, again, later] = [step, step, step + 1].map((t) => noise(variance, gamma, seed, t))
      const apart = (x: readonly number[], y: readonly number[]) => x.filter((v, i) => v !== y[i]).length
      return every(
        about('replay', same(again, now)),
        about('later', atLeast(now.a.filter((x, i) => Math.sign(x) !== Math.sign(later.a[i])).length, n / 4)),
        about('parameters', atLeast(apart(now.a, now.b), n / 2)))
    }, { mostRuns: 5 })
  ])
}

/**
 * The laws of sharpness-aware minimisation: with ρ = 0 it is the gradient; on a bowl ½·Σ aᵢwᵢ² it is A·(w + ρ·Aw/‖Aw‖), the norm over all
 * parameters; at the bottom it stays. Foret et al. 2021.
 * @example
 * ```ts
 * import { check, samLaws } from 'tikhonov/laws'
 * import { sam } from 'tikhonov/optimizers'
 * check(samLaws(sam)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const samLaws = (make: (rho: number) => GradientTransform): Suite => {
  const curvature = { v: 2, w: 3 }
  const slopes = (v: readonly number[], w: readonly number[], rho: number) => {
    const leaf = { v: constant(v), w: constant(w) }
    const at = (by: Readonly<Record<string, Expr>>) => ({ v: mul(curvature.v, by.v), w: mul(curvature.w, by.w) })
    const { delta } = make(rho).update('sam')(at(leaf), {
      v: { value: leaf.v, role: 'kernel', incoming: [0] }, w: { value: leaf.w, role: 'bias', incoming: [] }
    }, 1, at)
    return { v: evaluate(delta.v), w: evaluate(delta.w) }
  }
  const vector = fc.array(real(), { minLength: 3, maxLength: 3, size: 'max' })
  const slope = (x: readonly number[], by: number) => x.map((each) => by * each)
  return suite('sam', make, [
    law('ρ = 0', 'ρ = 0 ⇒ d′ = ∇L(w)', [vector, vector], (v, w) => same(slopes(v, w, 0), { v: slope(v, 2), w: slope(w, 3) })),
    law('on a bowl', 'd′ = A·(w + ρ·Aw/‖Aw‖)', [vector, vector, positive()], (v, w, rho) => {
      const size = Math.hypot(...slope(v, 2), ...slope(w, 3))
      const moved = (x: readonly number[], by: number) => x.map((each) => by * (each + (rho * by * each) / size))
      return size === 0 || near(slopes(v, w, rho), { v: moved(v, 2), w: moved(w, 3) }, { relative: 1e-13 })
    }),
    law('at the bottom', 'd = 0 ⇒ d′ = 0', [positive()], (rho) => same(slopes([0, 0], [0], rho), { v: [0, 0], w: [0] }))
  ])
}

/**
 * The laws of lookahead over gradient descent: α = 1 is descent itself; k = 1 goes the part α of each step; with k = 2 and given gradients
 * the slow weights are s ← s + α·(the two steps). Zhang et al. 2019.
 * @example
 * ```ts
 * import { check, lookaheadLaws } from 'tikhonov/laws'
 * import { lookahead } from 'tikhonov/optimizers'
 * check(lookaheadLaws((every, alpha) => lookahead({ every, alpha }))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const lookaheadLaws = (make: (every: number, alpha: number) => GradientTransform): Suite => {
  const descent = moments(descend)
  const course = (k: number, alpha: number) => moments(chain(descend, make(k, alpha)))
  const [whole, half, two] = [course(2, 1), course(1, 0.5), course(2, 0.5)]
  const scale = { absolute: 1e-12 * 256 }
  return suite('lookahead', make, [
    law('α = 1', 'α = 1 ⇒ the steps are those of the optimizer', [gradients(), points()], (given, from) =>
      near(whole(along(given, from)).map(({ at }) => at), descent(along(given, from)).map(({ at }) => at), scale),
      { mostRuns: fewCourses }),
    law('k = 1', 'k = 1 ⇒ w ← w + α·d', [gradients(), points()], (given, from) =>
      near(half(along(given, from)).map(({ at }) => at),
        descent(along(given.map((g) => eachElement(g, (x) => x / 2)), from)).map(({ at }) => at), scale), { mostRuns: fewCourses }),
    law('slow weights', 'w₁ = w₀ + d₁, w₂ = w₀ + α·(d₁ + d₂), w₃ = w₂ + d₃', [gradients(), points()], (given, from) => {
      const [a, b, c] = given
      const [, first, second, third] = two(along(given, from)).map(({ at }) => at)
      const slow = eachElement(from, (x, i, path) => x - 0.5 * (a[path][i] + b[path][i]))
      return every(
        about('fast', near(first, eachElement(from, (x, i, path) => x - a[path][i]), scale)),
        about('slow', near(second, slow, scale)),
        about('fast again', near(third, eachElement(slow, (x, i, path) => x - c[path][i]), scale)))
    }, { mostRuns: fewCourses })
  ])
}
