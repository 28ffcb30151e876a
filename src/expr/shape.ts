/** The sizes of a tensor's axes, outermost first; `[]` is a scalar. Sizes may be 0. */
export type Shape = readonly number[]

/** How many elements a tensor of this shape has. */
export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** Whether two shapes are the same. */
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i])

/**
 * A shape as people write it: `[30, 2]`.
 * @example
 * ```ts
 * import { showShape } from 'tikhonov/expr'
 * showShape([30, 2]) // => '[30, 2]'
 * ```
 */
export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`

/** A size that came from a misfit further up; shapes that hold it are quiet, the misfit itself is reported where it arose. */
const unknownSize = Number.NaN

/** The size of an axis; negative axes count from the end; `NaN` where there is no such axis. */
export const axisSize = (shape: Shape, axis: number): number => shape.at(axis) ?? unknownSize

/** Row-major strides, in elements. */
export const stridesOf = (shape: Shape): readonly number[] =>
  shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))

/** What is wrong with a shape that somebody declared, if anything. */
export const shapeProblem = (shape: Shape): string | undefined =>
  shape.every((d) => Number.isInteger(d) && d >= 0) ? undefined : `${showShape(shape)} is no shape: sizes are whole numbers ≥ 0`

/** The shape that both broadcast to (aligned at the end, 1 stretches), or `undefined` where they do not fit. */
export const broadcastShape = (a: Shape, b: Shape): Shape | undefined => {
  if (b.length === 0 || sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  const sizes = Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1
    const q = b[i - rank + b.length] ?? 1
    return p === q || q === 1 ? p : p === 1 ? q : -1
  })
  return sizes.includes(-1) ? undefined : sizes
}

/** Axes as whole numbers from 0, sorted and without repetition; negative ones count from the end. */
export const normalAxes = (axes: readonly number[], rank: number): readonly number[] =>
  [...new Set(axes.map((a) => (a < 0 ? a + rank : a)))].sort((p, q) => p - q)
