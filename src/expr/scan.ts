/**
 * Loops over the first axis: recurrence as an expression. The value of a scan is one flat vector, its final states and then its stacked
 * outputs; what a caller sees are slices of it. The adjoint is a scan over the states met, running the other way.
 */
import { backward } from './backward.js'
import { closed, rootsOf, showBody, withRoots, type Body } from './body.js'
import { select } from './compare.js'
import { hoist } from './hoist.js'
import { constant } from './leaf.js'
import { argumentsOf, partOf, partsOf, remembering, trimmed, type Loop } from './loop.js'
import { invalid, isInvalid, node, type Expr, type Primitive } from './node.js'
import { placeholder } from './placeholder.js'
import { recurrence } from './recurrence.js'
import { sameShape, showShape, type Shape } from './shape.js'
import { share } from './share.js'
import { stopGradient } from './stop.js'

const misfit = (shapes: readonly Shape[], { body: { items, states, next }, length }: Loop): string | undefined => {
  const { sequences, initial } = argumentsOf({ items, states, constants: [], next, outputs: [] }, shapes)
  const lengths = sequences.map((s) => s[0])
  const changed = states.findIndex((s, k) => next[k] !== undefined && !sameShape(next[k].shape, s.shape))
  return sequences.some((s) => s.length === 0) ? 'a sequence wants an axis of steps'
    : lengths.some((n) => n !== lengths[0]) ? `sequences of different lengths ${lengths.join(', ')}`
    : lengths.some((n) => n !== length) ? `sequences of length ${lengths[0]} in a loop of ${length} steps`
    : next.length !== initial.length ? `${next.length} next states for ${initial.length} initial ones`
    : changed >= 0 ? `state ${changed} is ${showShape(states[changed].shape)}, the next one ${showShape(next[changed].shape)}`
    : undefined
}

const scanPrimitive: Primitive<Loop> = {
  name: 'scan',
  options: ({ length }) =>
    Number.isInteger(length) && length >= 0 ? undefined : 'wants sequences, or a length: a whole number ≥ 0',
  shape: (args, loop) => misfit(args, loop) ?? [partsOf(loop).size],
  evaluate: (args, { attributes }) => recurrence(args, { ...attributes, ...partsOf(attributes) }),
  adjoint: (y, dy, wanted) => backward(scan, y, dy, wanted),
  show: ({ body, length, reverse }) => {
    const text = showBody(body)
    return text === undefined ? undefined : `${length} steps${reverse ? ' in reverse' : ''} {\n${text.replace(/^/gm, '  ')}\n}`
  }
}

/** A scan by its attributes and arguments. */
const scanOf = (loop: Loop, args: readonly Expr[]): Expr => node(scanPrimitive, args, loop)

/** What a loop is over. */
export interface ScanOptions {
  /** Tensors [T, …] that are read item by item. */
  readonly sequences: readonly Expr[]
  /** The states before the first step. */
  readonly initial: readonly Expr[]
  /** How many steps: wanted where there are no sequences, else their length. */
  readonly length?: number
  /** Whether the last item comes first (default false). Outputs keep the order of the sequences. */
  readonly reverse?: boolean
  /** Through how many steps a gradient flows at most (default: all). */
  readonly truncate?: number
}

const optionsProblem = ({ truncate }: ScanOptions): string | undefined =>
  truncate === undefined || (Number.isInteger(truncate) && truncate > 0) ? undefined
    : `truncate is ${truncate}: wants a whole number ≥ 1`

/** The states after a step, and what it hands out. */
export interface Stepped { readonly states: readonly Expr[]; readonly outputs: readonly Expr[] }

/** One step, from the states before it and the items of the sequences. */
export type Step = (states: readonly Expr[], items: readonly Expr[]) => Stepped

/** What a loop ends with, and its outputs, each stacked [T, …]. */
export interface Scanned { readonly final: readonly Expr[]; readonly outputs: readonly Expr[] }

