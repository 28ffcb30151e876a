/** Sets that constraints project onto, for their laws: those of sums, sizes and orders. */
import fc from 'fast-check'
import { type FeasibleSet, vector } from './feasibleLengths.js'

const total = (v: readonly number[]): number => v.reduce((sum, x) => sum + Math.abs(x), 0)

/** How far below 0 the least element is, relative to a bound. */
const below = (v: readonly number[], bound: number): number => Math.max(...v.map((x) => -x / bound))

/** Sizes that add up to `wanted`; equal ones in place of zeros. */
const adding = (v: readonly number[], wanted: number): readonly number[] => {
  const sum = total(v)
  return v.map((x) => (sum === 0 ? wanted / v.length : (Math.abs(x) / sum) * wanted))
}

/** Vectors, one in three along an axis: the corners of what sums bound, where a point that is not the nearest shows first. */
const cornered = (n: number): fc.Arbitrary<readonly number[]> => fc.oneof(
  { arbitrary: vector(n), weight: 2 },
  { arbitrary: fc.nat(n - 1).map((at) => Array.from({ length: n }, (_, i) => (i === at ? 1 : 0))), weight: 1 }
)

const part = (): fc.Arbitrary<number> => fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))

const signed = (n: number, sizes: (v: readonly number[]) => readonly number[]): fc.Arbitrary<readonly number[]> =>
  fc.tuple(cornered(n), fc.array(fc.boolean(), { minLength: n, maxLength: n }))
    .map(([v, up]) => sizes(v).map((x, i) => (up[i] ? x : -x)))

/**
 * The box low ≤ w ≤ high: what `box` allows, and `hypercube` and `lInfBall`. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.box(-1, 2).excess([0, 3]) // => 1
 * ```
 */
export const box = (low: number, high: number): FeasibleSet => ({
  excess: (v) => Math.max(...v.flatMap((x) => [low - x, x - high])),
  points: (n) => fc.array(
    fc.oneof(fc.constantFrom(low, high), fc.double({ min: low, max: high, noNaN: true })), { minLength: n, maxLength: n })
})

/**
 * The simplex v ≥ 0, Σv = total: what `simplex` allows. Convex; its points are floats within rounding of it.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.simplex(2).excess([1, 3]) // => 1
 * ```
 */
export const simplex = (wanted: number): FeasibleSet => ({
  excess: (v) => Math.max(below(v, wanted), Math.abs(v.reduce((sum, x) => sum + x, 0) / wanted - 1)),
  points: (n) => cornered(n).map((v) => adding(v, wanted))
})

/**
 * The ball ‖v‖₁ ≤ radius: what `l1Ball` allows. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.l1Ball(2).excess([1, -3]) // => 1
 * ```
 */
export const l1Ball = (radius: number): FeasibleSet => ({
  excess: (v) => total(v) / radius - 1,
  points: (n) => part().chain((p) => signed(n, (v) => adding(v, p * radius)))
})

/**
 * The sphere ‖v‖₁ = radius: what `l1Sphere` allows. Not convex; its points are floats within rounding of it.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.l1Sphere(2).excess([1, 0]) // => 0.5
 * ```
 */
export const l1Sphere = (radius: number): FeasibleSet => ({
  excess: (v) => Math.abs(total(v) / radius - 1),
  points: (n) => signed(n, (v) => adding(v, radius))
})

/**
 * The sphere max|v| = radius: what `lInfSphere` allows. Not convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.lInfSphere(2).excess([1, 0]) // => 0.5
 * ```
 */
export const lInfSphere = (radius: number): FeasibleSet => ({
  excess: (v) => Math.abs(Math.max(...v.map(Math.abs)) / radius - 1),
  points: (n) => fc.tuple(box(-radius, radius).points(n), fc.nat(n - 1), fc.constantFrom(-radius, radius))
    .map(([v, at, x]) => v.map((y, i) => (i === at ? x : y)))
})

/**
 * Vectors of at most k elements that are not 0: what `topK` allows. Not convex. What is too much is counted.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.sparse(2).excess([1, -1, 2]) // => 1
 * ```
 */
export const sparse = (k: number): FeasibleSet => ({
  excess: (v) => v.filter((x) => x !== 0).length - k,
  points: (n) => fc.tuple(vector(n), fc.shuffledSubarray(Array.from({ length: n }, (_, i) => i), { minLength: n, maxLength: n }))
    .map(([v, order]) => v.map((x, i) => (order[i] < k ? x : 0)))
})

/**
 * Vectors that do not fall, or that do not rise: what `monotone` allows. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.monotone('increasing').excess([1, 3, 2.5]) // => 0.5
 * ```
 */
export const monotone = (direction: 'increasing' | 'decreasing'): FeasibleSet => {
  const way = direction === 'increasing' ? 1 : -1
  return {
    excess: (v) => Math.max(0, ...v.slice(1).map((x, i) => way * (v[i] - x))),
    points: (n) => vector(n).map((v) => [...v].sort((p, q) => way * (p - q)))
  }
}

/**
 * Equations ⟨row, v⟩ = bound, or, where `sided`, ⟨row, v⟩ ≤ bound: what `hyperplane`, `affine` and `halfSpace` allow. Convex. Each equation
 * has a weight of its own, its pivot, that is in no other: points are drawn by the weights that are not, which leave them rounding alone.
 * How far outside is relative to the sizes of the terms.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.flat([{ row: [1, 1], bound: 1, pivot: 0 }]).excess([1, 2]) // => 0.5
 * ```
 */
export const flat = (
  equations: readonly { readonly row: readonly number[]; readonly bound: number; readonly pivot: number }[], sided = false
): FeasibleSet => ({
  excess: (v) => Math.max(...equations.map(({ row, bound }) => {
    const terms = row.map((a, i) => a * v[i])
    const [off, size] = [terms.reduce((sum, x) => sum + x, -bound), total(terms) + Math.abs(bound)]
    return size === 0 ? 0 : (sided ? off : Math.abs(off)) / size
  })),
  points: (n) => fc.tuple(vector(n), fc.oneof(fc.constant(0), fc.double({ min: 0, max: 4, noNaN: true }))).map(([v, room]) =>
    equations.reduce<readonly number[]>((w, { row, bound, pivot }) => {
      const rest = row.reduce((sum, a, i) => (i === pivot ? sum : sum + a * w[i]), 0)
      return w.map((x, i) => (i === pivot ? (bound - (sided ? room : 0) - rest) / row[pivot] : x))
    }, v))
})
