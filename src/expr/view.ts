/** Views: the same values at other places. transpose and reverse are their own adjoints; slice ⊣ pad. */
import { lift } from './leaf.js'
import { isInvalid, node, type Expr, type Primitive } from './node.js'
import { showShape, sizeOf, stridesOf, type Shape } from './shape.js'
import { indexMap, inverseMap, scattered, tabulate, view } from './tabulate.js'

const transposePrimitive: Primitive<{ readonly order: readonly number[] }> = {
  name: 'transpose',
  shape: ([x], { order }) =>
    order.length === x.length && x.every((_, a) => order.includes(a)) ? order.map((a) => x[a])
    : `${showShape(order)} is no order of ${x.length} axes`,
  evaluate: ([x], { args: [from], attributes: { order }, shape }) => {
    const strides = stridesOf(from.shape)
    const map = indexMap(shape, order.map((a) => strides[a]))
    return view(x, map)
  },
  adjoint: ({ attributes: { order } }, dy) => [transpose(dy, order.map((_, a) => order.indexOf(a)))],
  show: ({ order }) => showShape(order)
}

/**
 * Axes in another order (reversed, unless told): axis `a` of the result is axis `order[a]` of `x`.
 * @example
 * ```ts
 * import { transpose, variable } from 'tikhonov/expr'
 * transpose(variable('x', [2, 3, 4])).shape // => [4, 3, 2]
 * ```
 */
export const transpose = (x: Expr, order: readonly number[] = x.shape.map((_, a) => x.shape.length - 1 - a)): Expr =>
  !isInvalid(x) && order.every((a, i) => a === i) && order.length === x.shape.length ? x : node(transposePrimitive, [x], { order })

interface Window { readonly start: readonly number[]; readonly shape: Shape }

const showWindow = ({ start, shape }: Window): string => `${showShape(shape)} from ${showShape(start)}`

const windowMap = (whole: Shape, { start, shape }: Window): Int32Array => {
  const strides = stridesOf(whole)
  return indexMap(shape, strides, start.reduce((base, s, a) => base + s * strides[a], 0))
}

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0

const windowFits = (whole: Shape, { start, shape }: Window): boolean =>
  start.length === whole.length && shape.length === whole.length && start.every(isCount) && shape.every(isCount) &&
  whole.every((d, a) => start[a] + shape[a] <= d)

const slicePrimitive: Primitive<Window> = {
  name: 'slice',
  shape: ([x], window) => (windowFits(x, window) ? window.shape : `no window ${showWindow(window)}`),
  evaluate: ([x], { args: [from], attributes }) => {
    const map = windowMap(from.shape, attributes)
    return view(x, map)
  },
  adjoint: ({ args: [x], attributes: { start } }, dy) => [pad(dy, start, x.shape)],
  show: showWindow
}

/**
 * The window of `shape` that begins at `start`. Its adjoint is `pad`.
 * @example
 * ```ts
 * import { constant, evaluate, slice } from 'tikhonov/expr'
 * evaluate(slice(constant([1, 2, 3, 4]), [1], [2])) // => [2, 3]
 * ```
 */
export const slice = (x: Expr, start: readonly number[], shape: Shape): Expr => node(slicePrimitive, [x], { start, shape })

const padPrimitive: Primitive<{ readonly start: readonly number[]; readonly whole: Shape }> = {
  name: 'pad',
  shape: ([x], { start, whole }) =>
    windowFits(whole, { start, shape: x }) ? whole : `does not lie in ${showShape(whole)} from ${showShape(start)}`,
  evaluate: ([x], { args: [from], attributes: { start, whole } }) => {
    const map = inverseMap(windowMap(whole, { start, shape: from.shape }), sizeOf(whole))
    return tabulate((i) => (map[i] < 0 ? 0 : x[map[i]]))
  },
  adjoint: ({ args: [x], attributes: { start } }, dy) => [slice(dy, start, x.shape)],
  show: ({ start, whole }) => `${showShape(whole)} from ${showShape(start)}`
}

/**
 * `x` laid into zeros of shape `whole` from `start` on. Its adjoint is `slice`.
 * @example
 * ```ts
 * import { constant, evaluate, pad } from 'tikhonov/expr'
 * evaluate(pad(constant([1, 2]), [1], [4])) // => [0, 1, 2, 0]
 * ```
 */
export const pad = (x: Expr, start: readonly number[], whole: Shape): Expr => node(padPrimitive, [x], { start, whole })

const reversePrimitive: Primitive<{ readonly axis: number }> = {
  name: 'reverse',
  shape: ([x], { axis }) => (axis >= 0 && axis < x.length ? x : `no axis ${axis} in rank ${x.length}`),
  evaluate: ([x], { attributes: { axis }, shape }) => {
    const strides = stridesOf(shape)
    const map = indexMap(shape, strides.map((s, a) => (a === axis ? -s : s)), Math.max(shape[axis] - 1, 0) * strides[axis])
    return view(x, map)
  },
  adjoint: ({ attributes: { axis } }, dy) => [reverse(dy, axis)],
  show: ({ axis }) => String(axis)
}

/**
 * `x` with one axis (counted from the end where negative) run backwards: its own adjoint.
 * @example
 * ```ts
 * import { constant, evaluate, reverse } from 'tikhonov/expr'
 * evaluate(reverse(constant([1, 2, 3, 4], [2, 2]), 1)) // => [2, 1, 4, 3]
 * ```
 */
export const reverse = (x: Expr, axis: number): Expr => node(reversePrimitive, [x], { axis: axis < 0 ? axis + x.shape.length : axis })

const concatPrimitive: Primitive<{ readonly axis: number }> = {
  name: 'concat',
  shape: (xs, { axis }) =>
    axis >= 0 && axis < xs[0].length && xs.every((x) => x.length === xs[0].length && x.every((d, a) => a === axis || d === xs[0][a]))
      ? xs[0].map((d, a) => (a === axis ? xs.reduce((n, x) => n + x[axis], 0) : d))
      : `do not line up along axis ${axis}`,
  evaluate: (xs, { args, attributes: { axis }, shape }) =>
    scattered(xs, starts(args, axis).map((start, k) => windowMap(shape, { start, shape: args[k].shape }))),
  adjoint: ({ args, attributes: { axis } }, dy) => starts(args, axis).map((start, k) => slice(dy, start, args[k].shape)),
  show: ({ axis }) => String(axis)
}

const starts = (xs: readonly Expr[], axis: number): readonly (readonly number[])[] =>
  xs.map((x, k) => x.shape.map((_, a) => (a === axis ? xs.slice(0, k).reduce((n, y) => n + y.shape[axis], 0) : 0)))

/**
 * Tensors one after the other along an axis (the last, unless told). Its adjoint slices.
 * @example
 * ```ts
 * import { concat, constant, evaluate } from 'tikhonov/expr'
 * evaluate(concat([constant([1, 2]), constant([3])])) // => [1, 2, 3]
 * ```
 */
export const concat = (xs: readonly Expr[], axis = -1): Expr => {
  const rank = xs.find((x) => !isInvalid(x))?.shape.length ?? 0
  return xs.length === 1 ? lift(xs[0]) : node(concatPrimitive, xs, { axis: axis < 0 ? axis + rank : axis })
}
