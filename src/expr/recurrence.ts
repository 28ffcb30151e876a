/** The loop of a scan on buffers: its body bound once, then run once a step. Nothing is allocated in a step. */
import { rootsOf, type Body, type Part } from './body.js'
import { interpreter } from './evaluate.js'
import type { Expr, Fill, Values } from './node.js'
import { sizeOf } from './shape.js'

/** What is read: an element of a stack, or all of a tensor. */
const load = (from: Values, at: number, to: Values): void => {
  for (let i = 0; i < to.length; i++) to[i] = from[at + i]
}

const save = (from: Values, to: Values, at: number): void => {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i]
}

/** The loop: how many steps, from the end or not, and where final states and stacked outputs lie in the result. */
interface Loop {
  readonly body: Body
  readonly length: number
  readonly reverse: boolean
  readonly final: readonly Part[]
  readonly outputs: readonly Part[]
}

/**
 * Fills final states and stacked outputs, given the buffers of sequences, initial states and constants. States between two steps lie where
 * the final ones will, so that a step may exchange them.
 */
export const recurrence = (args: readonly Values[], { body, length, reverse, final, outputs }: Loop): Fill => {
  const precision = args[0] instanceof Float32Array ? 'float32' : 'float64'
  const buffer = (e: Expr): Values => (precision === 'float32' ? new Float32Array(sizeOf(e.shape)) : new Float64Array(sizeOf(e.shape)))
  const [items, states] = [body.items.map(buffer), body.states.map(buffer)]
  const [sequences, rest] = [args.slice(0, items.length), args.slice(items.length)]
  const [initial, constants] = [rest.slice(0, states.length), rest.slice(states.length)]
  const given = new Map([
    ...body.items.map((e, i) => [e, items[i]] as const),
    ...body.states.map((e, i) => [e, states[i]] as const),
    ...body.constants.map((e, i) => [e, constants[i]] as const)
  ])
  const step = interpreter(rootsOf(body), precision, given)
  const [next, made] = [body.next.map(step.values), body.outputs.map(step.values)]
  return (out, run) => {
    for (let k = 0; k < initial.length; k++) save(initial[k], out, final[k].offset)
    for (let s = 0; s < length; s++) {
      const t = reverse ? length - 1 - s : s
      for (let k = 0; k < states.length; k++) load(out, final[k].offset, states[k])
      for (let k = 0; k < items.length; k++) load(sequences[k], t * items[k].length, items[k])
      step.run(run)
      for (let k = 0; k < made.length; k++) save(made[k], out, outputs[k].offset + t * made[k].length)
      for (let k = 0; k < next.length; k++) save(next[k], out, final[k].offset)
    }
  }
}
