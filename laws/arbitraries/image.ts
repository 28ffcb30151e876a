import fc from 'fast-check'
import type { Padding, Shape } from 'tikhonov/expr'
import { dyadic } from './number.js'

/** A window as layers are told it, a number for each axis of space. */
export interface MovingWindow {
  readonly size: readonly number[]
  readonly strides: readonly number[]
  readonly dilation: readonly number[]
  readonly padding: Padding
}

/** A batch of images [batch, …space, channels] with a window that has at least one place there. */
export interface Images {
  readonly window: MovingWindow
  readonly shape: Shape
  readonly pixels: readonly number[]
}

/** What windows are drawn from: the axes of space, the paddings, and how far apart cells may lie (default 2). */
export interface ImageOptions {
  readonly axes: number
  readonly paddings?: readonly Padding[]
  readonly furthest?: number
}

/**
 * Batches of one or two small images with a window: sizes and strides up to 3, lengths from 1 on. Shrinks to fewer, smaller, rounder.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { patches, problems, variable } from 'tikhonov/expr'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.images({ axes: 2 }), 50).every(({ shape, window }) =>
 *   problems([patches(variable('x', shape), window)]).length === 0) // => true
 * ```
 */
export const images = (
  { axes, paddings = ['valid', 'same'], furthest = 2 }: ImageOptions, pixel: fc.Arbitrary<number> = dyadic({ min: -2, max: 2 })
): fc.Arbitrary<Images> => {
  const each = (max: number, min = 1) => fc.array(fc.integer({ min, max }), { minLength: axes, maxLength: axes })
  return fc
    .record({
      size: each(3), strides: each(3), dilation: each(furthest), padding: fc.constantFrom(...paddings), room: each(4, 0),
      batch: fc.integer({ min: 1, max: 2 }), channels: fc.integer({ min: 1, max: 2 })
    })
    .chain(({ room, batch, channels, ...window }) => {
      const least = window.size.map((k, a) => (window.padding === 'valid' ? (k - 1) * window.dilation[a] + 1 : 1))
      const shape = [batch, ...room.map((more, a) => least[a] + more), channels]
      const count = shape.reduce((n, d) => n * d, 1)
      return fc.array(pixel, { minLength: count, maxLength: count, size: 'max' }).map((pixels) => ({ window, shape, pixels }))
    })
}
