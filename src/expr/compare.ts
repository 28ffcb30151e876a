/** Comparisons (1 or 0), choice, and what is made of them. Comparisons have no gradient. */
import { mul, binary, unary, type Binary } from './arithmetic.js'
import { broadcast, zerosLike } from './broadcast.js'
import { lift } from './leaf.js'
import { invalid, isInvalid, node, type Expr, type Primitive, type Scalar } from './node.js'
import { broadcastShape, sameShape } from './shape.js'
import { choose, loops, pairwise } from './tabulate.js'

/** 1 where a > b, else 0; NaN compares as 0. */
export const greater: Binary = binary('greater', loops.greater, () => [undefined, undefined])

/** 1 where a = b, else 0; NaN equals nothing, −0 equals 0. */
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
  const shape = args.map((e) => e.shape).reduce<readonly number[] | undefined>((s, t) => s && broadcastShape(s, t), [])
  return shape === undefined
    ? invalid({ _tag: 'ShapeProblem', operation: 'select', shapes: args.map((e) => e.shape), message: 'do not broadcast to one shape' }, args)
    : node(selectPrimitive, args.map((e) => broadcast(e, shape)), undefined)
}

/** The larger of a and b; at a tie the gradient goes to b, so that `max(x, 0)` has derivative 0 at 0. NaN passes through. */
export const max: Binary = binary('max', loops.max, (a, b, _, dy) => {
  const first = greater(a, b)
  return [select(first, dy, zerosLike(dy)), select(first, zerosLike(dy), dy)]
})

/** The smaller of a and b; at a tie the gradient goes to b. NaN passes through. */
export const min: Binary = binary('min', pairwise(Math.min), (a, b, _, dy) => {
  const first = greater(b, a)
  return [select(first, dy, zerosLike(dy)), select(first, zerosLike(dy), dy)]
})

/** −1, 0 or 1. Its derivative is 0. */
export const sign = unary('sign', Math.sign, () => undefined)

/** |x|, with derivative sign(x), which is 0 at 0. */
export const abs = unary('abs', Math.abs, (x, _, dy) => mul(dy, sign(x)))

/** ⌊x⌋. Its derivative is 0. */
export const floor = unary('floor', Math.floor, () => undefined)
