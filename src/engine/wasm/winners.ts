/**
 * Gradients behind a max pool: most of what `unpool` makes is 0. It is not made: masks move to the pooled side, sums are taken there, and
 * the two products of a convolution's adjoint run over the winners only. Where an image or a kernel is not finite, its products with the
 * zeros are taken as well: nothing that is NaN becomes a number.
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

const flat = (e: Expr): Expr => reshape(e, [sizeOf(e.shape.slice(0, -1)), e.shape[e.shape.length - 1]])

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
    return matmul(reshape(p, [sizeOf(p.shape.slice(0, x.shape.length - 1)), -1]), flat(unpool(y, d, pool)), { a: true })
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
