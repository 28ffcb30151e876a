/** The body of a loop as data, and the rewrites that it is built with: traversals of its graph. */
import { replace, topological, withArgs } from './graph.js'
import { constantValues, pathOf } from './leaf.js'
import type { Expr } from './node.js'
import { isPlaceholder, placeholder } from './placeholder.js'
import { describe } from './print.js'
import { showShape, sizeOf, type Shape } from './shape.js'

/**
 * One step of a loop: graphs whose only leaves are placeholders, each bound here, and constants. `states`, `items` and `constants` are the
 * placeholders; `next` are the states after the step, in their order; `outputs` are what the step hands out, stacked over the steps.
 */
export interface Body {
  readonly states: readonly Expr[]
  readonly items: readonly Expr[]
  readonly constants: readonly Expr[]
  readonly next: readonly Expr[]
  readonly outputs: readonly Expr[]
}

/** The roots of a body. */
export const rootsOf = ({ next, outputs }: Body): readonly Expr[] => [...next, ...outputs]

/** A body with other roots, given in their order. */
export const withRoots = (body: Body, roots: readonly Expr[]): Body =>
  ({ ...body, next: roots.slice(0, body.next.length), outputs: roots.slice(body.next.length) })

/** A body with some nodes replaced. */
export const replaced = (body: Body, by: ReadonlyMap<Expr, Expr>): Body => withRoots(body, replace(rootsOf(body), by))

/** All nodes of these graphs that are made from one of `sources`, and these. */
export const dependents = (roots: readonly Expr[], sources: readonly Expr[]): ReadonlySet<Expr> => {
  const found = new Set(sources)
  for (const e of topological(roots)) if (e.args.some((a) => found.has(a))) found.add(e)
  return found
}

/** Graphs that need nothing from outside but `outer`, which stands where `inner` stood. */
export interface Closed { readonly roots: readonly Expr[]; readonly inner: readonly Expr[]; readonly outer: readonly Expr[] }

/**
 * Lifts out of a body whatever is not made from its own placeholders, the largest such expressions, variables of one path once. Numbers
 * stay, and so does the last broadcast of what is lifted: they cost nothing inside.
 */
export const closed = (roots: readonly Expr[], own: readonly Expr[]): Closed => {
  const inside = dependents(roots, own)
  const still = new Set<Expr>()
  const outer = new Map<Expr | string, { readonly inner: Expr; readonly outer: Expr }>()
  const made = new Map<Expr, Expr>()
  const lifted = (e: Expr): Expr => {
    const path = pathOf(e)
    const key = path === undefined ? e : `${path} ${showShape(e.shape)}`
    const known = outer.get(key) ?? { inner: placeholder(e.shape), outer: e }
    outer.set(key, known)
    return known.inner
  }
  const of = (e: Expr): Expr => {
    const known = made.get(e)
    if (known !== undefined || inside.has(e) || still.has(e)) return known ?? e
    const within = e.primitive.name === 'broadcast' ? withArgs(e, e.args.map(of)) : lifted(e)
    made.set(e, within)
    return within
  }
  for (const e of topological(roots)) {
    const number = constantValues(e)?.length === 1
    if (number || (e.args.length > 0 && e.args.every((a) => still.has(a)))) still.add(e)
    else if (inside.has(e)) made.set(e, withArgs(e, e.args.map(of)))
  }
  return { roots: roots.map(of), inner: [...outer.values()].map((c) => c.inner), outer: [...outer.values()].map((c) => c.outer) }
}

/** Where a part of a flat value lies, and the shape that it has there. */
export interface Part { readonly offset: number; readonly size: number; readonly shape: Shape }

/** Parts one after the other. */
export const laidOut = (shapes: readonly Shape[]): readonly Part[] =>
  shapes.reduce<readonly Part[]>((parts, shape) => {
    const last = parts.at(-1)
    return [...parts, { offset: last === undefined ? 0 : last.offset + last.size, size: sizeOf(shape), shape }]
  }, [])

/**
 * A body as text, a line a node; equal texts are equal bodies. `undefined` where a node cannot be told by its text.
 */
export const showBody = (body: Body): string | undefined => {
  const bound: readonly (readonly [string, readonly Expr[]])[] =
    [['state', body.states], ['item', body.items], ['constant', body.constants]]
  const named = new Map(bound.flatMap(([kind, all]) => all.map((e, i) => [e, `${kind}${i}`] as const)))
  const nodes = topological(rootsOf(body)).filter((e) => !named.has(e))
  const silent = ({ attributes, primitive }: Expr): boolean => attributes !== undefined && primitive.show?.(attributes) === undefined
  if (nodes.some((e) => isPlaceholder(e) || silent(e))) return undefined
  const names = new Map([...named, ...nodes.map((e, i) => [e, `%${i}`] as const)])
  const of = (e: Expr): string => names.get(e) ?? '?'
  return [
    ...bound.flatMap(([, all]) => all.map((e) => `${of(e)} : ${showShape(e.shape)}`)),
    ...nodes.map((e) => `${of(e)} = ${describe(e, of)} : ${showShape(e.shape)}`),
    ['next', ...body.next.map(of)].join(' '),
    ['outputs', ...body.outputs.map(of)].join(' ')
  ].join('\n')
}

