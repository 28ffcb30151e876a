/** Comparisons (1 or 0), choice, and what is made of them. Comparisons have no gradient. */
import { mul, binary, unary, type Binary } from './arithmetic.js'
import { broadcast, zerosLike } from './broadcast.js'
import { lift } from './leaf.js'
import { invalid, isInvalid, node, type Expr, type Primitive, type Scalar } from './node.js'
import { broadcastShape, sameShape } from './shape.js'
import { choose, loops, pairwise } from './tabulate.js'

/**
 * 1 where a > b, else 0; NaN compares as 0.
 * @example
 * ```ts
 * import { constant, evaluate, greater } from 'tikhonov/expr'
 * evaluate(greater(constant([-1, 0, 1, NaN]), 0)) // => [0, 0, 1, 0]
 * ```
 */
export const greater: Binary = binary('greater', loops.greater, () => [undefined, undefined])

/**
 * 1 where a = b, else 0; NaN equals nothing, −0 equals 0.
 * @example
 * ```ts
 * import { constant, equal, evaluate } from 'tikhonov/expr'
 * evaluate(equal(constant([1, 2, -0, NaN]), constant([1, 1, 0, NaN]))) // => [1, 0, 1, 0]
 * ```
 */
export const equal: Binary = binary('equal', pairwise((a, b) => (a === b ? 1 : 0)), () => [undefined, undefined])

const selectPrimitive: Primitive<undefined> = {
  name: 'select',
  shape: ([c, a, b]) => (sameShape(c, a) && sameShape(a, b) ? a : 'shapes differ'),
  evaluate: ([c, a, b]) => choose(c, a, b),
  adjoint: ({ args: [c] }, dy) => [undefined, select(c, dy, zerosLike(dy)), select(c, zerosLike(dy), dy)]
}

/**
 * a where the condition is not 0, else b; arguments broadcast. What is not chosen does not reach the value, but its derivative is
 * computed: guard the argument of a root or a logarithm, not its result.
 * @example
 * ```ts
 * import { constant, evaluate, greater, select } from 'tikhonov/expr'
 * evaluate(select(greater(constant([-1, 2]), 0), 1, 7)) // => [7, 1]
 * ```
 */
export const select = (condition: Scalar, a: Scalar, b: Scalar): Expr => {
  const args = [condition, a, b].map(lift)
  if (args.some(isInvalid)) return invalid(undefined, args)
  const shapes = args.map((e) => e.shape)
  const shape = shapes.reduce<readonly number[] | undefined>((s, t) => s && broadcastShape(s, t), [])
  return shape === undefined
    ? invalid({ _tag: 'ShapeProblem', operation: 'select', shapes, message: 'do not broadcast to one shape' }, args)
    : node(selectPrimitive, args.map((e) => broadcast(e, shape)), undefined)
}

/**
 * The larger of a and b; at a tie the gradient goes to b, so that `max(x, 0)` has derivative 0 at 0. NaN passes through.
 * @example
 * ```ts
 * import { evaluate, gradient, max, sum, variable } from 'tikhonov/expr'
 * const x = variable('x', [3])
 * evaluate(max(x, 0), { x: [-2, 0, 5] }) // => [0, 0, 5]
 * evaluate(gradient(sum(max(x, 0)), [x])[0], { x: [-2, 0, 5] }) // => [0, 0, 1]
 * ```
 */
export const max: Binary = binary('max', loops.max, (a, b, _, dy) => {
  const first = greater(a, b)
  return [select(first, dy, zerosLike(dy)), select(first, zerosLike(dy), dy)]
})

/**
 * The smaller of a and b; at a tie the gradient goes to b. NaN passes through.
 * @example
 * ```ts
 * import { constant, evaluate, min } from 'tikhonov/expr'
 * evaluate(min(constant([-2, 0.5, 5]), 1)) // => [-2, 0.5, 1]
 * ```
 */
export const min: Binary = binary('min', pairwise(Math.min), (a, b, _, dy) => {
  const first = greater(b, a)
  return [select(first, dy, zerosLike(dy)), select(first, zerosLike(dy), dy)]
})

/**
 * −1, 0 or 1. Its derivative is 0.
 * @example
 * ```ts
 * import { constant, evaluate, sign } from 'tikhonov/expr'
 * evaluate(sign(constant([-2, 0, 5]))) // => [-1, 0, 1]
 * ```
 */
export const sign = unary('sign', Math.sign, () => undefined)

/**
 * |x|, with derivative sign(x), which is 0 at 0.
 * @example
 * ```ts
 * import { abs, evaluate, gradient, sum, variable } from 'tikhonov/expr'
 * const x = variable('x', [3])
 * evaluate(abs(x), { x: [-2, 0, 5] }) // => [2, 0, 5]
 * evaluate(gradient(sum(abs(x)), [x])[0], { x: [-2, 0, 5] }) // => [-1, 0, 1]
 * ```
 */
export const abs = unary('abs', Math.abs, (x, _, dy) => mul(dy, sign(x)))

/**
 * ⌊x⌋. Its derivative is 0.
 * @example
 * ```ts
 * import { constant, evaluate, floor } from 'tikhonov/expr'
 * evaluate(floor(constant([1.7, -1.2]))) // => [1, -2]
 * ```
 */
export const floor = unary('floor', Math.floor, () => undefined)
