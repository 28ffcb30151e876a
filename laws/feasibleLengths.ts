/** Sets of vectors that constraints project onto, for their laws: how far outside a vector is, and points inside. Lengths and signs. */
import fc from 'fast-check'
import type { Shape } from 'tikhonov/expr'
import { length, weight } from './functional.js'

/** What is allowed of the incoming weights of one unit. */
export interface FeasibleSet {
  /** How far outside a vector is, relative to the bound it breaks: 0 or less where it is allowed. Sets of matrices read its shape. */
  readonly excess: (v: readonly number[], shape?: Shape) => number
  /** Vectors of n elements that are allowed (to a few roundings where no float is allowed exactly), points of the boundary among them. */
  readonly points: (n: number, shape?: Shape) => fc.Arbitrary<readonly number[]>
}

/** n weights. */
export const vector = (n: number): fc.Arbitrary<readonly number[]> => fc.array(weight(), { minLength: n, maxLength: n })

/** A vector made as long as asked; every direction, the axes among them. 0 becomes the vector of equal elements. */
export const ofLength = (v: readonly number[], wanted: number): readonly number[] => {
  const size = length(v)
  return v.map((x) => (size === 0 ? wanted / Math.sqrt(v.length) : (x / size) * wanted))
}

/** A little shorter where rounding left it outside the cap. */
const inside = (v: readonly number[], cap: number): readonly number[] => {
  const over = length(v) / cap - 1
  return over > 0 ? v.map((x) => x * (1 - 2 * over - Number.EPSILON)) : v
}

/** A little longer where rounding left it below the least length. */
const outside = (v: readonly number[], least: number): readonly number[] => {
  const under = 1 - length(v) / least
  return under > 0 ? v.map((x) => x * (1 + 2 * under + Number.EPSILON)) : v
}

/**
 * The ball ‖v‖₂ ≤ cap: what `maxNorm` allows. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.ball(2).excess([3, 4]) // => 1.5
 * ```
 */
export const ball = (cap: number): FeasibleSet => ({
  excess: (v) => length(v) / cap - 1,
  points: (n) => fc.tuple(vector(n), fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })))
    .map(([v, part]) => inside(ofLength(v, part * cap), cap))
})

/**
 * The shell min ≤ ‖v‖₂ ≤ max: what `minMaxNorm` allows. Not convex where min > 0.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.shell(1, 2).excess([0.5]) // => 0.5
 * ```
 */
export const shell = (min: number, max: number): FeasibleSet => ({
  excess: (v) => Math.max(length(v) / max - 1, min > 0 ? 1 - length(v) / min : -1),
  points: (n) => fc.tuple(vector(n), fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })))
    .map(([v, part]) => outside(inside(ofLength(v, min + part * (max - min)), max), min))
})

/**
 * The sphere ‖v‖₂ = radius: what `l2Sphere` allows. Not convex; its points are floats within rounding of it.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.l2Sphere(2).excess([3, 4]) // => 1.5
 * ```
 */
export const l2Sphere = (radius: number): FeasibleSet => ({
  excess: (v) => Math.abs(length(v) / radius - 1),
  points: (n) => vector(n).map((v) => ofLength(v, radius))
})

/**
 * The sphere ‖v‖₂ = 1: what `unitNorm` allows. Not convex; its points are floats within rounding of it.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.sphere.excess([0.6, 0.8]) // => 0
 * ```
 */
export const sphere: FeasibleSet = l2Sphere(1)

/**
 * The orthant v ≥ 0: what `nonNegative` allows. Convex.
 * @example
 * ```ts
 * import { feasible } from 'tikhonov/laws'
 * feasible.orthant.excess([1, -0.5]) // => 0.5
 * ```
 */
export const orthant: FeasibleSet = {
  excess: (v) => v.reduce((most, x) => Math.max(most, -x), 0),
  points: (n) => vector(n).map((v) => v.map(Math.abs))
}
