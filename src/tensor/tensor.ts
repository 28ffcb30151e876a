/** Tensors: values in and out, row-major, taken to be immutable. */
import { sameShape, shapeProblem, showShape, sizeOf, type Shape } from '../expr/shape.js'

/** Numbers with a shape. */
export interface Tensor {
  readonly _tag: 'Tensor'
  readonly shape: Shape
  readonly data: Float64Array | Float32Array
}

/** Numbers, or lists of equal length of them, of any depth. */
export type Nested = number | readonly Nested[]

/** The shape of lists that are all of one length at each depth. */
const shapeOf = (x: Nested): Shape => {
  if (typeof x === 'number') return []
  if (x.every((each) => typeof each === 'number')) return [x.length]
  const [first = [], ...others] = x.map(shapeOf)
  const odd = others.find((shape) => !sameShape(shape, first))
  if (odd !== undefined) throw new RangeError(`lists of one length make a tensor, found ${showShape(first)} beside ${showShape(odd)}`)
  return [x.length, ...first]
}

const flatten = (x: Nested): readonly number[] => (typeof x === 'number' ? [x] : x.flatMap(flatten))

/**
 * A tensor from flat data and a shape, or from nested lists. Typed arrays are not copied, and must not change afterwards. Errors: data that
 * does not fill its shape, lists of different lengths, sizes that are not whole numbers ≥ 0 (a RangeError: a mistake of the caller).
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
  const problem = shapeProblem(known)
  if (problem !== undefined) throw new RangeError(problem)
  if (data.length !== sizeOf(known)) throw new RangeError(`${data.length} numbers do not fill ${showShape(known)}`)
  return { _tag: 'Tensor', shape: known, data }
}

/** A number of a row that a tensor has; `end` may also be behind the last. */
const rowOf = ({ shape }: Tensor, row: number, end = 0): number => {
  const [have] = shape
  if (Number.isInteger(row) && row >= 0 && row < have + end) return row
  throw new RangeError(`row ${row} of ${showShape(shape)}: a whole number, 0 ≤ row ${end > 0 ? '≤' : '<'} ${have}`)
}

/**
 * Rows of a tensor by number: `take(x, [2, 0])` is its third row and its first. A number that is no row is a RangeError.
 * @example
 * ```ts
 * import { take, tensor, toNested } from 'tikhonov/tensor'
 * toNested(take(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0])) // => [[5, 6], [1, 2]]
 * ```
 */
export const take = (x: Tensor, rows: readonly number[]): Tensor => {
  const { shape, data } = x
  const width = sizeOf(shape.slice(1))
  const taken = new Float64Array(rows.length * width)
  rows.map((r) => rowOf(x, r)).forEach((r, i) => { taken.set(data.subarray(r * width, (r + 1) * width), i * width) })
  return { _tag: 'Tensor', shape: [rows.length, ...shape.slice(1)], data: taken }
}

/**
 * Rows `from` … `to` − 1 of a tensor. Bounds that it does not have, or that are in the wrong order, are a RangeError.
 * @example
 * ```ts
 * import { rows, tensor, toNested } from 'tikhonov/tensor'
 * toNested(rows(tensor([[1, 2], [3, 4], [5, 6]]), 1, 3)) // => [[3, 4], [5, 6]]
 * ```
 */
export const rows = (x: Tensor, from: number, to: number): Tensor => {
  const { shape, data } = x
  const width = sizeOf(shape.slice(1))
  if (rowOf(x, from, 1) > rowOf(x, to, 1)) throw new RangeError(`rows ${from} to ${to}: the first is behind the last`)
  return { _tag: 'Tensor', shape: [to - from, ...shape.slice(1)], data: data.slice(from * width, to * width) }
}

/** Whether a tensor's data is a block of numbers that fills its shape: a literal, or what came out of JSON, may have another. */
export const fills = ({ shape, data }: Tensor): boolean =>
  ArrayBuffer.isView(data) && data.length === sizeOf(shape)

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
