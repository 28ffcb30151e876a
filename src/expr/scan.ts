/**
 * Loops over the first axis: recurrence as an expression. The value of a scan is one flat vector, its final states and then its stacked
 * outputs; what a caller sees are slices of it. The adjoint is a scan over the states met, running the other way.
 */
import { add } from './arithmetic.js'
import { closed, dependents, laidOut, rootsOf, showBody, withRoots, type Body, type Part } from './body.js'
import { zerosLike } from './broadcast.js'
import { select } from './compare.js'
import { cotangentsOf } from './gradient.js'
import { replace, topological } from './graph.js'
import { hoist, rows } from './hoist.js'
import { constant, constantValues } from './leaf.js'
import { matmul, type Transposed } from './matmul.js'
import { invalid, isInvalid, node, type Expr, type Primitive } from './node.js'
import { placeholder } from './placeholder.js'
import { recurrence } from './recurrence.js'
import { reshape } from './reshape.js'
import { sameShape, showShape, type Shape } from './shape.js'
import { share } from './share.js'
import { stopGradient } from './stop.js'
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
  adjoint: (y, dy, wanted) => backward(y, dy, wanted),
  show: ({ body, length, reverse }) => {
    const text = showBody(body)
    return text === undefined ? undefined : `${length} steps${reverse ? ' in reverse' : ''} {\n${text.replace(/^/gm, '  ')}\n}`
  }
}

/** A scan by its attributes and arguments. */
export const scanOf = (loop: Loop, args: readonly Expr[]): Expr => node(scanPrimitive, args, loop)

/** The attributes of a scan node, else `undefined`. */
export const loopOf = (e: Expr): Loop | undefined => (e.primitive === scanPrimitive ? (e as Expr<Loop>).attributes : undefined)

/** What is computed again in the adjoint rather than kept: it costs no more than to read it. */
const cheap = new Set([
  'abs', 'add', 'broadcast', 'concat', 'constant', 'div', 'equal', 'floor', 'gather', 'greater', 'max', 'min', 'mul', 'neg', 'pad',
  'placeholder', 'reciprocal', 'reduceMax', 'reshape', 'reverse', 'select', 'sign', 'slice', 'sqrt', 'stopGradient', 'sub', 'sum',
  'transpose'
])

