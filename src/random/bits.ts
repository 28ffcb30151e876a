/**
 * Random bits at an address, as an expression. Element e of a draw is word (e mod 2) of T(key; place, ⌊e/2⌋), its upper 24 bits:
 *
 *   perExample  key = T(seed, word(purpose); ⌊position/2³²⌋, 0), place = position = cursor + row; e counts within the row
 *   perStep     key = T(seed, word(purpose); ⌊step/2³²⌋, 1),     place = step
 *   initial     key = T(seed, word(purpose); 0, 2),              place = 0
 *
 * So a draw depends on nothing but its address: not on the batch size, the shards, the order of evaluation or other draws.
 */
import { node, type Expr, type Primitive, type Values } from '../expr/node.js'
import { shapeProblem, showShape, sizeOf, type Shape } from '../expr/shape.js'
import { threefryInto } from './threefry.js'
import { word } from './word.js'

/** What a draw belongs to: an example in the stream, a step of the run, or the beginning. */
export type Address = 'perExample' | 'perStep' | 'initial'

/** The attributes of a draw. */
export interface Draw { readonly address: Address; readonly purpose: string; readonly shape: Shape }

const kinds: Readonly<Record<Address, number>> = { perExample: 0, perStep: 1, initial: 2 }

/** Fills buffers with numbers of 24 bits, `row` of them at each of `rows` places from `from` on. */
const fill = (out: Values, rows: number, row: number, seed: number, name: number, from: number, kind: number): void => {
  const key = new Float64Array(2)
  let keyed = Number.NaN
  for (let r = 0; r < rows; r++) {
    const high = Math.floor((from + r) / 2 ** 32)
    if (high !== keyed) threefryInto(key, 0, 2, 0, seed, name, high, kind)
    keyed = high
    threefryInto(out, r * row, row, 8, key[0], key[1], (from + r) % 2 ** 32, 0)
  }
}

const bitsPrimitive: Primitive<Draw> = {
  name: 'bits',
  options: ({ shape, address }) =>
    shapeProblem(shape) ?? (address === 'perExample' && shape.length === 0 ? 'a draw per example wants a batch axis' : undefined),
  shape: (_, { shape }) => shape,
  evaluate: (_, { attributes: { address, purpose, shape } }) => {
    const name = word(purpose)
    const [rows, row] = address === 'perExample' ? [shape[0], sizeOf(shape.slice(1))] : [1, sizeOf(shape)]
    return (out, { seed, step, position }) => {
      fill(out, rows, row, seed, name, address === 'perExample' ? position : address === 'perStep' ? step : 0, kinds[address])
    }
  },
  adjoint: () => [],
  show: ({ address, purpose, shape }) => `${address} '${purpose}' ${showShape(shape)}`
}

/**
 * Whole numbers, uniform on 0 … 2²⁴ − 1, drawn at an address.
 * @example
 * ```ts
 * import { evaluate } from 'tikhonov/expr'
 * import { bits } from 'tikhonov/random'
 * evaluate(bits('initial', 'w', [3])).every((x) => Number.isInteger(x) && x >= 0 && x < 2 ** 24) // => true
 * ```
 */
export const bits = (address: Address, purpose: string, shape: Shape): Expr => node(bitsPrimitive, [], { address, purpose, shape })

/** The draw of a bits node, else `undefined`. */
export const drawOf = (e: Expr): Draw | undefined => (e.primitive.name === 'bits' ? (e as Expr<Draw>).attributes : undefined)
