/** broadcast ⊣ sum: repeating along axes and adding up along them are each other's adjoint. */
import { lift } from './leaf.js'
import { invalid, isInvalid, node, type Expr, type Primitive, type Scalar } from './node.js'
import { reshape } from './reshape.js'
import { broadcastShape, normalAxes, sameShape, showShape, sizeOf, stridesOf, type Shape } from './shape.js'
import { indexMap, reductionOf, sumOver, view } from './tabulate.js'

const broadcastPrimitive: Primitive<{ readonly shape: Shape }> = {
  name: 'broadcast',
  shape: ([x], { shape }) => {
    const wide = broadcastShape(x, shape)
    return wide !== undefined && sameShape(wide, shape) ? shape : `does not stretch to ${showShape(shape)}`
  },
  evaluate: ([x], { args: [from], shape }) => {
    // One number needs no map, which would be as large as the result.
    if (x.length === 1) return (out) => { out.fill(x[0]) }
    const missing = shape.length - from.shape.length
    const strides = stridesOf(from.shape)
    const map = indexMap(shape, shape.map((_, a) => (a < missing || from.shape[a - missing] === 1 ? 0 : strides[a - missing])))
    return view(x, map)
  },
  adjoint: ({ args: [x], shape }, dy) => {
    const missing = shape.length - x.shape.length
    const stretched = shape.map((_, a) => a).filter((a) => a < missing || (x.shape[a - missing] === 1 && shape[a] !== 1))
    return [reshape(sum(dy, stretched), x.shape)]
  },
  show: ({ shape }) => showShape(shape)
}

/**
 * `x` repeated to a shape: axes align at the end, missing ones are added in front, sizes of 1 stretch. Its adjoint is `sum`.
 * @example
 * ```ts
 * import { broadcast, variable } from 'tikhonov/expr'
 * broadcast(variable('b', [3]), [2, 3]).shape // => [2, 3]
 * ```
 */
export const broadcast = (x: Scalar, shape: Shape): Expr => {
  const e = lift(x)
  return sameShape(e.shape, shape) && !isInvalid(e) ? e : node(broadcastPrimitive, [e], { shape })
}

/**
 * Zeros of the shape of `x`.
 * @example
 * ```ts
 * import { evaluate, variable, zerosLike } from 'tikhonov/expr'
 * evaluate(zerosLike(variable('x', [3]))) // => [0, 0, 0]
 * ```
 */
export const zerosLike = (x: Expr): Expr => (isInvalid(x) ? x : broadcast(0, x.shape))

interface Axes { readonly axes: readonly number[] }

const axesProblem = (x: Shape, axes: readonly number[]): string | undefined =>
  axes.every((a) => Number.isInteger(a) && a >= 0 && a < x.length) ? undefined : `no axes ${showShape(axes)} in rank ${x.length}`

/** The shape rule of reductions: the reduced axes go. */
export const reducedShape = ([x]: readonly Shape[], { axes }: Axes): Shape | string =>
  axesProblem(x, axes) ?? x.filter((_, a) => !axes.includes(a))

const sumPrimitive: Primitive<Axes> = {
  name: 'sum',
  shape: reducedShape,
  evaluate: ([x], { args: [from], attributes: { axes } }) => sumOver(x, reductionOf(from.shape, axes)),
  adjoint: ({ args: [x], attributes: { axes } }, dy) => [broadcast(keepAxes(dy, x.shape, axes), x.shape)],
  show: ({ axes }) => `over ${showShape(axes)}`
}

/**
 * A reduced tensor with its reduced axes back as 1, so that it broadcasts against what it was reduced from.
 * @example
 * ```ts
 * import { evaluate, keepAxes, mean, sub, variable } from 'tikhonov/expr'
 * const x = variable('x', [2, 2])
 * evaluate(sub(x, keepAxes(mean(x, [1]), x.shape, [1])), { x: [1, 3, 10, 20] }) // => [-1, 1, -5, 5]
 * ```
 */
export const keepAxes = (y: Expr, shape: Shape, axes: readonly number[]): Expr =>
  isInvalid(y) ? invalid(undefined, [y]) : reshape(y, shape.map((d, a) => (normalAxes(axes, shape.length).includes(a) ? 1 : d)))

/** All axes of a shape. */
export const allAxes = (shape: Shape): readonly number[] => shape.map((_, a) => a)

/**
 * Σ over axes (all, unless told); negative axes count from the end. Its adjoint is `broadcast`. Over nothing it is 0.
 * @example
 * ```ts
 * import { sum, variable } from 'tikhonov/expr'
 * sum(variable('x', [2, 3]), [0]).shape // => [3]
 * ```
 */
export const sum = (x: Expr, axes: readonly number[] = allAxes(x.shape)): Expr => {
  const over = normalAxes(axes, x.shape.length)
  return over.length === 0 ? x : node(sumPrimitive, [x], { axes: over })
}

/** How many elements a reduction over these axes adds up. */
export const countOver = (shape: Shape, axes: readonly number[]): number =>
  sizeOf(normalAxes(axes, shape.length).map((a) => shape[a]))