/** A loop whose outputs hold all that its adjoint may read: the states before each step, and what is dear to compute. */
const remembering = (loop: Loop): Loop => {
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

const partOf = (flat: Expr, { offset, size, shape }: Part): Expr => reshape(slice(flat, [offset], [size]), shape)

/** The cotangent of a part, `undefined` where it is zero: what the slices of a flat value gave back, without the zeros around it. */
const cotangentOf = (flat: Expr, part: Part): Expr | undefined => {
  const { primitive: { name }, args, attributes } = flat
  if (name === 'add') {
    const [a, b] = args.map((d) => cotangentOf(d, part))
    return a === undefined ? b : b === undefined ? a : add(a, b)
  }
  if (name === 'pad') {
    const [from] = (attributes as { readonly start: readonly number[] }).start
    const [given] = args
    const [size] = given.shape
    if (from === part.offset && size === part.size) return reshape(given, part.shape)
    if (from + size <= part.offset || part.offset + part.size <= from) return undefined
  }
  if (name === 'concat') {
    const at = laidOut(args.map((d) => d.shape)).findIndex(({ offset, size }) => offset === part.offset && size === part.size)
    if (at >= 0) return reshape(args[at], part.shape)
  }
  return name === 'broadcast' && constantValues(args[0])?.[0] === 0 ? undefined : partOf(flat, part)
}

/** Products of a matrix made in the body with a constant: the constant's cotangent is one product over all steps. */
const productsOf = (body: Body): readonly Expr<Transposed>[] =>
  topological(rootsOf(body)).flatMap((e) => {
    const product = e.primitive.name === 'matmul' && e.shape.length === 2 ? (e as Expr<Transposed>) : undefined
    return product !== undefined && !product.attributes.a && body.constants.includes(e.args[1]) ? [product] : []
  })

const present = (e: Expr | undefined): readonly Expr[] => (e === undefined ? [] : [e])

/** The states that something of `sources` reaches, over however many steps, or that are `carried` anyway. */
const reachedBy = ({ states, next }: Body, sources: readonly Expr[], carried: readonly boolean[]): readonly boolean[] => {
  const reached = dependents(next, [...sources, ...states.filter((_, k) => carried[k])])
  const more = next.map((e, k) => carried[k] || reached.has(e))
  const body = { states, next, items: [], constants: [], outputs: [] }
  return more.every((c, k) => c === carried[k]) ? carried : reachedBy(body, sources, more)
}

/**
 * The adjoint: a scan the other way. Its states are the cotangents of the states and the sums of those of the constants; its items are
 * what the body's derivative reads of the step, and the cotangents of its outputs.
 */
const backward = (given: Expr<Loop>, dy: Expr, asked: readonly boolean[]): readonly (Expr | undefined)[] => {
  const parts = partsOf(given.attributes)
  const dFinal = parts.final.map((p) => cotangentOf(dy, p))
  const dOutputs = parts.outputs.map((p) => cotangentOf(dy, p))
  if ([...dFinal, ...dOutputs].every((d) => d === undefined)) return given.args.map(() => undefined)

  const loop = remembering(given.attributes)
  const { body, length, reverse } = loop
  const complete = body.outputs.length === given.attributes.body.outputs.length
  const y = complete ? given : scanOf(loop, given.args)
  const { sequences, initial, constants } = argumentsOf(body, given.args)
  const inside = dependents(rootsOf(body), [...body.states, ...body.items])
  const stacks = partsOf(loop).outputs
  const kept = new Map([
    ...body.outputs.flatMap((e, j) => (inside.has(e) ? [[e, partOf(y, stacks[j])] as const] : [])),
    ...body.items.map((e, i) => [e, sequences[i]] as const)
  ])
  const outside = new Map(body.constants.map((e, i) => [e, constants[i]]))

  const wanted = argumentsOf(body, asked)
  const items = body.items.filter((_, i) => wanted.sequences[i])
  const still = body.constants.filter((_, i) => wanted.constants[i])
  const carries = reachedBy(body, [...items, ...still], wanted.initial)
  const carried = body.states.flatMap((state, k) => (carries[k] ? [{ state, k, d: placeholder(state.shape) }] : []))
  const arriving = body.outputs.flatMap((root, j) => {
    const stack = dOutputs[j]
    return stack === undefined ? [] : [{ root, stack, d: placeholder(root.shape) }]
  })
  const products = productsOf(body).filter((p) => still.includes(p.args[1]))
  const at = [...carried.map((c) => c.state), ...items, ...still, ...products]
  const slopes = cotangentsOf(
    [...carried.map((c) => body.next[c.k]), ...arriving.map((a) => a.root)], [...carried, ...arriving].map((c) => c.d), at,
    (e, k) => !(k === 1 && products.some((p) => p === e))
  )
  const slope = (e: Expr): Expr | undefined => slopes[at.indexOf(e)]
  const reached = <E extends Expr>(es: readonly E[]): readonly E[] => es.filter((e) => slope(e) !== undefined)
  const [toItems, toStill, toProducts] = [reached(items), reached(still), reached(products)]

  // What is kept is read where it lies, also as what a product was made of; the rest is computed again, step by step.
  const again = [...new Set(toProducts.map((p) => p.args[0]).filter((x) => !kept.has(x)))]
  const slopesOf = (es: readonly Expr[]): readonly Expr[] => es.map((e) => slope(e) ?? zerosLike(e))
  const results = [...slopesOf(carried.map((c) => c.state)), ...slopesOf(toStill), ...slopesOf(toItems), ...slopesOf(toProducts), ...again]
  const read = topological(results, (e) => kept.has(e) || outside.has(e)).filter((e) => kept.has(e))

  const { final, outputs } = scan(
    {
      sequences: [...read.flatMap((e) => present(kept.get(e))), ...arriving.map((a) => a.stack)],
      initial: [...carried.map(({ k }) => dFinal[k] ?? zerosLike(initial[k])), ...toStill.map(zerosLike)],
      length,
      reverse: !reverse
    },
    (states, now) => {
      const made = replace(results, new Map([
        ...outside,
        ...read.map((e, i) => [e, now[i]] as const),
        ...arriving.map((a, i) => [a.d, now[read.length + i]] as const),
        ...carried.map((c, i) => [c.d, states[i]] as const)
      ]))
      const sums = toStill.map((_, i) => carried.length + i)
      return {
        states: [...made.slice(0, carried.length), ...sums.map((i) => add(states[i], made[i]))],
        outputs: made.slice(states.length)
      }
    }
  )

  const stacked = new Map<Expr, Expr>([...toItems, ...toProducts].map((e, i) => [e, outputs[i]]))
  const operands = new Map<Expr, Expr>(again.map((e, i) => [e, outputs[stacked.size + i]]))
  const first = new Map<Expr, Expr>([...carried.map((c) => c.state), ...toStill].map((e, i) => [e, final[i]]))
  const termOf = (p: Expr<Transposed>): readonly Expr[] => {
    const [x, d] = [kept.get(p.args[0]) ?? operands.get(p.args[0]), stacked.get(p)]
    if (x === undefined || d === undefined) return []
    return [p.attributes.b ? matmul(rows(d), rows(x), { a: true }) : matmul(rows(x), rows(d), { a: true })]
  }
  const ofConstant = (c: Expr): Expr | undefined => {
    const terms = [...present(first.get(c)), ...toProducts.filter((p) => p.args[1] === c).flatMap(termOf)]
    return terms.length === 0 ? undefined : terms.reduce((sum, d) => add(sum, d))
  }
  return [...body.items.map((e) => stacked.get(e)), ...body.states.map((e) => first.get(e)), ...body.constants.map(ofConstant)]
}

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
