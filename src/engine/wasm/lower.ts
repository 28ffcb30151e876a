/**
 * The graph as this engine likes it: products without an inner axis become element-wise, thin ones get the row in front, sums over
 * nothing become other names. What depends on hyper-parameters only is left to the host, in float64, so that a rate falls on the
 * same side of every draw as in the reference.
 */
import { add, mul } from '../../expr/arithmetic.js'
import { broadcast } from '../../expr/broadcast.js'
import { rebuild, topological, withArgs } from '../../expr/graph.js'
import { constantValues, hyperOf, variable } from '../../expr/leaf.js'
import { matmul, type Transposed } from '../../expr/matmul.js'
import type { Expr } from '../../expr/node.js'
import { foldPatches, patches } from '../../expr/patches.js'
import { reshape } from '../../expr/reshape.js'
import { share } from '../../expr/share.js'
import { sizeOf, type Shape } from '../../expr/shape.js'
import { pad, slice, transpose } from '../../expr/view.js'
import { paddingOf, type WholeWindow } from '../../expr/window.js'
import { convolved } from './convolution.js'
import { numberOf } from './reading.js'
import { behindPools } from './winners.js'

/** A value that the host computes and puts where the leaf of that path lies. */
export interface Hosted { readonly path: string; readonly of: Expr }

/** A lowered graph: roots of the same shapes and values, and what of it is the host's. */
export interface Lowered { readonly roots: readonly Expr[]; readonly hosted: readonly Hosted[] }

/** Sizes above which a value made of hyper-parameters is left to the engine. */
const hostable = 16

/** The largest expressions that depend on hyper-parameters and constants only. */
const hostedOf = (roots: readonly Expr[]): readonly Expr[] => {
  const order = topological(roots)
  const hosted = new Set<Expr>()
  const still = (e: Expr): boolean => constantValues(e) !== undefined || hyperOf(e) !== undefined || hosted.has(e)
  for (const e of order) {
    const small = sizeOf(e.shape) <= hostable && e.primitive.name !== 'broadcast'
    if (e.args.length > 0 && small && e.args.every(still) && e.args.some((a) => hyperOf(a) !== undefined || hosted.has(a))) hosted.add(e)
  }
  const used = new Set(order.filter((e) => !hosted.has(e)).flatMap((e) => e.args))
  return order.filter((e) => hosted.has(e) && (used.has(e) || roots.includes(e)))
}

const flagsOf = (e: Expr): Transposed => (e as Expr<Transposed>).attributes

const lead = (e: Expr) => e.shape.slice(0, -2)

/** A factor that is a transposed matrix as that matrix, read the other way. */
const untransposed = (e: Expr, flip: boolean): { readonly factor: Expr; readonly flip: boolean } => {
  const order = e.primitive.name === 'transpose' ? (e as Expr<{ readonly order: readonly number[] }>).attributes.order : []
  const last = order.length - 1
  return last >= 1 && order.every((a, i) => a === (i === last ? last - 1 : i === last - 1 ? last : i))
    ? { factor: e.args[0], flip: !flip } : { factor: e, flip }
}

/** What a sum that begins at 0 makes of one term: −0 becomes 0. */
const fromZero = (term: Expr): Expr => add(term, broadcast(0, term.shape))

const product = (e: Expr): Expr | undefined => {
  const { a, b } = flagsOf(e)
  const [x, y] = [untransposed(e.args[0], a), untransposed(e.args[1], b)]
  if (x.factor !== e.args[0] || y.factor !== e.args[1]) return matmul(x.factor, y.factor, { a: x.flip, b: y.flip })
  const [m, n] = e.shape.slice(-2)
  const k = e.args[0].shape.slice(-2)[a ? 0 : 1]
  const rows = (of: Expr, length: number) => reshape(of, [...lead(e), 1, length])
  if (k === 1) return fromZero(mul(broadcast(reshape(x.factor, [...lead(e), m, 1]), e.shape), broadcast(rows(y.factor, n), e.shape)))
  // A product with one column is, seen the other way, one with one row.
  if (n === 1 && m > 1) return reshape(matmul(rows(y.factor, k), x.factor, { a: false, b: !a }), e.shape)
  return m === 1 && a ? matmul(rows(x.factor, k), y.factor, { b })
    : a && b ? transpose(matmul(y.factor, x.factor), [...lead(e).map((_, i) => i), e.shape.length - 1, e.shape.length - 2])
    : undefined
}

