import fc from 'fast-check'
import { tensor as of, type Tensor } from 'tikhonov/tensor'
import { dyadic } from './number.js'
import { shape } from './shape.js'

const size = (axes: readonly number[]): number => axes.reduce((a, b) => a * b, 1)

const filled = (element: fc.Arbitrary<number>, axes: readonly number[]): fc.Arbitrary<Tensor> =>
  fc.array(element, { minLength: size(axes), maxLength: size(axes), size: 'max' }).map((data) => of(Float64Array.from(data), axes))

/**
 * Tensors with elements from one arbitrary (default `dyadic()`) and shapes from another (default `shape()`). Shrinks the shape, then the
 * elements.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.tensor(), 50).every(({ shape, data }) => data.length === shape.reduce((a, b) => a * b, 1)) // => true
 * ```
 */
export const tensor = (element = dyadic(), axes: fc.Arbitrary<readonly number[]> = shape()): fc.Arbitrary<Tensor> =>
  axes.chain((drawn) => filled(element, drawn))

/**
 * `count` tensors of one and the same drawn shape, for laws over pairs and triples: commutativity, triangle inequalities, convexity.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.alike(2), 50).every(([a, b]) => String(a.shape) === String(b.shape)) // => true
 * ```
 */
export const alike = (
  count: number,
  element = dyadic(),
  axes: fc.Arbitrary<readonly number[]> = shape()
): fc.Arbitrary<readonly Tensor[]> =>
  axes.chain((drawn) => fc.array(filled(element, drawn), { minLength: count, maxLength: count, size: 'max' }))

/**
 * Tensors of rank 1 with `minSize` … `maxSize` elements (default 1 … 8).
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.vector(arbitrary.real(), { maxSize: 3 }), 50).every(({ shape }) => shape.length === 1 && shape[0] <= 3) // => true
 * ```
 */
export const vector = (element = dyadic(), { minSize = 1, maxSize = 8 }: { readonly minSize?: number; readonly maxSize?: number } = {}) =>
  tensor(element, shape({ minRank: 1, maxRank: 1, minSize, maxSize }))

/**
 * Tensors of rank 2 with `minSize` … `maxSize` rows and columns (default 1 … 5 each).
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.matrix(), 50).every(({ shape }) => shape.length === 2) // => true
 * ```
 */
export const matrix = (element = dyadic(), { minSize = 1, maxSize = 5 }: { readonly minSize?: number; readonly maxSize?: number } = {}) =>
  tensor(element, shape({ minRank: 2, maxRank: 2, minSize, maxSize }))
