/**
 * Gradients behind a max pool: most of what `unpool` makes is 0. It is not made: masks move to the pooled side, sums are taken there, and
 * the two products of a convolution's adjoint run over the winners only. Where an image or a kernel is not finite, its products with
 * zeros are taken as well: what was no number does not become one (what was ∞ may become NaN).
 */
import { broadcast, sum } from '../../expr/broadcast.js'
import { greater, select } from '../../expr/compare.js'
import { evaluate } from '../../expr/evaluate.js'
import { withArgs } from '../../expr/graph.js'
import { constantValues, variable } from '../../expr/leaf.js'
import { matmul, type Transposed } from '../../expr/matmul.js'
import { node, type Expr, type Primitive } from '../../expr/node.js'
import { foldPatches, patches } from '../../expr/patches.js'
import { pick, unpool } from '../../expr/pool.js'
import { reshape } from '../../expr/reshape.js'
import { sameShape, sizeOf, type Shape } from '../../expr/shape.js'
import type { WholeWindow } from '../../expr/window.js'
import { few, poolOf } from './pooling.js'
import { isElementwise } from './stages.js'

/** A convolution by `window` over images of shape `image`, whose result is pooled by `pool`. Its window stays inside. */
export interface Behind { readonly image: Shape; readonly window: WholeWindow; readonly pool: WholeWindow }

/** The first so many axes as one, the others as another. */
const asMatrix = (e: Expr, axes: number): Expr => reshape(e, [sizeOf(e.shape.slice(0, axes)), sizeOf(e.shape.slice(axes))])

const flat = (e: Expr): Expr => asMatrix(e, e.shape.length - 1)

/** What a primitive of this file means, in those of the language. */
const meant = (of: (args: readonly Expr[], attributes: Behind) => Expr): Primitive<Behind>['evaluate'] =>
  (values, e) => {
    const graph = of(e.args.map(({ shape }, i) => variable(String(i), shape)), e.attributes)
    return (out) => { out.set(evaluate(graph, Object.fromEntries(values.map((x, i) => [String(i), x])))) }
  }

/** Never part of a graph that is differentiated. */
const still = (): readonly undefined[] => []

const winnersKernelPrimitive: Primitive<Behind> = {
  name: 'winnersKernel',
  shape: ([x, y], { window }) => [sizeOf(window.size) * x[x.length - 1], y[y.length - 1]],
  evaluate: meant(([x, y, d], { window, pool }) => {
    const p = patches(x, window)
    return matmul(asMatrix(p, x.shape.length - 1), flat(unpool(y, d, pool)), { a: true })
  }),
  adjoint: still
}

const winnersImagePrimitive: Primitive<Behind> = {
  name: 'winnersImage',
  shape: (_, { image }) => image,
  evaluate: meant(([y, d, kernel], { image, window, pool }) => {
    const p = matmul(flat(unpool(y, d, pool)), kernel, { b: true })
    return foldPatches(reshape(p, [...y.shape.slice(0, -1), ...window.size, image[image.length - 1]]), window, image.slice(1, -1))
  }),
  adjoint: still
}

/** What a node is another name for. */
const source = (e: Expr): Expr => (e.primitive.name === 'reshape' ? source(e.args[0]) : e)

const isZero = (e: Expr): boolean => {
  const values = constantValues(e.primitive.name === 'broadcast' ? e.args[0] : e)
  return values?.length === 1 && values[0] === 0
}

const windowOf = (e: Expr): WholeWindow => (e as Expr<WholeWindow>).attributes

/** Operations that are followed back from a mask to what it is made of, at most. */
const deepest = 6

/**
 * `e` where `y` is largest below each place of a window, as an expression of what lies in memory: element-wise operations are done on the
 * pooled side. `undefined` where that would be no gain.
 */