/** Images with what a padded window finds beyond their edge, and how far it begins before them. */
const edged = (image: Shape, window: WholeWindow) => {
  const { before, after } = paddingOf(image.slice(1, -1), window)
  const start = [0, ...before, 0]
  return { start, whole: image.map((d, a) => d + start[a] + [0, ...after, 0][a]), inside: { ...window, padding: 'valid' as const } }
}

/** A window that stays inside: of images with a border of zeros. */
const cut = (e: Expr): Expr | undefined => {
  const { attributes: window, args: [x] } = e as Expr<WholeWindow>
  if (window.padding === 'valid') return undefined
  const { start, whole, inside } = edged(x.shape, window)
  return patches(pad(x, start, whole), inside)
}

const folded = (e: Expr): Expr | undefined => {
  const { attributes: { window }, args: [p] } = e as Expr<{ readonly window: WholeWindow }>
  if (window.padding === 'valid') return undefined
  const { start, whole, inside } = edged(e.shape, window)
  return slice(foldPatches(p, inside, whole.slice(1, -1)), start, e.shape)
}

/**
 * What is added to itself, as a square's gradient is, and a number times something: twice that number. It is the same to the last bit,
 * but where the product is subnormal or too large.
 */
const twice = (e: Expr): Expr | undefined => {
  const [a, b] = e.args
  const [number, of] = a === b && a.primitive.name === 'mul' ? a.args : []
  const c = number?.primitive.name === 'broadcast' ? numberOf(number.args[0]) : undefined
  return c === undefined ? undefined : mul(broadcast(2 * c, e.shape), of)
}

const rules: Readonly<Record<string, (e: Expr) => Expr | undefined>> = {
  add: twice,
  matmul: product,
  patches: cut,
  foldPatches: folded,
  sum: (e) => (sizeOf(e.args[0].shape) === sizeOf(e.shape) && sizeOf(e.shape) > 0 ? fromZero(reshape(e.args[0], e.shape)) : undefined),
  reduceMax: (e) => (sizeOf(e.args[0].shape) === sizeOf(e.shape) && sizeOf(e.shape) > 0 ? reshape(e.args[0], e.shape) : undefined),
  transpose: (e) => (e.args[0].shape.filter((d) => d !== 1).length < 2 ? reshape(e.args[0], e.shape) : undefined),
  broadcast: (e) => (sizeOf(e.args[0].shape) === sizeOf(e.shape) ? reshape(e.args[0], e.shape) : undefined),
  slice: (e) => (sizeOf(e.args[0].shape) === sizeOf(e.shape) ? reshape(e.args[0], e.shape) : undefined),
  reshape: (e) => (e.args[0].primitive.name === 'reshape' ? reshape(e.args[0].args[0], e.shape) : undefined)
}

/** Applied until it is none of the rules' business any more. */
const settle = (e: Expr): Expr => {
  const { name } = e.primitive
  const made = rules[name]?.(e) ?? behindPools[name]?.(e) ?? (name === 'matmul' ? convolved(e) : undefined)
  if (made === undefined) return e
  const inner = made.args.map(settle)
  return settle(withArgs(made, inner))
}

/** Lowers a graph that has been simplified. */
export const lower = (roots: readonly Expr[]): Lowered => {
  const hosted = hostedOf(roots).map((of, i): Hosted => ({ path: `host:${i}`, of }))
  const leaves = new Map(hosted.map(({ path, of }) => [of, variable(path, of.shape)]))
  return { roots: share(rebuild(roots, (e, args) => leaves.get(e) ?? settle(withArgs(e, args)))), hosted }
}
