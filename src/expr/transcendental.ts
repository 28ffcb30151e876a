/** Exponentials, logarithms, roots and the smooth functions made of them, each with its derivative. */
import { add, binary, div, mul, neg, sub, unary, type Binary } from './arithmetic.js'
import { equal, greater, select } from './compare.js'
import { erfinvOf, erfOf, sigmoidOf, softplusOf } from './special.js'
import { pairwise } from './tabulate.js'

/**
 * eˣ.
 * @example
 * ```ts
 * import { constant, evaluate, exp } from 'tikhonov/expr'
 * evaluate(exp(constant([0, 1, -Infinity]))) // => [1, Math.E, 0]
 * ```
 */
export const exp = unary('exp', Math.exp, (_, y, dy) => mul(dy, y))

/**
 * ln x: −∞ at 0, NaN below.
 * @example
 * ```ts
 * import { constant, evaluate, log } from 'tikhonov/expr'
 * evaluate(log(constant([1, Math.E, 0, -1]))) // => [0, 1, -Infinity, NaN]
 * ```
 */
export const log = unary('log', Math.log, (x, _, dy) => div(dy, x))

/**
 * ln(1 + x), accurate near 0.
 * @example
 * ```ts
 * import { constant, evaluate, log1p } from 'tikhonov/expr'
 * evaluate(log1p(constant([0, 1e-20]))) // => [0, 1e-20]
 * ```
 */
export const log1p = unary('log1p', Math.log1p, (x, _, dy) => div(dy, add(1, x)))

/**
 * √x: NaN below 0; its derivative is infinite at 0 (`norm` guards it).
 * @example
 * ```ts
 * import { constant, evaluate, sqrt } from 'tikhonov/expr'
 * evaluate(sqrt(constant([9, 0, -1]))) // => [3, 0, NaN]
 * ```
 */
export const sqrt = unary('sqrt', Math.sqrt, (_, y, dy) => div(dy, mul(2, y)))

/**
 * Hyperbolic tangent.
 * @example
 * ```ts
 * import { constant, evaluate, tanh } from 'tikhonov/expr'
 * evaluate(tanh(constant([0, 1, 1000]))) // => [0, 0.761594, 1]
 * ```
 */
export const tanh = unary('tanh', Math.tanh, (_, y, dy) => mul(dy, sub(1, mul(y, y))))

/**
 * Logistic function 1/(1 + e⁻ˣ).
 * @example
 * ```ts
 * import { constant, evaluate, sigmoid } from 'tikhonov/expr'
 * evaluate(sigmoid(constant([0, -1000, 1000]))) // => [0.5, 0, 1]
 * ```
 */
export const sigmoid = unary('sigmoid', sigmoidOf, (_, y, dy) => mul(dy, mul(y, sub(1, y))))

/**
 * ln(1 + eˣ), linear for large x.
 * @example
 * ```ts
 * import { constant, evaluate, softplus } from 'tikhonov/expr'
 * evaluate(softplus(constant([0, 1000]))) // => [Math.LN2, 1000]
 * ```
 */
export const softplus = unary('softplus', softplusOf, (x, _, dy) => mul(dy, sigmoid(x)))

/**
 * Error function 2/√π ∫₀ˣ e^(−t²) dt.
 * @example
 * ```ts
 * import { constant, erf, evaluate } from 'tikhonov/expr'
 * evaluate(erf(constant([0, 1, -10]))) // => [0, 0.842701, -1]
 * ```
 */
export const erf = unary('erf', erfOf, (x, _, dy) => mul(dy, mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x))))))

/**
 * Inverse of the error function on (−1, 1).
 * @example
 * ```ts
 * import { constant, erfinv, evaluate } from 'tikhonov/expr'
 * evaluate(erfinv(constant([0, 0.5, 1]))) // => [0, 0.476936, Infinity]
 * ```
 */
export const erfinv = unary('erfinv', erfinvOf, (_, y, dy) => mul(dy, mul(Math.sqrt(Math.PI) / 2, exp(mul(y, y)))))

/**
 * Sine of radians.
 * @example
 * ```ts
 * import { constant, evaluate, sin } from 'tikhonov/expr'
 * evaluate(sin(constant([0, Math.PI / 2]))) // => [0, 1]
 * ```
 */
export const sin = unary('sin', Math.sin, (x, _, dy) => mul(dy, cos(x)))

/**
 * Cosine of radians.
 * @example
 * ```ts
 * import { constant, cos, evaluate } from 'tikhonov/expr'
 * evaluate(cos(constant([0, Math.PI]))) // => [1, -1]
 * ```
 */
export const cos = unary('cos', Math.cos, (x, _, dy) => neg(mul(dy, sin(x))))

/**
 * aᵇ; the derivative by a is b·aᵇ⁻¹ (0 at a = b = 0), by b it is aᵇ·ln a (0 where a ≤ 0). Guarded inside, so that both can be derived
 * again.
 * @example
 * ```ts
 * import { constant, evaluate, pow } from 'tikhonov/expr'
 * evaluate(pow(constant([2, 9, 0]), constant([3, 0.5, 0]))) // => [8, 3, 1]
 * ```
 */
export const pow: Binary = binary('pow', pairwise(Math.pow), (a, b, y, dy) => [
  mul(dy, mul(b, pow(select(mul(equal(a, 0), equal(b, 0)), 1, a), sub(b, 1)))),
  mul(dy, mul(y, log(select(greater(a, 0), a, 1))))
])
