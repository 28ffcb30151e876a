/** Distributions made of bits at an address. Draws are named: two draws of one name are one draw. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { floor, greater } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import { erfOf } from '../expr/special.js'
import { cos, erfinv, log, sqrt } from '../expr/transcendental.js'
import { bits, type Address } from './bits.js'

/** What may be drawn under one address and path. Shapes of `perExample` draws begin with the batch. Laws: `randomLaws`. */
export interface Draws {
  /** Whole numbers, uniform on 0 … 2²⁴ − 1. */
  readonly bits: (name: string, shape: Shape) => Expr
  /** Uniform on (0, 1): (bits + ½)/2²⁴, never 0 or 1. */
  readonly uniform: (name: string, shape: Shape) => Expr
  /** 1 with probability 1 − rate, else 0: `rate` is the probability of 0, in steps of 2⁻²⁴. */
  readonly bernoulli: (name: string, rate: Scalar, shape: Shape) => Expr
  /** N(0, 1), within ±5.9. Box & Muller 1958. */
  readonly normal: (name: string, shape: Shape) => Expr
  /** N(0, 1) given that it lies within ±2; its standard deviation is `truncatedDeviation`. */
  readonly truncatedNormal: (name: string, shape: Shape) => Expr
}

const levels = 2 ** 24

/** Uniform on (0, 1): (bits + ½)/2²⁴, never 0 or 1. */
const uniform = (drawn: Expr): Expr => div(add(drawn, 0.5), levels)

/**
 * 1 with probability 1 − rate, else 0: bits ≥ ⌊rate·2²⁴⌋, compared as whole numbers so that engines agree. `rate` is the
 * probability of 0, in steps of 2⁻²⁴.
 */
const bernoulli = (drawn: Expr, rate: Scalar): Expr =>
  greater(drawn, typeof rate === 'number' ? Math.floor(rate * levels) - 1 : sub(floor(mul(rate, levels)), 1))

/** Box & Muller 1958: √(−2 ln u)·cos 2πv. */
const normal = (u: Expr, v: Expr): Expr => mul(sqrt(mul(-2, log(u))), cos(mul(2 * Math.PI, v)))

/**
 * The standard deviation of N(0, 1) kept within ±2: √(1 − 4φ(2)/erf √2).
 * @example
 * ```ts
 * import { truncatedDeviation } from 'tikhonov/random'
 * truncatedDeviation // => 0.8796256610342398
 * ```
 */
export const truncatedDeviation = 0.8796256610342398

/** N(0, 1) kept within ±2, by inversion: √2·erf⁻¹((2u − 1)·erf √2). */
const truncatedNormal = (u: Expr): Expr => mul(Math.SQRT2, erfinv(mul(sub(mul(2, u), 1), erfOf(Math.SQRT2))))

/**
 * The draws of a layer at its path.
 * @example
 * ```ts
 * import { evaluate } from 'tikhonov/expr'
 * import { draws } from 'tikhonov/random'
 * const mask = draws('perExample', 'dropout/0').bernoulli('mask', 0.4, [2, 3])
 * evaluate(mask, {}, { seed: 1, position: 0 }).every((x) => x === 0 || x === 1) // => true
 * ```
 */
export const draws = (address: Address, path: string): Draws => {
  const at = (name: string, shape: Shape): Expr => bits(address, `${path}/${name}`, shape)
  return {
    bits: at,
    uniform: (name, shape) => uniform(at(name, shape)),
    bernoulli: (name, rate, shape) => bernoulli(at(name, shape), rate),
    normal: (name, shape) => normal(uniform(at(`${name}/radius`, shape)), uniform(at(`${name}/angle`, shape))),
    truncatedNormal: (name, shape) => truncatedNormal(uniform(at(name, shape)))
  }
}
