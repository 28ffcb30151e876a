/**
 * Lanes of a loop: blocks of rows that nothing crosses, so that each runs through all steps by itself. A lane's graph is the body's with
 * "these rows of it" pushed down to the leaves; where that cannot be done there are no lanes. Shapes alone decide.
 */
import { dependents, rootsOf, type Body } from '../../expr/body.js'
import { elementwise } from '../../expr/elementwise.js'
import { topological } from '../../expr/graph.js'
import type { Transposed } from '../../expr/matmul.js'
import { node, type Expr } from '../../expr/node.js'
import { isPlaceholder, placeholder } from '../../expr/placeholder.js'
import type { Shape } from '../../expr/shape.js'

/** Some rows of a body: from which on, its roots for them, and what stands there for those rows of a leaf. */
export interface Lane {
  readonly from: number
  readonly roots: readonly Expr[]
  readonly leaves: ReadonlyMap<Expr, Expr>
}

/** The fewest rows that a product does well on, and the most lanes. */
const [least, most] = [16, 4]

interface Attributes extends Transposed {
  readonly shape?: Shape
  readonly axes: readonly number[]
  readonly axis: number
}

/** All of them, or none. */
const all = <A>(of: readonly (A | undefined)[]): readonly A[] | undefined => {
  const there = of.flatMap((a) => (a === undefined ? [] : [a]))
  return there.length === of.length ? there : undefined
}

const begins = (e: Expr, length: number): boolean => e.shape[0] === length

/** Of which arguments rows make rows of a node, by its primitive; the others are needed whole. `undefined` where rows are mixed. */
const byRows: Readonly<Record<string, (e: Expr<Attributes>, length: number) => readonly boolean[] | undefined>> = {
  matmul: ({ shape, attributes: { a } }) => (shape.length > 2 ? [true, true] : a ? undefined : [true, false]),
  broadcast: ({ args: [x], shape }, length) => [x.shape.length === shape.length && begins(x, length)],
  reshape: ({ args: [x] }, length) => (begins(x, length) ? [true] : undefined),
  slice: ({ args: [x] }, length) => (begins(x, length) ? [true] : undefined),
  concat: ({ args, attributes: { axis } }) => (axis === 0 ? undefined : args.map(() => true)),
  sum: ({ attributes: { axes } }) => (axes.includes(0) ? undefined : [true])
}

const laneOf = (body: Body, from: number, count: number): Lane | undefined => {
  const roots = rootsOf(body)
  const changing = dependents(roots, body.states)
  const length = body.states[0].shape[0]
  const leaves = new Map<Expr, Expr>()
  const made = new Map<Expr, Expr | undefined>()
  const whole = (e: Expr): Expr | undefined => (changing.has(e) ? undefined : e)
  const rows = (e: Expr): Expr | undefined => {
    if (e.args.length > 0) return made.get(e)
    if (!isPlaceholder(e) || !begins(e, length)) return undefined
    const leaf = leaves.get(e) ?? placeholder([count, ...e.shape.slice(1)])
    leaves.set(e, leaf)
    return leaf
  }
  for (const e of topological(roots)) {
    if (e.args.length === 0 || !begins(e, length)) continue
    const { name } = e.primitive
    const which = elementwise.has(name) ? e.args.map(() => true) : byRows[name]?.(e as Expr<Attributes>, length)
    const args = which === undefined ? undefined : all(e.args.map((x, i) => (which[i] ? rows : whole)(x)))
    const { attributes } = e as Expr<Attributes | undefined>
    const narrow = attributes?.shape === undefined ? attributes : { ...attributes, shape: [count, ...e.shape.slice(1)] }
    made.set(e, args === undefined ? undefined : node<unknown>(e.primitive, args, narrow))
  }
  const parts = all(roots.map(rows))
  return parts === undefined ? undefined : { from, roots: parts, leaves }
}

/** The lanes of a body, each of a multiple of four rows but for the last; `undefined` where rows are few or something crosses them. */
export const lanesOf = (body: Body): readonly Lane[] | undefined => {
  const length = body.states.length === 0 ? 0 : body.states[0].shape[0] ?? 0
  const lanes = Math.min(most, Math.floor(length / least))
  if (lanes < 2 || !rootsOf(body).every((e) => begins(e, length))) return undefined
  const bounds = Array.from({ length: lanes + 1 }, (_, i) => (i === lanes ? length : 4 * Math.round((i * length) / lanes / 4)))
  return all(bounds.slice(0, -1).map((from, i) => laneOf(body, from, bounds[i + 1] - from)))
}
