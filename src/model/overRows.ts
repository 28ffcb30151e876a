/** Expressions over many rows, a chunk at a time, so that memory is bounded by the chunk; a program is made once for each size. */
import type { Engine } from '../engine/engine.js'
import { variable } from '../expr/leaf.js'
import type { Expr, Run } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import { once } from '../part/once.js'
import { mapByPath, type ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'

/** How many examples go through a model at a time. */
const most = 256

const sizesOf = (rows: number, chunk: number): readonly number[] =>
  Array.from({ length: Math.ceil(rows / chunk) }, (_, i) => Math.min(chunk, rows - i * chunk))

const part = ({ shape, data }: Tensor, from: number, rows: number) => {
  const width = sizeOf(shape.slice(1))
  return data.subarray(from * width, (from + rows) * width)
}

/**
 * Applies expressions to all rows of tensors: `leaves` are their paths with the shape of one row, `of` makes the expressions for a chunk
 * from leaves [chunk, …row], each [chunk, …]. What comes back has all rows, [rows, …]. Bind once, apply often. `chunk` is `Infinity` for
 * what depends on all rows at once.
 */
export const overRows = (engine: Engine, leaves: ByPath<Shape>, of: (leaves: ByPath<Expr>) => readonly Expr[], chunk = most) => {
  const forSize = once((rows) => {
    const roots = of(mapByPath(leaves, (shape, path) => variable(path, [rows, ...shape])))
    return { shapes: roots.map((r) => r.shape.slice(1)), evaluate: once(() => engine.evaluate(roots)) }
  })
  return (rows: number, given: ByPath<Tensor>, at: Run): readonly Tensor[] => {
    const sizes = sizesOf(rows, Math.min(chunk, Math.max(rows, 1)))
    const { shapes } = forSize(sizes[0] ?? 0)
    const whole = shapes.map((shape): Tensor => ({ _tag: 'Tensor', shape: [rows, ...shape], data: new Float64Array(rows * sizeOf(shape)) }))
    sizes.forEach((size, i) => {
      const parts = mapByPath(given, (x) => part(x, sizes[0] * i, size))
      const values = forSize(size).evaluate(0)({ ...at, values: (path) => parts[path] ?? at.values(path) })
      values.forEach((v, k) => { whole[k].data.set(v, sizes[0] * i * sizeOf(shapes[k])) })
    })
    return whole
  }
}
