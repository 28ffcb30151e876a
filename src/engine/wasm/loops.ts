/**
 * Loops: lanes of rows, each of which runs through all steps by itself, so that threads meet once a loop; or, where something crosses
 * rows, one step after the other as the host tells.
 */
import { rootsOf } from '../../expr/body.js'
import { argumentsOf, partsOf, type Loop } from '../../expr/loop.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import type { Action, Emission, Request } from './emission.js'
import type { FunctionCode } from './encode.js'
import { i32 } from './instructions.js'
import { range, type Kernel, type Once, type Site } from './kernel.js'
import { lanesOf, type Lane } from './lanes.js'
import { lower } from './lower.js'
import { copyKernel, type Moving } from './moving.js'

/** A loop as actions, and the graphs of its lanes with where their nodes lie. */
export interface Looped { readonly actions: readonly Action[]; readonly steps: readonly (Emission & { readonly roots: readonly Expr[] })[] }

/** The code around a loop, and what emits its steps. */
export interface Around extends Pick<Request, 'write' | 'threads' | 'memory'> {
  readonly functions: Map<string, FunctionCode>
  readonly emit: (request: Request) => Emission
  readonly at: Site['at']
}

/** The steps of one lane: where its clock stands, what is done before the first, and at each. */
interface Steps { readonly clock: number; readonly first: readonly Action[]; readonly each: readonly Action[] }

const run = (kernel: Kernel): Action => ({ _tag: 'Run', kernel })

const numbersOf = (e: Expr): number => sizeOf(e.shape)

/** The kernels of actions that are nothing else. */
const kernelsOf = (actions: readonly Action[]): readonly Kernel[] | undefined => {
  const kernels = actions.flatMap((a) => (a._tag === 'Run' ? [a.kernel] : []))
  return kernels.length === actions.length ? kernels : undefined
}

/** Lanes as one kernel, where nothing in them is the host's. A lane begins anew whenever it is run. */
const alone = ({ write }: Around, { length, reverse }: Loop, lanes: readonly Steps[]): Kernel | undefined => {
  const parts = lanes.flatMap(({ clock, first, each }) => {
    const [begin, again] = [kernelsOf(first), kernelsOf(each)]
    if (begin === undefined || again === undefined) return []
    const code = write([], (w) => {
      const all = (kernels: readonly Kernel[]) => {
        for (const { entry, extent } of kernels) w.call(entry, [0, extent, 0])
      }
      all(begin)
      w.range(0, length, 1, (step) => {
        w.storeInt(0, clock, reverse ? i32.sub(length - 1, step) : step)
        all(again)
      })
    })
    return [{ code, cost: length * again.reduce((sum, k) => sum + k.cost, 0) }]
  })
  return parts.length < lanes.length ? undefined : {
    entry: write(range, (w, [from, to]) => {
      w.range(from, to, 1, (lane) => {
        parts.forEach(({ code }, i) => { w.when(i32.equal(lane, i), () => { w.call(code, []) }) })
      })
    }),
    extent: lanes.length,
    cost: parts.reduce((sum, p) => sum + p.cost, 0)
  }
}

/**
 * Emits a loop: its states lie where the final ones will, its items where the sequences lie, its outputs where they are stacked. Rows lie
 * one behind the other in all of them, so that a lane works where the whole would.
 */
export const looped = (around: Around, e: Expr, loop: Loop): Looped => {
  const { write, memory, at, emit, functions } = around
  const { body, length, reverse } = loop
  const { sequences, initial, constants } = argumentsOf(body, e.args)
  const { final, outputs } = partsOf(loop)
  const flat = at(e)
  const places = new Map([
    ...body.states.map((leaf, k) => [leaf, flat + final[k].offset * 4] as const),
    ...body.constants.map((leaf, i) => [leaf, at(constants[i])] as const)
  ])
  /** The steps of each lane, and what is done once for all of them. */
  const emitted = (lanes: readonly Lane[], threads: number) => {
    const held = new Map<string, { readonly to: number; readonly kernel: Kernel }>()
    const once: Once = (key, numbers, make) => {
      const to = held.get(key)?.to ?? memory.take(numbers)
      if (!held.has(key)) held.set(key, { to, kernel: make(to) })
      return to
    }
    const steps = lanes.map(({ from, roots: given, leaves }) => {
      const clock = memory.take(1)
      const { roots } = lower(given)
      const into = (whole: Expr): number => from * sizeOf(whole.shape.slice(1)) * 4
      const moving = (whole: Expr, place: number): Moving => ({ at: place, bytes: numbersOf(whole) * 4, clock })
      /** What stands for a leaf in the lane's graph, and how many bytes into it that begins. */
      const seen = (leaf: Expr): readonly { readonly node: Expr; readonly begin: number }[] => {
        const rows = leaves.get(leaf)
        return [{ node: leaf, begin: 0 }, ...(rows === undefined ? [] : [{ node: rows, begin: into(leaf) }])]
      }
      const next = body.states.map((_, k) => memory.take(numbersOf(roots[k])))
      const step = emit({
        write, memory, functions, threads, once: (of) => (body.constants.includes(of) ? once : undefined),
        given: [new Map([...places].flatMap(([leaf, place]) => seen(leaf).map((s) => [s.node, place + s.begin])))],
        outlets: next.map((place, k) => ({ root: roots[k], at: [place], decaying: false })),
        others: [],
        items: body.items.flatMap((leaf, i) => seen(leaf).map((s) => ({ node: s.node, place: moving(leaf, at(sequences[i]) + s.begin) }))),
        stacks: body.outputs.map((whole, j) =>
          ({ node: roots[next.length + j], place: moving(whole, flat + outputs[j].offset * 4 + into(whole)) }))
      })
      const toState = (of: (k: number) => number): readonly Action[] => body.states.map((leaf, k) =>
        run(copyKernel(write, of(k), flat + final[k].offset * 4 + into(leaf), numbersOf(roots[k]))))
      return {
        ...step, roots, clock,
        first: toState((k) => at(initial[k]) + into(body.states[k])), each: [...step.actions[0], ...toState((k) => next[k])]
      }
    })
    return { steps, before: [...held.values()].map(({ kernel }) => run(kernel)) }
  }
  const lanes = lanesOf(body)
  const split = lanes === undefined ? undefined : emitted(lanes, 1)
  const kernel = split === undefined ? undefined : alone(around, loop, split.steps)
  if (split !== undefined && kernel !== undefined) return { actions: [...split.before, run(kernel)], steps: split.steps }
  const { steps, before } = emitted([{ from: 0, roots: rootsOf(body), leaves: new Map() }], around.threads)
  const [{ clock, first, each }] = steps
  return { actions: [...before, ...first, { _tag: 'Loop', clock, length, reverse, body: each }], steps }
}
