/** The end of a gradient. */
import { unary } from './arithmetic.js'

/**
 * x, whose derivative is taken to be 0: what is behind it counts as constant.
 * @example
 * ```ts
 * import { evaluate, gradient, mul, stopGradient, sum, variable } from 'tikhonov/expr'
 * const x = variable('x', [2])
 * const [dx] = gradient(sum(mul(x, stopGradient(x))), [x])
 * evaluate(dx, { x: [3, 5] }) // => [3, 5]
 * ```
 */
export const stopGradient = unary('stopGradient', (x) => x, () => undefined)
