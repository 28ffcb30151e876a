/** Laws of poolings. */
import fc from 'fast-check'
import { evaluate, gradient, mul, sum, variable, type Padding } from 'tikhonov/expr'
import { infer, run, type Layer } from 'tikhonov/layer'
import { images, type Images, type MovingWindow } from './arbitraries/index.js'
import { indices, pixelAt, placeOf, placesOf } from './windowed.js'
import { law, near, suite, type Suite } from './kit/index.js'

/** A pooling of a window, the cells of which lie side by side. */
export type Pooling = (window: MovingWindow) => Layer

/** How the values below a window share in its result: y = Σ share·x, and so much of the gradient each of them gets. */
export type Share = (values: readonly number[]) => readonly number[]

/**
 * All to the first of the largest: max pooling.
 * @example
 * ```ts
 * import { firstLargest } from 'tikhonov/laws'
 * firstLargest([1, 3, 3]) // => [0, 1, 0]
 * ```
 */
export const firstLargest: Share = (values) => {
  const first = values.indexOf(Math.max(...values))
  return values.map((_, i) => (i === first ? 1 : 0))
}

/**
 * To each the same: average pooling.
 * @example
 * ```ts
 * import { evenly } from 'tikhonov/laws'
 * evenly([1, 3]) // => [0.5, 0.5]
 * ```
 */
export const evenly: Share = (values) => values.map(() => 1 / values.length)

/** How a pooling is tried: its axes of space, how values share, and its paddings (default `valid` and `same`). */
export interface PoolingTrial {
  readonly axes: number
  readonly share: Share
  readonly paddings?: readonly Padding[]
}

/** Each value of the result as the pixels below it, by their places in the batch, and what each of them gives. */
const shares = ({ window, shape, pixels }: Images, share: Share) => {
  const spatial = shape.slice(1, -1)
  const below = pixelAt(spatial, window)
  return indices([shape[0], ...placesOf(spatial, window), shape[shape.length - 1]]).map((at) => {
    const found = indices(window.size).flatMap((cell) => {
      const pixel = below(at.slice(1, -1), cell)
      return pixel === undefined ? [] : [placeOf(shape, [at[0], ...pixel, at[at.length - 1]])]
    })
    return { found, weights: share(found.map((i) => pixels[i])) }
  })
}

const exact = { relative: 1e-12, absolute: 1e-12 }

/**
 * What a pooling is: of the real values below its window, each by its share, and to each its share of the gradient. Values are drawn from
 * few numbers, all negative half of the time, so that ties abound and zeros from beyond the edge would show.
 *
 * @example
 * ```ts
 * import { check, firstLargest, poolingLaws } from 'tikhonov/laws'
 * import { maxPooling1d } from 'tikhonov/layers'
 * const laws = poolingLaws(({ size: [cells], strides: [strides], padding }) =>
 *   maxPooling1d(cells, { strides, padding: padding === 'same' ? 'same' : 'valid' }), { axes: 1, share: firstLargest })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const poolingLaws = (make: Pooling, { axes, share, paddings = ['valid', 'same'] }: PoolingTrial): Suite => {
  const drawn = fc.boolean().chain((negative) =>
    images({ axes, paddings, furthest: 1 }, fc.integer(negative ? { min: -4, max: -2 } : { min: -1, max: 1 })))
  const applied = ({ window, shape }: Images) => {
    const x = variable('batch/x', shape)
    return { x, y: run([make(window)])({ path: '', mode: infer })(x).y }
  }
  return suite('pooling', make, [
    law('reduces what its window covers', 'y[o] = Σ share(k)·x[o·s + k − before] over the cells inside', [drawn], (given) =>
      near(evaluate(applied(given).y, { 'batch/x': given.pixels }), shares(given, share).map(({ found, weights }) =>
        found.reduce((total, i, k) => total + weights[k] * given.pixels[i], 0)), exact)),
    law('the gradient goes where the value came from', 'dx[i] = Σ share(k)·dy[o] over the windows o above i', [drawn], (given) => {
      const { x, y } = applied(given)
      const dy = Array.from({ length: y.shape.reduce((n, d) => n * d, 1) }, (_, o) => 1 + (o % 5))
      const [dx] = gradient(sum(mul(y, variable('dy', y.shape))), [x])
      const all = shares(given, share)
      const wanted = given.pixels.map((_, i) => all.reduce((total, { found, weights }, o) =>
        total + (found.includes(i) ? weights[found.indexOf(i)] * dy[o] : 0), 0))
      return near(evaluate(dx, { 'batch/x': given.pixels, dy }), wanted, exact)
    })
  ])
}
