/** Out of a loop: products of an item with a constant, which are one product over all steps. */
import { dependents, rootsOf, replaced, type Body } from './body.js'
import { broadcast, sum } from './broadcast.js'
import { elementwise } from './elementwise.js'
import { replace, topological } from './graph.js'
import { matmul, type Transposed } from './matmul.js'
import { node, type Expr } from './node.js'
import { placeholder } from './placeholder.js'
import { reshape } from './reshape.js'
import { sizeOf } from './shape.js'
import { concat, slice, transpose } from './view.js'

/** A body whose items are taken from these sequences. */
export interface Hoisted { readonly body: Body; readonly sequences: readonly Expr[] }

interface Attributes extends Transposed {
  readonly start: readonly number[]
  readonly order: readonly number[]
  readonly axes: readonly number[]
  readonly axis: number
}

/** The attributes that the operations below are known to have, each its own. */
const attributes = (e: Expr): Attributes => (e as Expr<Attributes>).attributes

/** Stacked matrices [T, n, k] as one matrix [T·n, k]. */
export const rows = (x: Expr): Expr => reshape(x, [x.shape[0] * x.shape[1], x.shape[2]])

const isProductByRows = (e: Expr): boolean => e.primitive.name === 'matmul' && e.shape.length === 2 && !attributes(e).a

/** The same operations on whole sequences: `args` have the axis of steps in front. */
const views: Readonly<Record<string, (e: Expr, args: readonly Expr[], length: number) => Expr>> = {
  reshape: ({ shape }, [x], length) => reshape(x, [length, ...shape]),
  broadcast: ({ shape, args: [{ shape: from }] }, [x], length) => {
    const missing = Array.from({ length: shape.length - from.length }, () => 1)
    return broadcast(reshape(x, [length, ...missing, ...from]), [length, ...shape])
  },
  slice: (e, [x], length) => slice(x, [0, ...attributes(e).start], [length, ...e.shape]),
  transpose: (e, [x]) => transpose(x, [0, ...attributes(e).order.map((a) => a + 1)]),
  concat: (e, xs) => concat(xs, attributes(e).axis + 1),
  sum: (e, [x]) => sum(x, attributes(e).axes.map((a) => a + 1))
}

/** A tensor that is the same at all steps. */
const repeated = (e: Expr, length: number): Expr => {
  const source = e.primitive.name === 'broadcast' ? e.args[0] : e
  return broadcast(source, [length, ...e.shape])
}

/**
 * Takes out of a body each largest expression of items and constants that holds a product of an item's rows with a constant matrix, and
 * nothing that would make it larger: x·W, x·W + b, a slice of it. What was [n, k]·[k, m] at each step is one product
 * [T·n, k]·[k, m]. Rows of a product do not depend on each other: no value changes.
 */
export const hoist = (body: Body, sequences: readonly Expr[], constants: readonly Expr[], length: number): Hoisted => {
  const roots = rootsOf(body)
  const varying = dependents(roots, [...body.items, ...body.states])
  const recurrent = dependents(roots, body.states)
  const order = topological(roots)
  const outside = new Map(body.constants.map((c, i) => [c, constants[i]]))
  const still = order.filter((e) => !varying.has(e))
  const made = new Map(replace(still, outside).map((e, i) => [still[i], e]))
  const wide = new Map(body.items.map((x, i) => [x, sequences[i]]))
  const worth = new Map<Expr, number>()
  for (const e of order) {
    if (!varying.has(e) || recurrent.has(e) || wide.has(e)) continue
    const args = e.args.flatMap((a) => wide.get(a) ?? (made.has(a) ? [repeated(made.get(a) ?? a, length)] : []))
    if (args.length < e.args.length) continue
    const [x, w] = e.args
    const product = isProductByRows(e) && wide.has(x) && made.has(w)
    const over = elementwise.has(e.primitive.name) ? node(e.primitive, args, e.attributes)
      : product ? reshape(matmul(rows(args[0]), made.get(w) ?? w, attributes(e)), [length, ...e.shape])
      : views[e.primitive.name]?.(e, args, length)
    if (over === undefined) continue
    wide.set(e, over)
    const held = e.args.reduce((n, a) => n + (worth.get(a) ?? 0), 0)
    if (product || sizeOf(e.shape) <= held) worth.set(e, sizeOf(e.shape))
  }
  const read = new Set([...roots, ...order.filter((e) => !worth.has(e)).flatMap((e) => e.args)])
  const out = order.filter((e) => worth.has(e) && read.has(e))
  const items = out.map((e) => placeholder(e.shape))
  return {
    body: replaced({ ...body, items: [...body.items, ...items] }, new Map(out.map((e, i) => [e, items[i]]))),
    sequences: [...sequences, ...out.flatMap((e) => wide.get(e) ?? [])]
  }
}
