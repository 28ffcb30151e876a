/** A recurrence over the time steps of a batch: what simpleRnn, lstm and gru share beside their equations. */
import { add, mul, sub } from '../../expr/arithmetic.js'
import { broadcast } from '../../expr/broadcast.js'
import { equal, select } from '../../expr/compare.js'
import { invalid, isInvalid, type Expr, type Scalar } from '../../expr/node.js'
import { reduceMax } from '../../expr/reduce.js'
import { reshape } from '../../expr/reshape.js'
import { scan } from '../../expr/scan.js'
import { axisSize, sameShape, showShape } from '../../expr/shape.js'
import type { RecurrentMasks } from './masks.js'
import { projected, recurrent, timeMajor, type RecurrentWeights } from './products.js'

/** An expression for each state of a recurrence. */
export type States<N extends string> = Readonly<Record<N, Expr>>

const statesOf = <N extends string>(names: readonly N[], of: (name: N, k: number) => Expr): States<N> =>
  Object.fromEntries(names.map((name, k) => [name, of(name, k)])) as States<N>

/** What the equations of one time step are made of. */
export interface Step<N extends string> {
  /** x·W + b, [batch, gates·units]. */
  readonly x: Expr
  readonly state: States<N>
  /** h·U, or of the gates from one to before another, [batch, (to − from)·units]. */
  readonly recur: (h: Expr, from?: number, to?: number) => Expr
  /** The candidate, perhaps dropped. */
  readonly candidate: (g: Expr) => Expr
}

/** The equations of a recurrence: the names of its states, the first of which is its output, and the states after a time step. */
export interface Equations<N extends string> {
  readonly kind: string
  readonly gates: number
  readonly states: readonly [N, ...N[]]
  readonly next: (step: Step<N>) => States<N>
}

/** Steps that are not there: those whose features all equal `maskValue` (0 unless told). */
export interface Masking {
  readonly maskValue?: number
  /** What stands in a sequence of outputs there: the state carried over, or `maskValue` again, for a layer that masks after this one. */
  readonly output?: 'carried' | 'masked'
}

/** How a recurrence is run. */
export interface Running {
  readonly masks?: RecurrentMasks | undefined
  readonly masking?: Masking | undefined
  /** How many time steps a gradient reaches back; all unless told. */
  readonly truncate?: number | undefined
}

/** Outputs at all time steps, [batch, time, units], and the states after the last. */
export interface Ran<N extends string> {
  readonly sequence: Expr
  readonly final: States<N>
}

/** s′ = kept·s + (1 − kept)·s̃. */
const zonedOut = (kept: Scalar | undefined, before: Expr, after: Expr): Expr =>
  kept === undefined ? after : add(mul(kept, before), mul(sub(1, kept), after))

/** The factors of one time step. */
interface Momentary {
  readonly candidate?: Scalar | undefined
  readonly zoneout?: readonly (Scalar | undefined)[] | undefined
}

/** One time step, from x·W + b. */
const stepped = <N extends string>({ gates, states, next }: Equations<N>, weights: RecurrentWeights, masks: RecurrentMasks) => {
  const recur = recurrent(gates, weights, masks)
  return (state: States<N>, x: Expr, { candidate, zoneout = [] }: Momentary): States<N> => {
    const after = next({ x, state, recur, candidate: (g) => (candidate === undefined ? g : mul(g, candidate)) })
    return statesOf(states, (name, k) => zonedOut(zoneout[k], state[name], after[name]))
  }
}

/** One time step as a function of the states and x, [batch, features]; its masks are [batch, n]. */
export const cell = <N extends string>(equations: Equations<N>, weights: RecurrentWeights, masks: RecurrentMasks = {}) => {
  const step = stepped(equations, weights, masks)
  return (state: States<N>, x: Expr): States<N> => step(state, projected(equations.gates, weights, masks, x), masks)
}

/** 1 where a time step is there, 0 where all its features equal the mask value: [time, batch, 1]. */
const presence = (x: Expr, { maskValue = 0 }: Masking): Expr =>
  isInvalid(x) ? x : reshape(reduceMax(sub(1, equal(x, maskValue)), [2]), [...x.shape.slice(0, 2), 1])

const misfit = (operation: string, found: Expr, message: string): Expr =>
  isInvalid(found) ? found : invalid({ _tag: 'ShapeProblem', operation, shapes: [found.shape], message })

/** First states as they were given, zeros where none is; a misfit names the state and what it should be. */
const firstStates = <N extends string>({ kind, states }: Equations<N>, initial: Partial<Record<N, Expr>>, shape: readonly number[]) =>
  states.map((name) => {
    const given: Expr | undefined = initial[name]
    return given === undefined ? broadcast(0, shape)
      : sameShape(given.shape, shape) && !isInvalid(given) ? given
      : misfit(kind, given, `the initial state ${name} is to be [batch, units] = ${showShape(shape)}`)
  })

/** Factors, some with values of their own for each time step: those go in as sequences, the others are seen from inside. */
const threaded = (factors: readonly (Scalar | undefined)[]) => {
  const timed = factors.flatMap((e, i) => (typeof e === 'object' && e.shape.length === 3 ? [{ i, sequence: timeMajor(e) }] : []))
  const at = (items: readonly Expr[]) => factors.map((e, i) => {
    const k = timed.findIndex((t) => t.i === i)
    return k < 0 ? e : items[k]
  })
  return { sequences: timed.map(({ sequence }) => sequence), at }
}

/** A recurrence over a batch of sequences [batch, time, features], from initial states (zeros unless told). */
export const over = <N extends string>(equations: Equations<N>, weights: RecurrentWeights, running: Running = {}) =>
  (x: Expr, initial: Partial<Record<N, Expr>> = {}): Ran<N> => {
    const { states, kind } = equations
    const { masks = {}, masking, truncate } = running
    const named = (values: readonly Expr[]) => statesOf(states, (_, k) => values[k])
    const failed = (why: Expr): Ran<N> => ({ sequence: why, final: named(states.map(() => why)) })
    if (isInvalid(x) || x.shape.length !== 3) return failed(misfit(kind, x, 'wants sequences: [batch, time, features]'))
    const steps = timeMajor(x)
    const present = masking === undefined ? undefined : presence(steps, masking)
    const first = firstStates(equations, initial, [x.shape[0], axisSize(weights.recurrentKernel.shape, 0)])
    const factors = threaded([masks.candidate, ...states.map((_, k) => masks.zoneout?.[k])])
    const sequences = [projected(equations.gates, weights, masks, steps), ...(present === undefined ? [] : [present]), ...factors.sequences]
    const parts = [...sequences, ...first, weights.recurrentKernel]
    if (parts.some(isInvalid)) return failed(invalid(undefined, parts))
    const step = stepped(equations, weights, masks)
    const { final, outputs } = scan({ sequences, initial: first, ...(truncate === undefined ? {} : { truncate }) }, (before, items) => {
      const [candidate, ...zoneout] = factors.at(items.slice(sequences.length - factors.sequences.length))
      const after = step(named(before), items[0], { candidate, zoneout })
      const next = states.map((name, k) => (present === undefined ? after[name] : select(items[1], after[name], before[k])))
      return { states: next, outputs: [next[0]] }
    })
    const outs = present !== undefined && masking?.output === 'masked' ? select(present, outputs[0], masking.maskValue ?? 0) : outputs[0]
    return { sequence: timeMajor(outs), final: named(final) }
  }