const picked = (y: Expr, e: Expr, window: WholeWindow, shape: Shape, depth = 0): Expr | undefined => {
  if (e === y) return pick(y, y, window)
  if (e.primitive.name === 'broadcast') {
    const [x] = e.args
    const channels = shape[shape.length - 1]
    return sizeOf(x.shape) === 1 ? broadcast(reshape(x, []), shape)
      : sizeOf(x.shape) === channels && sameShape(x.shape.slice(-1), [channels]) ? broadcast(reshape(x, [channels]), shape) : undefined
  }
  // max(x, 0) > 0 where x > 0, and the former is there.
  const [p, q] = e.args
  if (e.primitive.name === 'greater' && y.primitive.name === 'max' && y.args[0] === p && isZero(q) && isZero(y.args[1])) {
    return greater(pick(y, y, window), broadcast(0, shape))
  }
  if (!isElementwise(e)) return sameShape(e.shape, y.shape) ? pick(y, e, window) : undefined
  if (depth === deepest) return undefined
  const args = e.args.map((a) => picked(y, a, window, shape, depth + 1))
  return args.some((a) => a === undefined) ? undefined : { ...withArgs(e, args as readonly Expr[]), shape }
}

/** A mask on what was unpooled, as one on what is unpooled. */
const masked = (e: Expr): Expr | undefined => {
  const [condition, u, otherwise] = e.args
  if (u.primitive.name !== 'unpool' || !isZero(otherwise)) return undefined
  const [y, d] = u.args
  const chosen = picked(y, condition, windowOf(u), d.shape)
  return chosen === undefined ? undefined : unpool(y, select(chosen, d, broadcast(0, d.shape)), windowOf(u))
}

/** Each value that is unpooled lands on one pixel: the sum over all pixels is that of the values. */
const summed = (e: Expr): Expr | undefined => {
  const u = source(e.args[0])
  const { axes } = (e as Expr<{ readonly axes: readonly number[] }>).attributes
  return u === e.args[0] && u.primitive.name === 'unpool' && u.shape.slice(1, -1).every((_, a) => axes.includes(a + 1))
    ? sum(u.args[1], axes) : undefined
}

/** What is behind a pool that leaves few of many: each pixel lies below one place at most. */
const isThin = (e: Expr): boolean => {
  if (e.primitive.name !== 'unpool' || sizeOf(e.args[1].shape) === 0) return false
  const window = windowOf(e)
  const cells = sizeOf(window.size)
  return cells > 1 && cells <= few && poolOf(e.args[0].shape, window).apart
}

/** The gradient of a convolution's kernel. */
const kernelOf = (e: Expr): Expr | undefined => {
  const { a, b } = (e as Expr<Transposed>).attributes
  const [p, u] = e.args.map(source)
  if (!a || b || p.primitive.name !== 'patches' || windowOf(p).padding !== 'valid' || !isThin(u)) return undefined
  const [x] = p.args
  const behind = { image: x.shape, window: windowOf(p), pool: windowOf(u) }
  const isConvolution = sameShape(e.args[0].shape, asMatrix(p, x.shape.length - 1).shape) && sameShape(e.args[1].shape, flat(u).shape)
    && sameShape(p.shape.slice(0, x.shape.length - 1), u.shape.slice(0, -1)) && sizeOf(e.shape) > 0
  return isConvolution ? node(winnersKernelPrimitive, [x, ...u.args], behind) : undefined
}

/** The gradient of images that were convolved. */
const imageOf = (e: Expr): Expr | undefined => {
  const { window } = (e as Expr<{ readonly window: WholeWindow }>).attributes
  const product = source(e.args[0])
  if (window.padding !== 'valid' || product.primitive.name !== 'matmul' || sizeOf(e.shape) === 0) return undefined
  const { a, b } = (product as Expr<Transposed>).attributes
  const [u, kernel] = [source(product.args[0]), product.args[1]]
  const axes = e.shape.length - 1
  const isConvolution = !a && b && isThin(u) && sameShape(product.args[0].shape, flat(u).shape) && u.shape[u.shape.length - 1] % 4 === 0
    && sameShape(e.args[0].shape.slice(0, axes), u.shape.slice(0, -1)) && sameShape(product.shape, asMatrix(e.args[0], axes).shape)
  return isConvolution ? node(winnersImagePrimitive, [...u.args, kernel], { image: e.shape, window, pool: windowOf(u) }) : undefined
}

/** How nodes behind a max pool are lowered, by the name of their primitive. */
export const behindPools: Readonly<Record<string, (e: Expr) => Expr | undefined>> =
  { select: masked, sum: summed, matmul: kernelOf, foldPatches: imageOf }
