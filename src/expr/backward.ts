/** Derivatives of loops: the adjoint of a scan is a scan over the states met, running the other way. */
import { add } from './arithmetic.js'
import { dependents, laidOut, rootsOf, type Body, type Part } from './body.js'
import { broadcast, zerosLike } from './broadcast.js'
import { cotangentsOf } from './gradient.js'
import { replace, topological } from './graph.js'
import { rows } from './hoist.js'
import { constantValues } from './leaf.js'
import { argumentsOf, partOf, partsOf, remembering, withLoop, type Loop } from './loop.js'
import { matmul, type Transposed } from './matmul.js'
import type { Expr } from './node.js'
import { placeholder } from './placeholder.js'
import { reshape } from './reshape.js'

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

/** What a body does with a constant such that the constant's cotangent is one product, or one sum, over all steps. */
interface Use { readonly _tag: 'Product' | 'Spread'; readonly node: Expr; readonly constant: Expr; readonly argument: number }

/** Products of a matrix made in the body with a constant, and rows that are added everywhere. */
const usesOf = (body: Body): readonly Use[] =>
  topological(rootsOf(body)).flatMap((node): readonly Use[] => {
    const { name } = node.primitive
    const product = name === 'matmul' && node.shape.length === 2 && !(node as Expr<Transposed>).attributes.a
    if (!product && !(name === 'broadcast' && node.args[0].shape.length > 0)) return []
    const argument = product ? 1 : 0
    const constant = node.args[argument]
    return body.constants.includes(constant) ? [{ _tag: product ? 'Product' : 'Spread', node, constant, argument }] : []
  })

const present = (e: Expr | undefined): readonly Expr[] => (e === undefined ? [] : [e])

/** The states that something of `sources` reaches, over however many steps, or that are `carried` anyway. */
const reachedBy = ({ states, next }: Body, sources: readonly Expr[], carried: readonly boolean[]): readonly boolean[] => {
  const reached = dependents(next, [...sources, ...states.filter((_, k) => carried[k])])
  const more = next.map((e, k) => carried[k] || reached.has(e))
  const body = { states, next, items: [], constants: [], outputs: [] }
  return more.every((c, k) => c === carried[k]) ? carried : reachedBy(body, sources, more)
}

/** How a scan is built from its body as a function. */
type Scan = (
  options: { readonly sequences: readonly Expr[]; readonly initial: readonly Expr[]; readonly length: number; readonly reverse: boolean },
  body: (states: readonly Expr[], items: readonly Expr[]) => { readonly states: readonly Expr[]; readonly outputs: readonly Expr[] }
) => { readonly final: readonly Expr[]; readonly outputs: readonly Expr[] }

/**
 * The adjoint of a scan: a scan the other way. Its states are the cotangents of the states and the sums of those of the constants; its
 * items are what the body's derivative reads of the step, and the cotangents of its outputs.
 */
export const backward = (
  scan: Scan,
  given: Expr<Loop>,
  dy: Expr,
  asked: readonly boolean[]
): readonly (Expr | undefined)[] => {
  const parts = partsOf(given.attributes)
  const dFinal = parts.final.map((p) => cotangentOf(dy, p))
  const dOutputs = parts.outputs.map((p) => cotangentOf(dy, p))
  if ([...dFinal, ...dOutputs].every((d) => d === undefined)) return given.args.map(() => undefined)

  const loop = remembering(given.attributes)
  const { body, length, reverse } = loop
  const complete = body.outputs.length === given.attributes.body.outputs.length
  const y = complete ? given : withLoop(given, loop, given.args)
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
  const uses = usesOf(body).filter((u) => still.includes(u.constant))
  const at = [...carried.map((c) => c.state), ...items, ...still, ...uses.map((u) => u.node)]
  const slopes = cotangentsOf(
    [...carried.map((c) => body.next[c.k]), ...arriving.map((a) => a.root)], [...carried, ...arriving].map((c) => c.d), at,
    (e, k) => !uses.some((u) => u.node === e && u.argument === k)
  )
  const slope = (e: Expr): Expr | undefined => slopes[at.indexOf(e)]
  const reached = <E extends Expr>(es: readonly E[]): readonly E[] => es.filter((e) => slope(e) !== undefined)
  const [toItems, toStill] = [reached(items), reached(still)]
  const used = uses.filter((u) => slope(u.node) !== undefined)

  // What is kept is read where it lies, also as what a product was made of; the rest is computed again, step by step.
  const again = [...new Set(used.flatMap(({ _tag, node }) => (_tag === 'Product' && !kept.has(node.args[0]) ? [node.args[0]] : [])))]
  const slid = [...carried.map((c) => c.state), ...toStill, ...toItems, ...used.map((u) => u.node)]
  const results = [...slid.map((e) => slope(e) ?? zerosLike(e)), ...again]
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

  const stacked = new Map<Expr, Expr>([...toItems, ...used.map((u) => u.node)].map((e, i) => [e, outputs[i]]))
  const operands = new Map<Expr, Expr>(again.map((e, i) => [e, outputs[stacked.size + i]]))
  const first = new Map<Expr, Expr>([...carried.map((c) => c.state), ...toStill].map((e, i) => [e, final[i]]))
  const termOf = ({ _tag, node, constant }: Use): readonly Expr[] => {
    const d = stacked.get(node)
    if (d === undefined) return []
    if (_tag === 'Spread') {
      const whole = broadcast(constant, d.shape)
      return present(whole.primitive.adjoint(whole, d, [true])[0])
    }
    const x = kept.get(node.args[0]) ?? operands.get(node.args[0])
    if (x === undefined) return []
    return [(node as Expr<Transposed>).attributes.b ? matmul(rows(d), rows(x), { a: true }) : matmul(rows(x), rows(d), { a: true })]
  }
  const ofConstant = (c: Expr): Expr | undefined => {
    const terms = [...present(first.get(c)), ...used.filter((u) => u.constant === c).flatMap(termOf)]
    return terms.length === 0 ? undefined : terms.reduce((sum, d) => add(sum, d))
  }
  return [...body.items.map((e) => stacked.get(e)), ...body.states.map((e) => first.get(e)), ...body.constants.map(ofConstant)]
}
