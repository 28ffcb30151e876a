/** patches ⊣ foldPatches: cutting an image into what lies below a moving window, and adding such pieces up where they lay. */
import { addCells, gatherCells, type Layout } from './cells.js'
import { isInvalid, node, type Expr, type Primitive } from './node.js'
import { reshape } from './reshape.js'
import { axisSize, sameShape, shapeProblem, showShape, sizeOf, type Shape } from './shape.js'
import { cellsOf, placesIn, showWindow, wholeWindow, windowProblem, type WholeWindow, type Window } from './window.js'

/** Where the pixels of images of this shape lie. */
const layoutOf = (image: Shape): Layout => ({ image: sizeOf(image.slice(1)), channels: image[image.length - 1] })

/** Whether a window is one pixel that moves by one: then its patches are the image. */
const isPixel = (window: WholeWindow): boolean =>
  windowProblem(window) === undefined && [...window.size, ...window.strides, ...window.dilation].every((n) => n === 1)

const patchesPrimitive: Primitive<WholeWindow> = {
  name: 'patches',
  options: windowProblem,
  shape: ([x], window) => {
    const places = placesIn(x, window)
    return typeof places === 'string' ? places : [x[0], ...places, ...window.size, x[x.length - 1]]
  },
  evaluate: ([x], { args: [{ shape }], attributes }) => gatherCells(x, cellsOf(shape.slice(1, -1), attributes), layoutOf(shape)),
  adjoint: ({ args: [x], attributes }, dy) => [foldPatches(dy, attributes, x.shape.slice(1, -1))],
  show: showWindow
}

/**
 * What lies below a window at each of its places: [n, …spatial, c] → [n, …places, …size, c], zeros beyond the edge. So a convolution is
 * one product: the places of all images by the cells of a window, times a kernel […size, c, filters] with its last axis apart (im2col,
 * Chellapilla, Puri & Simard 2006). One spatial axis or more; strides and dilation may both be above 1. Its adjoint is `foldPatches`.
 * Laws: `adjointLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, patches } from 'tikhonov/expr'
 * const series = constant([1, 2, 3], [1, 3, 1])
 * evaluate(patches(series, { size: [2] })) // => [1, 2, 2, 3]
 * evaluate(patches(series, { size: [2], padding: 'same' })) // => [1, 2, 2, 3, 3, 0]
 * evaluate(patches(series, { size: [2], padding: 'causal' })) // => [0, 1, 1, 2, 2, 3]
 * ```
 */
export const patches = (x: Expr, window: Window): Expr => {
  const whole = wholeWindow(window)
  return isPixel(whole) && x.shape.length === window.size.length + 2
    ? reshape(x, [...x.shape.slice(0, -1), ...window.size, axisSize(x.shape, -1)])
    : node(patchesPrimitive, [x], whole)
}

interface Fold { readonly window: WholeWindow; readonly spatial: Shape }

const foldPatchesPrimitive: Primitive<Fold> = {
  name: 'foldPatches',
  options: ({ window, spatial }) => windowProblem(window) ?? shapeProblem(spatial),
  shape: ([p], { window, spatial }) => {
    const image = [p[0], ...spatial, p[p.length - 1]]
    const places = placesIn(image, window)
    if (typeof places === 'string') return places
    const wanted = [p[0], ...places, ...window.size, p[p.length - 1]]
    return sameShape(p, wanted) ? image : `the patches of images ${showShape(spatial)} are ${showShape(wanted.slice(1, -1))}`
  },
  evaluate: ([p], { attributes: { window, spatial }, shape }) => addCells(p, cellsOf(spatial, window), layoutOf(shape)),
  adjoint: ({ attributes: { window } }, dy) => [patches(dy, window)],
  show: ({ window, spatial }) => `into ${showShape(spatial)} from ${showWindow(window)}`
}

/**
 * Images of size `spatial` in which each pixel is the sum of what lies above it in the patches: [n, …places, …size, c] → [n, …spatial, c].
 * What lies beyond the edge is dropped. Its adjoint is `patches`, and it is the adjoint of `patches`: a transposed convolution is one
 * product and one of these. Laws: `adjointLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, foldPatches } from 'tikhonov/expr'
 * const pieces = constant([1, 2, 10, 20], [1, 2, 2, 1])
 * evaluate(foldPatches(pieces, { size: [2] }, [3])) // => [1, 12, 20]
 * ```
 */
export const foldPatches = (p: Expr, window: Window, spatial: Shape): Expr =>
  isInvalid(p) ? p : node(foldPatchesPrimitive, [p], { window: wholeWindow(window), spatial })
