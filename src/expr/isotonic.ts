/** Isotonic regression: the nearest sequence that does not fall, found by pooling, which is no formula, with its loops. */
import { node, type Expr, type Fill, type Primitive, type Values } from './node.js'

/**
 * Pool adjacent violators, row by row: a value that is less than the mean of the pool before it joins that pool, and so on back. Means are
 * compared as they are written, so that what comes out never falls and, given again, is not pooled again.
 */
const pooled = (x: Values, length: number): Fill => {
  const [sizes, means] = [new Int32Array(length), new Float64Array(length)]
  return (out) => {
    const written = out instanceof Float32Array ? Math.fround : (value: number) => value
    for (let row = 0; row < out.length; row += length) {
      let pools = 0
      for (let i = 0; i < length; i++) {
        let [size, mean] = [1, x[row + i]]
        for (; pools > 0 && written(means[pools - 1]) > written(mean); pools--) {
          const before = sizes[pools - 1]
          const part = size / (size + before)
          mean = means[pools - 1] * (1 - part) + mean * part
          size += before
        }
        sizes[pools] = size
        means[pools++] = mean
      }
      for (let pool = 0, i = row; pool < pools; i += sizes[pool++]) out.fill(means[pool], i, i + sizes[pool])
    }
  }
}

const isotonicPrimitive: Primitive<undefined> = {
  name: 'isotonic',
  shape: ([x]) => (x.length === 0 ? 'wants an axis: rank 1 or more' : x),
  evaluate: ([x], { shape }) => pooled(x, shape[shape.length - 1]),
  adjoint: (y, dy) => [node(levelMeansPrimitive, [dy, y], undefined)]
}

/** The mean of x over each run of equal elements of y: linear in x, and its own transpose. */
const levelMeansPrimitive: Primitive<undefined> = {
  name: 'levelMeans',
  shape: ([x]) => x,
  evaluate: ([x, y], { shape }) => (out) => {
    const length = shape[shape.length - 1]
    for (let from = 0, to = 0; from < out.length; from = to) {
      let sum = 0
      const end = from - (from % length) + length
      do sum += x[to++]
      while (to < end && y[to] === y[from])
      out.fill(sum / (to - from), from, to)
    }
  },
  adjoint: ({ args: [, y] }, dy) => [node(levelMeansPrimitive, [dy, y], undefined), undefined]
}

/**
 * The nearest sequence that does not fall, along the last axis: argmin Σ(yᵢ − xᵢ)² with y₁ ≤ y₂ ≤ …, by pooling adjacent violators; each
 * pool has its mean. A sequence that does not fall stays as it is, bit for bit. The gradient is averaged over each run of equal elements;
 * NaN is nobody's neighbour. Ayer, Brunk, Ewing, Reid & Silverman 1955; Best & Chakravarti 1990.
 * @example
 * ```ts
 * import { constant, evaluate, isotonic } from 'tikhonov/expr'
 * evaluate(isotonic(constant([1, 4, 2, 3, 7]))) // => [1, 3, 3, 3, 7]
 * ```
 */
export const isotonic = (x: Expr): Expr => node(isotonicPrimitive, [x], undefined)
