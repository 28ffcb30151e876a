/** Reverse-mode differentiation, graph to graph: what comes out can be evaluated, printed, compiled or differentiated again. */
import { add, mul } from './arithmetic.js'
import { sum, zerosLike } from './broadcast.js'
import { topological } from './graph.js'
import { constant, pathOf, variable } from './leaf.js'
import { invalid, isInvalid, type Expr } from './node.js'
import { sameShape, type Shape } from './shape.js'
import { concat } from './view.js'

interface Padded { readonly start: readonly number[]; readonly whole: Shape }

/** The axis along which a tensor is laid into a larger one of the same other sizes, else −1. */
const laidAlong = ({ primitive, args, attributes }: Expr): number => {
  if (primitive.name !== 'pad') return -1
  const { whole } = attributes as Padded
  const [axis, ...more] = whole.flatMap((d, a) => (d === args[0].shape[a] ? [] : [a]))
  return axis === undefined || more.length > 0 ? -1 : axis
}

/** Tensors laid into zeros so that they fill all of it, side by side: what the slices of one value give back. */
const sideBySide = (ds: readonly Expr[]): Expr | undefined => {
  const axis = laidAlong(ds[0])
  if (axis < 0 || !ds.every((d) => laidAlong(d) === axis)) return undefined
  const startOf = (d: Expr): number => (d.attributes as Padded).start[axis]
  const sorted = [...ds].sort((p, q) => startOf(p) - startOf(q))
  const end = sorted.reduce((at, d) => (at === startOf(d) ? at + d.args[0].shape[axis] : Number.NaN), 0)
  return end === ds[0].shape[axis] ? concat(sorted.map((d) => d.args[0]), axis) : undefined
}

/** Σ of the cotangents that a node was given. */
const total = (ds: readonly Expr[]): Expr => sideBySide(ds) ?? ds.reduce((a, b) => add(a, b))

/** Whether a cotangent passes from a node to its k-th argument. */
type Passes = (e: Expr, k: number) => boolean

/**
 * Σ Jᵀ·dy over several results: the cotangent of each of `at`, `undefined` where nothing reaches it. A variable counts by its path,
 * anything else by identity.
 */
export const cotangentsOf = (
  ys: readonly Expr[],
  dys: readonly Expr[],
  at: readonly Expr[],
  passes: Passes = () => true
): readonly (Expr | undefined)[] => {
  const order = topological(ys)
  const wanted = new Set(at.map((e) => pathOf(e) ?? e))
  const carries = new Set<Expr>()
  for (const e of order) if (wanted.has(e) || wanted.has(pathOf(e) ?? e) || e.args.some((a) => carries.has(a))) carries.add(e)
  const given = new Map<Expr | string, Expr[]>()
  const give = (to: Expr | string, d: Expr) => {
    const before = given.get(to)
    if (before === undefined) given.set(to, [d])
    else before.push(d)
  }
  const cotangents = new Map<Expr | string, Expr>()
  const cotangentOf = (of: Expr | string): Expr | undefined => {
    const ds = given.get(of)
    const d = cotangents.get(of) ?? (ds === undefined ? undefined : total(ds))
    if (d !== undefined) cotangents.set(of, d)
    return d
  }
  ys.forEach((y, i) => { give(y, dys[i]) })
  for (let i = order.length - 1; i >= 0; i--) {
    const e = order[i]
    const d = carries.has(e) ? cotangentOf(e) : undefined
    if (d === undefined) continue
    const path = pathOf(e)
    if (path !== undefined) give(path, d)
    else if (e.args.length > 0) {
      const to = e.args.map((a, k) => carries.has(a) && passes(e, k))
      e.primitive.adjoint(e, d, to).forEach((da, k) => { if (da !== undefined && to[k]) give(e.args[k], da) })
    }
  }
  return at.map((e) => cotangentOf(pathOf(e) ?? e))
}

/**
 * Jᵀ·dy: the cotangent of each of `at`, given that of `y`. A variable counts by its path, wherever it occurs; any other expression
 * counts by identity. What `y` does not depend on gets zeros.
 * @example
 * ```ts
 * import { evaluate, mul, pullback, variable } from 'tikhonov/expr'
 * const x = variable('x', [2])
 * const [dx] = pullback(mul(x, x), variable('dy', [2]), [x])
 * evaluate(dx, { x: [3, 5], dy: [1, 10] }) // => [6, 100]
 * ```
 */
export const pullback = (y: Expr, dy: Expr, at: readonly Expr[]): readonly Expr[] => {
  if (isInvalid(y) || isInvalid(dy)) return at.map(() => invalid(undefined, [y, dy]))
  if (!sameShape(y.shape, dy.shape)) {
    const message = 'a value and its cotangent differ in shape'
    const misfit = invalid({ _tag: 'ShapeProblem', operation: 'pullback', shapes: [y.shape, dy.shape], message })
    return at.map(() => misfit)
  }
  return cotangentsOf([y], [dy], at).map((d, i) => d ?? zerosLike(at[i]))
}

/**
 * The gradient of a scalar with respect to variables (or any nodes of its graph). Ties and corners are stated at the operations:
 * |·|′(0) = 0, max(a, b) at a = b gives all to b.
 * @example
 * ```ts
 * import { abs, evaluate, gradient, sum, variable } from 'tikhonov/expr'
 * const w = variable('w', [3])
 * const [dw] = gradient(sum(abs(w)), [w])
 * evaluate(dw, { w: [-2, 0, 5] }) // => [-1, 0, 1]
 * ```
 */
export const gradient = (y: Expr, at: readonly Expr[]): readonly Expr[] => {
  if (isInvalid(y) || y.shape.length === 0) return pullback(y, constant(1), at)
  const misfit = invalid({ _tag: 'ShapeProblem', operation: 'gradient', shapes: [y.shape], message: 'wants a scalar' })
  return at.map(() => misfit)
}

/**
 * J·v by two pullbacks: the change of `y` when each of `at` moves along its `v`.
 * @example
 * ```ts
 * import { constant, evaluate, mul, pushforward, variable } from 'tikhonov/expr'
 * const x = variable('x', [2])
 * evaluate(pushforward(mul(x, x), [x], [constant([1, 10])]), { x: [3, 5] }) // => [6, 100]
 * ```
 */
export const pushforward = (y: Expr, at: readonly Expr[], v: readonly Expr[]): Expr => {
  const u = variable('pushforward/u', y.shape)
  const pulled = pullback(y, u, at)
  const paired = pulled.map((p, i) => sum(mul(p, v[i])))
  const total = paired.length === 0 ? constant(0) : paired.reduce((a, b) => add(a, b))
  return pullback(total, constant(1), [u])[0]
}
