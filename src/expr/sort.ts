/** Sorting: an order found by comparing, which is no formula, with its loops; and reading in that order, which is one. */
import { add } from './arithmetic.js'
import { broadcast } from './broadcast.js'
import { equal, max, min, select } from './compare.js'
import { gather } from './gather.js'
import { constant } from './leaf.js'
import { isInvalid, node, type Expr, type Fill, type Primitive, type Values } from './node.js'
import { reshape } from './reshape.js'
import { sizeOf } from './shape.js'

/** Whether b comes before an a that stood in front of it: it is smaller, or a number where a is none. */
const overtakes = (b: number, a: number): boolean => b < a || (Number.isNaN(a) && !Number.isNaN(b))

/** The order of each row of `length` numbers: runs of 1, 2, 4, … places merged, from one half of the work space into the other. */
const ordered = (x: Values, length: number): Fill => {
  const halves = [new Int32Array(length), new Int32Array(length)]
  return (out) => {
    for (let row = 0; row < out.length; row += length) {
      let [from, to] = halves
      for (let i = 0; i < length; i++) from[i] = i
      for (let run = 1; run < length; run *= 2, [from, to] = [to, from]) {
        for (let start = 0; start < length; start += 2 * run) {
          const [middle, end] = [Math.min(start + run, length), Math.min(start + 2 * run, length)]
          let [a, b] = [start, middle]
          for (let i = start; i < end; i++) {
            const second = a === middle || (b < end && overtakes(x[row + from[b]], x[row + from[a]]))
            to[i] = second ? from[b++] : from[a++]
          }
        }
      }
      for (let i = 0; i < length; i++) out[row + i] = from[i]
    }
  }
}

const orderPrimitive: Primitive<undefined> = {
  name: 'order',
  shape: ([x]) => (x.length === 0 ? 'wants an axis: rank 1 or more' : x),
  evaluate: ([x], { shape }) => ordered(x, shape[shape.length - 1]),
  adjoint: () => [undefined]
}

/**
 * Where the elements of `x` stand that come first, second, … along the last axis, the smallest first: what is equal keeps its order, NaN
 * comes last. It counts as constant to `gradient`.
 * @example
 * ```ts
 * import { constant, evaluate, order } from 'tikhonov/expr'
 * evaluate(order(constant([30, 10, 20, 10]))) // => [1, 3, 2, 0]
 * ```
 */
export const order = (x: Expr): Expr => node(orderPrimitive, [x], undefined)

/**
 * The elements of `x` by number along the last axis, y[…, j] = x[…, i[…, j]], the shape that of the numbers. A number that is no place
 * gives NaN. Its adjoint adds up what went to each place.
 * @example
 * ```ts
 * import { constant, evaluate, takeAlong } from 'tikhonov/expr'
 * evaluate(takeAlong(constant([10, 20, 30, 40], [2, 2]), constant([1, 0, 1, 1], [2, 2]))) // => [20, 10, 40, 40]
 * ```
 */
export const takeAlong = (x: Expr, indices: Expr): Expr => {
  const [last, rows] = [x.shape.length - 1, x.shape.slice(0, -1)]
  if (isInvalid(x) || isInvalid(indices) || last < 0) return gather(x, indices)
  const starts = constant(Array.from({ length: sizeOf(rows) }, (_, r) => r * x.shape[last]), [...rows, 1])
  const inside = equal(min(max(indices, 0), x.shape[last] - 1), indices)
  return gather(reshape(x, [sizeOf(x.shape)]), select(inside, add(indices, broadcast(starts, indices.shape)), -1))
}

/**
 * `x` sorted along the last axis, the smallest first, NaN last. Its gradient goes back to where each element came from.
 * @example
 * ```ts
 * import { constant, evaluate, gradient, mul, sort, sum, variable } from 'tikhonov/expr'
 * const x = variable('x', [3])
 * evaluate(sort(x), { x: [30, 10, 20] }) // => [10, 20, 30]
 * evaluate(gradient(sum(mul(sort(x), constant([1, 2, 3]))), [x])[0], { x: [30, 10, 20] }) // => [3, 1, 2]
 * ```
 */
export const sort = (x: Expr): Expr => takeAlong(x, order(x))
