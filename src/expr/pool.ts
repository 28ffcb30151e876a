/** pick ⊣ unpool: reading at the largest value below each place of a window, and adding there. The winner is found anew, never stored. */
import { addToWinners, pickWinners, type Layout } from './cells.js'
import { node, type Expr, type Primitive } from './node.js'
import { sameShape, showShape, sizeOf, type Shape } from './shape.js'
import { cellsOf, placesIn, showWindow, wholeWindow, windowProblem, type WholeWindow, type Window } from './window.js'

/** A window whose cells lie side by side, so that wherever it stands it covers a pixel. */
export type PoolWindow = Omit<Window, 'dilation'>

const layoutOf = (image: Shape): Layout => ({ image: sizeOf(image.slice(1)), channels: image[image.length - 1] })

/** What comes of pooling images of this shape, or what does not fit. */
const pooled = (x: Shape, window: WholeWindow): Shape | string => {
  const places = placesIn(x, window)
  return typeof places === 'string' ? places : [x[0], ...places, x[x.length - 1]]
}

const problem = (window: WholeWindow): string | undefined =>
  windowProblem(window) ?? (window.dilation.every((d) => d === 1) ? undefined : 'pooling has no dilation')

const pickPrimitive: Primitive<WholeWindow> = {
  name: 'pick',
  options: problem,
  shape: ([x, v], window) => (sameShape(x, v) ? pooled(x, window) : 'differ in shape'),
  evaluate: ([x, v], { args: [{ shape }], attributes }) =>
    pickWinners(x, v, cellsOf(shape.slice(1, -1), attributes), sizeOf(attributes.size), layoutOf(shape)),
  adjoint: ({ args: [x], attributes }, dy) => [undefined, unpool(x, dy, attributes)],
  show: showWindow
}

/**
 * At each place of the window the value of `v` where `x` is largest below it: the first such pixel, row-major, each channel by itself. NaN
 * counts as larger than any number, and what lies beyond the edge never wins. Linear in `v`; its adjoint there is `unpool`. In `x` it is
 * constant but for jumps, and counts as constant to `gradient`.
 * @example
 * ```ts
 * import { constant, evaluate, pick } from 'tikhonov/expr'
 * const x = constant([3, 7, 5, 5], [1, 4, 1])
 * evaluate(pick(x, constant([1, 2, 3, 4], [1, 4, 1]), { size: [2], strides: [2] })) // => [2, 3]
 * ```
 */
export const pick = (x: Expr, v: Expr, window: PoolWindow): Expr => node(pickPrimitive, [x, v], wholeWindow(window))

/**
 * The largest value below each place of a window: [n, …spatial, c] → [n, …places, c]. What lies beyond the edge is −∞, and NaN passes
 * through. The first of equal largest values, row-major, gets all of the gradient. It is `pick` of x from x.
 * @example
 * ```ts
 * import { constant, evaluate, maxPool } from 'tikhonov/expr'
 * evaluate(maxPool(constant([-3, -7, -5], [1, 3, 1]), { size: [2], strides: [2], padding: 'same' })) // => [-3, -5]
 * ```
 */
export const maxPool = (x: Expr, window: PoolWindow): Expr => pick(x, x, window)

const unpoolPrimitive: Primitive<WholeWindow> = {
  name: 'unpool',
  options: problem,
  shape: ([x, dy], window) => {
    const wanted = pooled(x, window)
    return typeof wanted === 'string' ? wanted : sameShape(dy, wanted) ? x : `${showShape(x)} pools to ${showShape(wanted)}`
  },
  evaluate: ([x, dy], { args: [{ shape }], attributes }) =>
    addToWinners(x, dy, cellsOf(shape.slice(1, -1), attributes), sizeOf(attributes.size), layoutOf(shape)),
  adjoint: ({ args: [x], attributes }, d) => [undefined, pick(x, d, attributes)],
  show: showWindow
}

/**
 * `dy`, each value of it where `x` is largest below its place, zeros elsewhere; where windows overlap, values add up. Its adjoint in `dy`
 * is `pick`; in `x` it counts as constant.
 * @example
 * ```ts
 * import { constant, evaluate, unpool } from 'tikhonov/expr'
 * const x = constant([3, 7, 5, 5], [1, 4, 1])
 * evaluate(unpool(x, constant([10, 20], [1, 2, 1]), { size: [2], strides: [2] })) // => [0, 10, 20, 0]
 * ```
 */
export const unpool = (x: Expr, dy: Expr, window: PoolWindow): Expr => node(unpoolPrimitive, [x, dy], wholeWindow(window))
