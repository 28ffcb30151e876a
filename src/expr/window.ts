/** Windows that move over images, and where each of their cells lies. Images are [batch, …spatial, channels], of any number of axes. */
import { showShape, sizeOf, stridesOf, type Shape } from './shape.js'

/**
 * What a window finds beyond the edge. `valid`: it stays inside. `same`: there are ⌈in/stride⌉ places, and what is missing is added half
 * before and half after, the odd cell after (TensorFlow's rule). `causal`: everything that is missing is added before, so that a window
 * ends at its own place.
 */
export type Padding = 'valid' | 'same' | 'causal'

/** A window: its size along each spatial axis, how far it moves, how far apart its cells lie (1 each, unless told), and its padding. */
export interface Window {
  readonly size: Shape
  readonly strides?: readonly number[]
  readonly dilation?: readonly number[]
  /** `valid` unless told. */
  readonly padding?: Padding
}

/** A window with nothing left open. */
export type WholeWindow = Required<Window>

/** A window with its defaults filled in. */
export const wholeWindow = ({ size, strides, dilation, padding = 'valid' }: Window): WholeWindow =>
  ({ size, strides: strides ?? size.map(() => 1), dilation: dilation ?? size.map(() => 1), padding })

/** A window as text: `[3, 3] by [2, 2], same`. */
export const showWindow = ({ size, strides, dilation, padding }: WholeWindow): string =>
  `${showShape(size)} by ${showShape(strides)}${dilation.every((d) => d === 1) ? '' : `, dilated ${showShape(dilation)}`}, ${padding}`

const areCounts = (counts: readonly number[]): boolean => counts.every((n) => Number.isSafeInteger(n) && n >= 1)

/** What is wrong with a window by itself, if anything. */
export const windowProblem = ({ size, strides, dilation }: WholeWindow): string | undefined =>
  ![size, strides, dilation].every(areCounts) ? 'sizes, strides and dilations of a window are whole numbers ≥ 1'
  : strides.length !== size.length || dilation.length !== size.length
    ? `a window of ${size.length} axes has ${strides.length} strides and ${dilation.length} dilations`
    : undefined

/** How far a window reaches along each axis, first cell to last. */
export const reachOf = ({ size, dilation }: WholeWindow): Shape => size.map((k, a) => (k - 1) * dilation[a] + 1)

/** Along each axis the number of places that a window has in an image; 0 or less where the image is too small. */
export const placesOf = (spatial: Shape, window: WholeWindow): Shape => {
  const reach = reachOf(window)
  return spatial.map((d, a) =>
    window.padding === 'valid' ? Math.floor((d - reach[a]) / window.strides[a]) + 1 : Math.ceil(d / window.strides[a]))
}

/** Along each axis the number of cells that are added before an image. */
export const paddingBefore = (spatial: Shape, window: WholeWindow): Shape => {
  const [reach, places] = [reachOf(window), placesOf(spatial, window)]
  const missing = spatial.map((d, a) => Math.max((places[a] - 1) * window.strides[a] + reach[a] - d, 0))
  return window.padding === 'valid' ? spatial.map(() => 0)
    : window.padding === 'causal' ? reach.map((r) => r - 1) : missing.map((m) => Math.floor(m / 2))
}

/**
 * Along each axis the number of cells that are added before an image and after it. Where a window moves past what it needs, nothing is
 * added after: what is left of the image is not looked at.
 */
export const paddingOf = (spatial: Shape, window: WholeWindow): { readonly before: Shape; readonly after: Shape } => {
  const [reach, places, before] = [reachOf(window), placesOf(spatial, window), paddingBefore(spatial, window)]
  return { before, after: spatial.map((d, a) => Math.max((places[a] - 1) * window.strides[a] + reach[a] - d - before[a], 0)) }
}

/** The places of a window in an image of this shape, or what does not fit. */
export const placesIn = (image: Shape, window: WholeWindow): Shape | string => {
  const axes = window.size.length
  if (image.length !== axes + 2) return `wants images of rank ${axes + 2}: batch, ${axes} of space, channels`
  const places = placesOf(image.slice(1, -1), window)
  return places.every((p) => p >= 0) && (window.padding !== 'valid' || places.every((p) => p >= 1)) ? places
    : `a window that reaches over ${showShape(reachOf(window))} does not fit in ${showShape(image.slice(1, -1))}`
}

/**
 * For each place and each cell of the window there ([…places, …size], row-major) the number of the pixel below it, −1 beyond the edge.
 * One axis after the other: pixel = pixel·width + position.
 */
export const cellsOf = (spatial: Shape, window: WholeWindow): Int32Array => {
  const [places, before] = [placesOf(spatial, window), paddingBefore(spatial, window)]
  const steps = stridesOf([...places, ...window.size])
  return spatial.reduce((pixels, width, a) => {
    const [stepOfPlace, stepOfCell] = [steps[a], steps[a + spatial.length]]
    return pixels.map((pixel, i) => {
      const place = Math.floor(i / stepOfPlace) % places[a]
      const cell = Math.floor(i / stepOfCell) % window.size[a]
      const position = place * window.strides[a] + cell * window.dilation[a] - before[a]
      return pixel < 0 || position < 0 || position >= width ? -1 : pixel * width + position
    })
  }, new Int32Array(sizeOf([...places, ...window.size])))
}
