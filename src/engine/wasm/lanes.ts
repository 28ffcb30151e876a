/**
 * Lanes of a loop: blocks of rows that nothing crosses, so that each runs through all steps by itself. A lane's graph is the body's with
 * "these rows of it" pushed down to the leaves; where that cannot be done there are no lanes. Shapes alone decide.
 */
import { dependents, rootsOf, type Body } from '../../expr/body.js'
import { broadcast, sum } from '../../expr/broadcast.js'
import { elementwise } from '../../expr/elementwise.js'
import { topological } from '../../expr/graph.js'
import { matmul, type Transposed } from '../../expr/matmul.js'
import { node, type Expr } from '../../expr/node.js'
import { isPlaceholder, placeholder } from '../../expr/placeholder.js'
import { reshape } from '../../expr/reshape.js'
import { concat, slice } from '../../expr/view.js'

/** Some rows of a body: from which on, its roots for them, and what stands there for those rows of a leaf. */
export interface Lane {
  readonly from: number
  readonly roots: readonly Expr[]
  readonly leaves: ReadonlyMap<Expr, Expr>
}

/** The fewest rows that a product does well on, and the most lanes. */
const [least, most] = [16, 4]

interface Attributes extends Transposed {
  readonly start: readonly number[]
  readonly axes: readonly number[]
  readonly axis: number
}

/** Some rows of an argument, that argument whole, or `undefined` where these cannot be had. */
interface Parts {
  readonly rows: (e: Expr) => Expr | undefined
  readonly whole: (e: Expr) => Expr | undefined
}

/** All of them, or none. */
const all = <A>(of: readonly (A | undefined)[]): readonly A[] | undefined => {
  const there = of.flatMap((a) => (a === undefined ? [] : [a]))
  return there.length === of.length ? there : undefined
}

const given = <A, B>(a: A | undefined, f: (a: A) => B | undefined): B | undefined => (a === undefined ? undefined : f(a))

/** `count` rows of a node, by its primitive: made of rows of its arguments, and of arguments that all rows share. */
const pushed: Readonly<Record<string, (e: Expr, count: number, parts: Parts) => Expr | undefined>> = {
  matmul: (e, _, { rows, whole }) => {
    const { a, b } = (e as Expr<Attributes>).attributes
    const [x, y] = e.args
    return e.shape.length === 2 && a ? undefined
      : given(all([rows(x), e.shape.length === 2 ? whole(y) : rows(y)]), ([of, by]) => matmul(of, by, { a, b }))
  },
  broadcast: ({ args: [x], shape: [length, ...rest] }, count, { rows, whole }) => {
    const along = x.shape.length === rest.length + 1 && x.shape[0] === length
    return given(along ? rows(x) : whole(x), (from) => broadcast(from, [count, ...rest]))
  },
  reshape: ({ args: [x], shape: [length, ...rest] }, count, { rows }) =>
    (x.shape[0] === length ? given(rows(x), (from) => reshape(from, [count, ...rest])) : undefined),
  slice: (e, count, { rows }) => {
    const { args: [x], shape: [length, ...rest], attributes: { start } } = e as Expr<Attributes>
    return x.shape[0] === length ? given(rows(x), (from) => slice(from, start, [count, ...rest])) : undefined
  },
  concat: (e, _, { rows }) => {
    const { args, attributes: { axis } } = e as Expr<Attributes>
    return axis === 0 ? undefined : given(all(args.map(rows)), (parts) => concat(parts, axis))
  },
  sum: (e, _, { rows }) => {
    const { args: [x], attributes: { axes } } = e as Expr<Attributes>
    return axes.includes(0) ? undefined : given(rows(x), (from) => sum(from, axes))
  }
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
    if (!isPlaceholder(e) || e.shape[0] !== length) return undefined
    const leaf = leaves.get(e) ?? placeholder([count, ...e.shape.slice(1)])
    leaves.set(e, leaf)
    return leaf
  }
  for (const e of topological(roots)) {
    if (e.args.length === 0 || e.shape[0] !== length) continue
    made.set(e, elementwise.has(e.primitive.name)
      ? given(all(e.args.map(rows)), (args) => node(e.primitive, args, e.attributes))
      : pushed[e.primitive.name]?.(e, count, { rows, whole }))
  }
  return given(all(roots.map(rows)), (parts) => ({ from, roots: parts, leaves }))
}

/** The lanes of a body, each of a multiple of four rows but for the last; `undefined` where rows are few or something crosses them. */
export const lanesOf = (body: Body): readonly Lane[] | undefined => {
  const length = body.states.length === 0 ? 0 : body.states[0].shape[0] ?? 0
  const lanes = Math.min(most, Math.floor(length / least))
  if (lanes < 2 || rootsOf(body).some((e) => e.shape[0] !== length)) return undefined
  const begins = Array.from({ length: lanes + 1 }, (_, i) => (i === lanes ? length : 4 * Math.round((i * length) / lanes / 4)))
  return all(begins.slice(0, -1).map((from, i) => laneOf(body, from, begins[i + 1] - from)))
}
