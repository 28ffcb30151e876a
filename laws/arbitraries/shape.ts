import fc from 'fast-check'

/**
 * What shapes to draw: `minRank` … `maxRank` axes (default 0 … 4) of `minSize` … `maxSize` (default 1 … 5). With `empty` some axes have
 * size 0, with `large` one axis may have 6 … 64.
 */
export interface ShapeOptions {
  readonly minRank?: number
  readonly maxRank?: number
  readonly minSize?: number
  readonly maxSize?: number
  readonly empty?: boolean
  readonly large?: boolean
}

const enlarged = (axes: readonly number[], axis: number, size: number): readonly number[] =>
  axes.map((old, i) => (i === axis % axes.length ? size : old))

/**
 * Shapes: lists of axis sizes. Shrinks to fewer axes and smaller ones.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * const matrices = arbitrary.shape({ minRank: 2, maxRank: 2 })
 * fc.sample(matrices, 100).every((s) => s.length === 2 && s.every((n) => n >= 1 && n <= 5)) // => true
 * ```
 */
export const shape = (options: ShapeOptions = {}): fc.Arbitrary<readonly number[]> => {
  const { minRank = 0, maxRank = 4, minSize = 1, maxSize = 5, empty = false, large = false } = options
  const small = fc.array(fc.integer({ min: empty ? 0 : minSize, max: maxSize }), { minLength: minRank, maxLength: maxRank, size: 'max' })
  const big = fc.tuple(small, fc.nat({ max: 3 }), fc.integer({ min: maxSize + 1, max: 64 }))
    .map(([axes, axis, size]) => enlarged(axes, axis, size))
  return large ? fc.oneof({ withCrossShrink: true }, { arbitrary: small, weight: 3 }, { arbitrary: big, weight: 1 }) : small
}