/** 1 where a gradient may flow from a step to the one before: it is cut every `truncate` steps, counted from the last. */
const gates = (length: number, truncate: number, reverse: boolean): Expr =>
  constant(Array.from({ length }, (_, t) => {
    const done = reverse ? length - 1 - t : t
    return done > 0 && (length - done) % truncate === 0 ? 0 : 1
  }))

/**
 * A loop over axis 0 with several states: sₜ₊₁, yₜ = body(sₜ, xₜ), t = 0 … T − 1. The body is called once, with placeholders; what it does
 * not make from states or items is computed once, outside of the loop, random draws included: a mask drawn in a body is the same at every
 * step. (One of its own for each step is drawn outside, as a sequence.) A product of an item with a constant matrix is one product over
 * all steps. Derivatives are scans the other way; `truncate` cuts them every so many steps, counted from the last one (Williams & Peng
 * 1990).
 *
 * Misfits: sequences of different lengths, a length that is none or not theirs, next states of other shapes or another number than
 * the initial ones, a `truncate` below 1. Law: a scan is its steps, one after the other, written out.
 * @example
 * ```ts
 * import { add, constant, evaluate, scan } from 'tikhonov/expr'
 * const { final, outputs } = scan({ sequences: [constant([1, 2, 3])], initial: [constant(0)] }, ([total], [x]) => {
 *   const next = add(total, x)
 *   return { states: [next], outputs: [next] }
 * })
 * evaluate(final[0]) // => [6]
 * evaluate(outputs[0]) // => [1, 3, 6]
 * ```
 */
export const scan = (options: ScanOptions, body: Step): Scanned => {
  const { sequences, initial, reverse = false, truncate } = options
  const known = options.length ?? sequences.find((s) => s.shape.length > 0)?.shape[0]
  const length = known ?? (sequences.some(isInvalid) ? 0 : Number.NaN)
  const wrong = optionsProblem(options)
  if (wrong === undefined && truncate !== undefined && truncate < length) {
    return scan(
      { sequences: [...sequences, gates(length, truncate, reverse)], initial, length, reverse },
      (states, items) => {
        const gate = items[items.length - 1]
        return body(states.map((s) => select(gate, s, stopGradient(s))), items.slice(0, -1))
      }
    )
  }
  const states = initial.map((e) => (isInvalid(e) ? invalid(undefined, [e]) : placeholder(e.shape)))
  const items = sequences.map((e) => (e.shape.length === 0 ? invalid(undefined, [e]) : placeholder(e.shape.slice(1))))
  const made = body(states, items)
  const whole: Body = { states, items, constants: [], next: made.states, outputs: made.outputs }
  const given = [...sequences, ...initial]
  const unfit = (y: Expr): Scanned => ({ final: initial.map(() => y), outputs: made.outputs.map(() => y) })

  // What does not fit in the loop itself is said whether or not its body fits.
  const next = made.states.map((e, k) => (isInvalid(e) ? states[k] ?? e : e))
  const checked = wrong === undefined
    ? scanOf({ body: { ...whole, next, outputs: [] }, length, reverse }, given)
    : invalid({ _tag: 'ShapeProblem', operation: 'scan', shapes: [], message: wrong }, given)
  const inside = rootsOf(whole).filter(isInvalid)
  if (isInvalid(checked)) return unfit(inside.length === 0 ? checked : invalid(undefined, [checked, ...inside]))
  if (inside.length > 0) return unfit(invalid(undefined, inside))

  const { roots, inner, outer } = closed(rootsOf(whole), [...states, ...items])
  const hoisted = hoist(withRoots({ ...whole, constants: inner }, share(roots)), sequences, outer, length)
  const outputs = [...new Set(hoisted.body.outputs)]
  const { loop, args } = trimmed({ body: { ...hoisted.body, outputs }, length, reverse }, [...hoisted.sequences, ...initial, ...outer])
  const y = scanOf(remembering(loop), args)
  const parts = partsOf(loop)
  return {
    final: parts.final.map((p) => partOf(y, p)),
    outputs: hoisted.body.outputs.map((root) => partOf(y, parts.outputs[outputs.indexOf(root)]))
  }
}
