/** The field operations, element by element. Arguments broadcast: implicitly in the notation, explicitly in the graph. */
import { broadcast } from './broadcast.js'
import { lift } from './leaf.js'
import { invalid, isInvalid, node, type Expr, type Primitive, type Scalar } from './node.js'
import { broadcastShape, sameShape } from './shape.js'
import { loops, tabulate, type Loop } from './tabulate.js'

/** A primitive of one argument, element by element: its value and, from the argument, its result and the cotangent, its adjoint. */
export const unary = (
  name: string,
  value: (x: number) => number,
  adjoint: (x: Expr, y: Expr, dy: Expr) => Expr | undefined
): ((x: Scalar) => Expr) => {
  const primitive: Primitive<undefined> = {
    name,
    shape: ([x]) => x,
    evaluate: ([x]) => tabulate((i) => value(x[i])),
    adjoint: (y, dy) => [adjoint(y.args[0], y, dy)]
  }
  return (x) => node(primitive, [lift(x)], undefined)
}

/** A binary operation in both notations: `sub(a, b)` and `pipe(a, sub(b))`. */
export interface Binary {
  (a: Scalar, b: Scalar): Expr
  (b: Scalar): (a: Scalar) => Expr
}

/** A primitive of two arguments of one shape, element by element; the arguments of the operation broadcast. */
export const binary = (
  name: string,
  loop: Loop,
  adjoint: (a: Expr, b: Expr, y: Expr, dy: Expr) => readonly [Expr | undefined, Expr | undefined]
): Binary => {
  const primitive: Primitive<undefined> = {
    name,
    shape: ([a, b]) => (sameShape(a, b) ? a : 'shapes differ'),
    evaluate: ([a, b]) => loop(a, b),
    adjoint: (y, dy) => adjoint(y.args[0], y.args[1], y, dy)
  }
  const apply = (p: Scalar, q: Scalar): Expr => {
    const [a, b] = [lift(p), lift(q)]
    if (isInvalid(a) || isInvalid(b)) return invalid(undefined, [a, b])
    const shape = broadcastShape(a.shape, b.shape)
    return shape === undefined
      ? invalid({ _tag: 'ShapeProblem', operation: name, shapes: [a.shape, b.shape], message: 'do not broadcast to one shape' }, [a, b])
      : node(primitive, [broadcast(a, shape), broadcast(b, shape)], undefined)
  }
  return dual(apply)
}

/** Both notations of a function of two arguments. */
const dual = (apply: (a: Scalar, b: Scalar) => Expr): Binary => {
  function both(a: Scalar, b: Scalar): Expr
  function both(b: Scalar): (a: Scalar) => Expr
  function both(a: Scalar, b?: Scalar): Expr | ((a: Scalar) => Expr) {
    return b === undefined ? (first: Scalar) => apply(first, a) : apply(a, b)
  }
  return both
}

/** A binary operation that takes more than two arguments too, from the left. */
export interface Associative extends Binary {
  (a: Scalar, b: Scalar, c: Scalar, ...more: readonly Scalar[]): Expr
}

const associative = (operation: Binary): Associative => {
  function both(a: Scalar, b: Scalar, ...more: readonly Scalar[]): Expr
  function both(b: Scalar): (a: Scalar) => Expr
  function both(a: Scalar, b?: Scalar, ...more: readonly Scalar[]): Expr | ((a: Scalar) => Expr) {
    return b === undefined ? operation(a) : more.reduce<Expr>((sum, x) => operation(sum, x), operation(a, b))
  }
  return both
}

/**
 * −x.
 * @example
 * ```ts
 * import { constant, evaluate, neg } from 'tikhonov/expr'
 * evaluate(neg(constant([1, -2]))) // => [-1, 2]
 * ```
 */
export const neg = unary('neg', (x) => -x, (_, __, dy) => neg(dy))

/**
 * a + b (+ …); arguments broadcast.
 * @example
 * ```ts
 * import { add, evaluate, constant } from 'tikhonov/expr'
 * evaluate(add(constant([1, 2]), 3, 4)) // => [8, 9]
 * ```
 */
export const add: Associative = associative(binary('add', loops.add, (_, __, ___, dy) => [dy, dy]))

/**
 * a − b; arguments broadcast.
 * @example
 * ```ts
 * import { constant, evaluate, sub } from 'tikhonov/expr'
 * evaluate(sub(constant([5, 7]), 2)) // => [3, 5]
 * evaluate(sub(2)(constant([5, 7]))) // => [3, 5]
 * ```
 */
export const sub: Binary = binary('sub', loops.sub, (_, __, ___, dy) => [dy, neg(dy)])

/**
 * a · b (· …), element by element; arguments broadcast.
 * @example
 * ```ts
 * import { constant, evaluate, mul } from 'tikhonov/expr'
 * evaluate(mul(constant([1, 2], [2, 1]), constant([10, 100]))) // => [10, 100, 20, 200]
 * ```
 */
export const mul: Associative = associative(binary('mul', loops.mul, (a, b, _, dy) => [mul(dy, b), mul(dy, a)]))

/**
 * a / b, element by element; arguments broadcast.
 * @example
 * ```ts
 * import { constant, div, evaluate } from 'tikhonov/expr'
 * evaluate(div(constant([1, 3, 0]), constant([2, 0, 0]))) // => [0.5, Infinity, NaN]
 * ```
 */
export const div: Binary = binary('div', loops.div, (_, b, y, dy) => [div(dy, b), neg(div(mul(dy, y), b))])

/**
 * 1 / x.
 * @example
 * ```ts
 * import { constant, evaluate, reciprocal } from 'tikhonov/expr'
 * evaluate(reciprocal(constant([4, 0]))) // => [0.25, Infinity]
 * ```
 */
export const reciprocal = unary('reciprocal', (x) => 1 / x, (_, y, dy) => neg(mul(dy, mul(y, y))))
