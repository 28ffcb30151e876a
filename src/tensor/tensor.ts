/** Tensors: values in and out, row-major, taken to be immutable. */
import { showShape, sizeOf, type Shape } from '../expr/shape.js'

/** Numbers with a shape. */
export interface Tensor {
  readonly _tag: 'Tensor'
  readonly shape: Shape
  readonly data: Float64Array | Float32Array
}

/** Numbers, or lists of equal length of them, of any depth. */
export type Nested = number | readonly Nested[]

const shapeOf = (x: Nested): Shape => (typeof x === 'number' ? [] : [x.length, ...(x.length === 0 ? [] : shapeOf(x[0]))])

const flatten = (x: Nested): readonly number[] => (typeof x === 'number' ? [x] : x.flatMap(flatten))

/**
 * A tensor from flat data and a shape, or from nested lists. Data that does not fill its shape is a RangeError: a mistake of the caller.
 * @example
 * ```ts
 * import { tensor } from 'tikhonov/tensor'
 * tensor([[1, 2, 3], [4, 5, 6]]).shape // => [2, 3]
 * tensor(new Float64Array(6), [3, 2]).shape // => [3, 2]
 * ```
 */
export const tensor = (values: Nested | Float64Array | Float32Array, shape?: Shape): Tensor => {
  const data = values instanceof Float64Array || values instanceof Float32Array ? values : Float64Array.from(flatten(values))
  const known = shape ?? (values instanceof Float64Array || values instanceof Float32Array ? [values.length] : shapeOf(values))
  if (data.length !== sizeOf(known)) throw new RangeError(`${data.length} numbers do not fill ${showShape(known)}`)
  return { _tag: 'Tensor', shape: known, data }
}

/**
 * Rows of a tensor by number: `take(x, [2, 0])` is its third row and its first.
 * @example
 * ```ts
 * import { take, tensor, toNested } from 'tikhonov/tensor'
 * toNested(take(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0])) // => [[5, 6], [1, 2]]
 * ```
 */
export const take = ({ shape, data }: Tensor, rows: readonly number[]): Tensor => {
  const width = sizeOf(shape.slice(1))
  const taken = new Float64Array(rows.length * width)
  rows.forEach((r, i) => { taken.set(data.subarray(r * width, (r + 1) * width), i * width) })
  return { _tag: 'Tensor', shape: [rows.length, ...shape.slice(1)], data: taken }
}

/**
 * Rows `from` … `to` − 1 of a tensor.
 * @example
 * ```ts
 * import { rows, tensor, toNested } from 'tikhonov/tensor'
 * toNested(rows(tensor([[1, 2], [3, 4], [5, 6]]), 1, 3)) // => [[3, 4], [5, 6]]
 * ```
 */
export const rows = ({ shape, data }: Tensor, from: number, to: number): Tensor => {
  const width = sizeOf(shape.slice(1))
  return { _tag: 'Tensor', shape: [to - from, ...shape.slice(1)], data: data.slice(from * width, to * width) }
}

/**
 * A tensor as nested lists.
 * @example
 * ```ts
 * import { tensor, toNested } from 'tikhonov/tensor'
 * toNested(tensor(new Float64Array(4), [2, 2])) // => [[0, 0], [0, 0]]
 * ```
 */
export const toNested = ({ shape, data }: Tensor): Nested => {
  const at = (axis: number, from: number): Nested => {
    const step = sizeOf(shape.slice(axis + 1))
    return axis === shape.length ? data[from] : Array.from({ length: shape[axis] }, (_, i) => at(axis + 1, from + i * step))
  }
  return at(0, 0)
}
