/** A loop as data: what a scan holds, where the parts of its value lie, and what of it an adjoint or a caller reads. */
import { dependents, laidOut, rootsOf, type Body, type Part } from './body.js'
import { topological } from './graph.js'
import { node, type Expr } from './node.js'
import { reshape } from './reshape.js'
import { slice } from './view.js'

/**
 * The attributes of a scan. Its arguments are the sequences of `body.items`, the initial values of `body.states`, the values of
 * `body.constants`, one after the other. `reverse`: the last item first; a stack has the order of the sequences all the same.
 */
export interface Loop {
  readonly body: Body
  readonly length: number
  readonly reverse: boolean
}

/** The attributes of a scan node, else `undefined`: told by its name, so that a graph without loops is treated without what makes them. */
export const loopOf = (e: Expr): Loop | undefined => (e.primitive.name === 'scan' ? (e as Expr<Loop>).attributes : undefined)

/** A scan like another one, with other attributes and arguments. */
export const withLoop = (e: Expr, loop: Loop, args: readonly Expr[]): Expr => node((e as Expr<Loop>).primitive, args, loop)

/** The parts of a flat value, and its size. */
interface Flat { readonly final: readonly Part[]; readonly outputs: readonly Part[]; readonly size: number }

/** Where the parts of the flat value of a scan lie: final states, then outputs stacked over the steps. */
export const partsOf = ({ body, length }: Loop): Flat => {
  const parts = laidOut([...body.states.map((s) => s.shape), ...body.outputs.map((o) => [length, ...o.shape])])
  const final = parts.slice(0, body.states.length)
  return { final, outputs: parts.slice(final.length), size: parts.reduce((n, p) => n + p.size, 0) }
}

/** The arguments of a scan by what they are to its body. */
export const argumentsOf = <A>(body: Body, args: readonly A[]): {
  readonly sequences: readonly A[]
  readonly initial: readonly A[]
  readonly constants: readonly A[]
} => {
  const [n, m] = [body.items.length, body.items.length + body.states.length]
  return { sequences: args.slice(0, n), initial: args.slice(n, m), constants: args.slice(m) }
}

/** A part of a flat value. */
export const partOf = (flat: Expr, { offset, size, shape }: Part): Expr => reshape(slice(flat, [offset], [size]), shape)

/** What is computed again in the adjoint rather than kept: it costs no more than to read it. */
const cheap = new Set([
  'abs', 'add', 'broadcast', 'concat', 'constant', 'div', 'equal', 'floor', 'gather', 'greater', 'max', 'min', 'mul', 'neg', 'pad',
  'placeholder', 'reciprocal', 'reduceMax', 'reshape', 'reverse', 'select', 'sign', 'slice', 'sqrt', 'stopGradient', 'sub', 'sum',
  'transpose'
])

/** A loop whose outputs hold all that its adjoint may read: the states before each step, and what is dear to compute. */
export const remembering = (loop: Loop): Loop => {
  const { body } = loop
  const inside = dependents(rootsOf(body), [...body.states, ...body.items])
  const dear = topological(rootsOf(body)).filter((e) => inside.has(e) && !cheap.has(e.primitive.name))
  const more = [...new Set([...body.states, ...dear])].filter((e) => !body.outputs.includes(e))
  return { ...loop, body: { ...body, outputs: [...body.outputs, ...more] } }
}

/** A loop without the items and constants that its body does not read, and its arguments. */
export const trimmed = (loop: Loop, args: readonly Expr[]): { readonly loop: Loop; readonly args: readonly Expr[] } => {
  const { body } = loop
  const { sequences, initial, constants } = argumentsOf(body, args)
  const read = new Set(topological(rootsOf(body)))
  const items = body.items.map((e) => read.has(e))
  const still = body.constants.map((e) => read.has(e))
  return {
    loop: {
      ...loop,
      body: { ...body, items: body.items.filter((_, i) => items[i]), constants: body.constants.filter((_, i) => still[i]) }
    },
    args: [...sequences.filter((_, i) => items[i]), ...initial, ...constants.filter((_, i) => still[i])]
  }
}
