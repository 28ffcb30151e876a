/** Laws of optimizers that leave weights exactly 0. */
import type { Optimizer } from 'tikhonov/optimizers'
import type { Separable } from 'tikhonov/regularizers'
import { positive } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import {
  along, eachElement, fewCourses, fewParameters, filled, gradients, points, trajectory, type Point
} from './trajectory.js'

/** An optimizer for a strength of its L1 penalty on kernels, at a fixed learning rate; it acts within three steps. */
export type ByStrength = (lambda: number) => Optimizer

const isKernel = (path: string): boolean => fewParameters[path].role === 'kernel'
/** Every other element of one point, the rest of another. */
const woven = (a: Point, b: Point): Point => eachElement(a, (x, i, path) => (i % 2 === 0 ? x : b[path][i]))
const isBias = (path: string): boolean => !isKernel(path)
const only = (which: (path: string) => boolean) => (point: Point): Point =>
  Object.fromEntries(Object.entries(point).filter(([path]) => which(path)))
const kernels = only(isKernel)
const largest = (points: readonly Point[]): number => Math.max(0, ...points.flatMap((p) => Object.values(p).flat()).map(Math.abs))

/**
 * The laws of optimizers with exact sparsity: under a penalty that outweighs all gradients every weight of a kernel is 0, not nearly 0,
 * wherever it began; a weight that is 0 comes back when its gradients outweigh the penalty; biases do not know of it; weights do not know
 * of each other. Langford, Li & Zhang 2009; Tsuruoka, Tsujii & Ananiadou 2009; Xiao 2010; McMahan et al. 2013.
 * @example
 * ```ts
 * import { check, sparseStepLaws } from 'tikhonov/laws'
 * import { ftrl, sgd } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * check(sparseStepLaws((lambda) => ftrl(0.5, { penalty: l1(lambda) }))).every((verdict) => verdict._tag === 'Passed') // => true
 * const never = check(sparseStepLaws(() => sgd(0.5)))
 * never.flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['sparse steps › exact zeros']
 * ```
 */
export const sparseStepLaws = (make: ByStrength): Suite => {
  const [free, light, heavy] = [0, 2 ** -4, 2 ** 30].map((lambda) => trajectory(make(lambda)))
  const nothing = filled(fewParameters, 0)
  return suite('sparse steps', make, [
    law('exact zeros', 'λ > everything ⇒ w₃ = 0', [gradients(), points()], (given, from) => {
      const last = kernels(heavy(along(given, from))[3])
      return same(eachElement(last, (w) => Math.abs(w)), kernels(nothing))
    }, { mostRuns: fewCourses }),
    law('revival', 'w = 0, Σg ≫ λ ⇒ sign(w) = −sign(g)', [points()], (g) => {
      const steep = eachElement(g, (x) => Math.sign(x) * (1 + Math.abs(x)))
      const last = light(along([nothing, nothing, nothing, steep, steep, steep, steep, steep, steep], nothing))[9]
      return same(eachElement(last, Math.sign), eachElement(steep, (x) => -Math.sign(x) || 0))
    }, { mostRuns: fewCourses }),
    law('keeps biases', 'bₜ of λ = bₜ of 0', [gradients(), points()], (given, from) =>
      same(heavy(along(given, from)).map(only(isBias)), free(along(given, from)).map(only(isBias))), { mostRuns: fewCourses }),
    law('each weight by itself', 'steps of (a₁, b₂, …) = (those of a₁, those of b₂, …)', [gradients(), gradients(), points(), points()],
      (first, second, a, b) => {
        const [g, h] = [first, second].map((given) => given.slice(0, Math.min(first.length, second.length)))
        const [as, bs] = [light(along(g, a)), light(along(h, b))]
        return same(light(along(g.map((each, t) => woven(each, h[t])), woven(a, b))), as.map((each, t) => woven(each, bs[t])))
      }, { mostRuns: fewCourses })
  ])
}

/** FTRL-proximal by its rate, β and penalty. */
export type Leader = (alpha: number, options: { readonly beta: number; readonly penalty?: Separable }) => Optimizer

/**
 * The laws of FTRL-proximal: without a penalty it is the adaptive gradient descent w ← w − α·g/(β + √Σg²), from wherever it begins; with
 * λ₁‖w‖₁ + λ₂‖w‖² each point is certified optimal for what the gradients met so far add up to:
 * |z| ≤ λ₁ where w = 0, z + sign(w)·λ₁ + (2λ₂ + (β + √n)/α)·w = 0 elsewhere. `penalty` makes R of λ₁ and λ₂. McMahan et al. 2013.
 * @example
 * ```ts
 * import { check, followLeaderLaws } from 'tikhonov/laws'
 * import { ftrl } from 'tikhonov/optimizers'
 * import { l1l2 } from 'tikhonov/regularizers'
 * check(followLeaderLaws(ftrl, (l1, l2) => l1l2({ l1, l2 }))).map((verdict) => verdict._tag) // => ['Passed', 'Passed']
 * ```
 */
export const followLeaderLaws = (make: Leader, penalty: (lambda1: number, lambda2: number) => Separable): Suite => {
  const rates = positive({ smallest: 2 ** -6, largest: 2 })
  return suite('follow the leader', make, [
    law('adaptive gradient descent', 'λ₁ = λ₂ = 0, z₀ = −w₀·β/α ⇒ w ← w − α·g/(β + √Σg²)', [gradients(), points(), rates, rates],
      (given, from, alpha, beta) => {
        const found = trajectory(make(alpha, { beta }))(along(given, from))
        const expected = given.reduce<readonly { readonly at: Point; readonly n: Point }[]>((before, g) => {
          const last = before[before.length - 1]
          const n = eachElement(last.n, (sum, i, path) => sum + g[path][i] ** 2)
          return [...before, { n, at: eachElement(last.at, (w, i, path) => w - alpha * g[path][i] / (beta + Math.sqrt(n[path][i]))) }]
        }, [{ at: from, n: filled(fewParameters, 0) }]).map(({ at }) => at)
        return near(found, expected, { absolute: 1e-12 * (1 + largest(expected)) })
      }, { mostRuns: fewCourses }),
    law('certificate', '0 ∈ z + λ₁·∂|w| + (2λ₂ + (β + √n)/α)·w', [gradients(), points(), rates, rates, rates, rates],
      (given, from, alpha, beta, lambda1, lambda2) => {
        const at = trajectory(make(alpha, { beta, penalty: penalty(lambda1, lambda2) }))(along(given, from))
        return every(...Object.keys(fewParameters).filter(isKernel).flatMap((path) => from[path].map((first, i) => {
          const sums = given.reduce<readonly (readonly [z: number, n: number])[]>((before, g, t) => {
            const [z, n] = before[before.length - 1]
            const more = n + g[path][i] ** 2
            return [...before, [z + g[path][i] - (Math.sqrt(more) - Math.sqrt(n)) / alpha * at[t][path][i], more]]
          }, [[-first * beta / alpha, 0]]).slice(1)
          return about(`${path}[${i}]`, every(...sums.map(([z, n], t) => {
            const w = at[t + 1][path][i]
            const slope = (beta + Math.sqrt(n)) / alpha + 2 * lambda2
            const tolerance = 1e-12 * (1 + Math.abs(z) + slope * (1 + largest(at)))
            return w === 0 ? Math.abs(z) <= lambda1 + tolerance || `w = 0 though |z| = ${Math.abs(z)} > ${lambda1}`
              : near(z + Math.sign(w) * lambda1 + slope * w, 0, { absolute: tolerance })
          })))
        })))
      }, { mostRuns: fewCourses })
  ])
}

