/** Windows by their definition: index by index, with no map and no product, for laws to compare with. */
import type { Shape } from 'tikhonov/expr'
import type { MovingWindow } from './arbitraries/index.js'

/** All indices of a shape, row-major. */
export const indices = (shape: Shape): readonly (readonly number[])[] =>
  shape.reduce<readonly (readonly number[])[]>(
    (heads, d) => heads.flatMap((head) => Array.from({ length: d }, (_, k) => [...head, k])), [[]]
  )

/** The place of an index in row-major order. */
export const placeOf = (shape: Shape, index: readonly number[]): number => index.reduce((n, k, a) => n * shape[a] + k, 0)

const reachOf = ({ size, dilation }: MovingWindow, a: number): number => (size[a] - 1) * dilation[a] + 1

/** The number of places along each axis: as many as fit, or ⌈in/stride⌉. */
export const placesOf = (spatial: Shape, window: MovingWindow): Shape =>
  spatial.map((d, a) => Math.ceil((window.padding === 'valid' ? d - reachOf(window, a) + 1 : d) / window.strides[a]))

/** The pixel below a cell of the window at a place, `undefined` beyond the edge. */
export const pixelAt = (spatial: Shape, window: MovingWindow) => {
  const places = placesOf(spatial, window)
  const before = spatial.map((d, a) => {
    const missing = Math.max((places[a] - 1) * window.strides[a] + reachOf(window, a) - d, 0)
    return window.padding === 'valid' ? 0 : window.padding === 'causal' ? reachOf(window, a) - 1 : Math.floor(missing / 2)
  })
  return (place: readonly number[], cell: readonly number[]): readonly number[] | undefined => {
    const pixel = place.map((o, a) => o * window.strides[a] + cell[a] * window.dilation[a] - before[a])
    return pixel.every((p, a) => p >= 0 && p < spatial[a]) ? pixel : undefined
  }
}
