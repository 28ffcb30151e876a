/**
 * Random bits at an address, as an expression. Element e of a draw is word (e mod 2) of T(key; place, ⌊e/2⌋), its upper 24 bits:
 *
 *   perExample  key = T(seed, word(purpose); ⌊position/2³²⌋, 0), place = position = cursor + row; e counts within the row (axis 0 is the batch)
 *   perStep     key = T(seed, word(purpose); ⌊step/2³²⌋, 1),     place = step
 *   initial     key = T(seed, word(purpose); 0, 2),              place = 0
 *
 * So a draw depends on nothing but its address: not on the batch size, the shards, the order of evaluation or other draws.
 */
import { node, type Expr, type Primitive, type Run, type Values } from '../expr/node.js'
import { shapeProblem, showShape, sizeOf, type Shape } from '../expr/shape.js'
import { threefryInto } from './threefry.js'
import { word } from './word.js'

/** What a draw belongs to: an example in the stream, a step of the run, or the beginning. */
export type Address = 'perExample' | 'perStep' | 'initial'

/** The attributes of a draw. */
export interface Draw { readonly address: Address; readonly purpose: string; readonly shape: Shape }

const kinds: Readonly<Record<Address, number>> = { perExample: 0, perStep: 1, initial: 2 }

const block = new Uint32Array(2)

/** `count` numbers of 24 bits at one place, from `at` on. */
const fillRow = (out: Values, at: number, count: number, seed: number, name: number, place: number, kind: number): void => {
  threefryInto(block, 0, seed, name, Math.floor(place / 2 ** 32), kind)
  const [k0, k1] = [block[0], block[1]]
  for (let e = 0; e < count; e += 2) {
    threefryInto(block, 0, k0, k1, place % 2 ** 32, e / 2)
    out[at + e] = block[0] >>> 8
    if (e + 1 < count) out[at + e + 1] = block[1] >>> 8
  }
}

const bitsPrimitive: Primitive<Draw> = {
  name: 'bits',
  options: ({ shape, address }) => shapeProblem(shape) ?? (address === 'perExample' && shape.length === 0 ? 'a draw per example wants a batch axis' : undefined),
  shape: (_, { shape }) => shape,
  evaluate: (_, { attributes: { address, purpose, shape } }) => {
    const name = word(purpose)
    const row = sizeOf(shape.slice(1))
    return (out, run: Run) => {
      if (address === 'perExample') for (let r = 0; r < shape[0]; r++) fillRow(out, r * row, row, run.seed, name, run.position + r, kinds.perExample)
      else fillRow(out, 0, out.length, run.seed, name, address === 'perStep' ? run.step : 0, kinds[address])
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
