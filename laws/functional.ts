/** What laws ask of a function from a tensor to a number: its value, its gradient, and how far rounding may move them. */
import fc from 'fast-check'
import { evaluate, gradient, problems, variable, type Expr } from 'tikhonov/expr'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { alike, real, shape } from './arbitraries/index.js'

/** A function from a tensor to a scalar expression: a norm, a penalty. */
export type Functional = (w: Expr) => Expr

const leaf = ({ shape }: Tensor): Expr => variable('w', shape)

/** f(w) as a graph, and what does not fit in it. */
export const graphOf = (f: Functional, w: Tensor): { readonly y: Expr; readonly problems: readonly string[] } => {
  const y = f(leaf(w))
  return { y, problems: problems([y]).map((p) => p.message) }
}

/** All values of f(w). */
export const valuesAt = (f: (w: Expr) => Expr, w: Tensor): readonly number[] => evaluate(f(leaf(w)), { w: w.data })

/** f(w), a number. */
export const valueAt = (f: Functional, w: Tensor): number => valuesAt(f, w)[0]

/** ∇f(w), as the library derives it. */
export const gradientAt = (f: Functional, w: Tensor): readonly number[] => {
  const x = leaf(w)
  return evaluate(gradient(f(x), [x])[0], { w: w.data })
}

/** A tensor of the same shape with other elements. */
export const withElements = (w: Tensor, element: (x: number, i: number) => number): Tensor =>
  tensor(Float64Array.from(w.data, element), w.shape)

/** Σ aᵢ·bᵢ. */
export const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((s, x, i) => s + x * b[i], 0)

/** √Σ aᵢ². */
export const length = (a: ArrayLike<number>): number => Math.hypot(...Array.from(a))

/**
 * A bound on the relative error of a sum of n rounded terms: (n + 16)·ε. Each addition rounds by ε/2, and 16·ε leaves each term and the
 * result 32 roundings of their own, more than a power, a root and a λ need.
 */
export const rounding = (n: number): number => (n + 16) * Number.EPSILON

/** A weight: a float of moderate size, one in five exactly 0, where penalties have their corners. */
export const weight = (): fc.Arbitrary<number> =>
  fc.oneof({ withCrossShrink: true }, { arbitrary: fc.constant(0), weight: 1 }, { arbitrary: real({ smallest: 2 ** -6, largest: 8 }), weight: 4 })

/** Tensors of one shape, as many as asked: rank 1 … 3, sizes 1 … 4, elements that are weights. */
export const several = (count: number): fc.Arbitrary<readonly Tensor[]> => alike(count, weight(), shape({ minRank: 1, maxRank: 3, maxSize: 4 }))

/** How far rounding moves numbers that are sums over the elements of w, or a few of them. */
export const slack = (w: Tensor, ...values: readonly number[]): number =>
  2 * rounding(w.data.length) * values.reduce((sum, x) => sum + Math.abs(x), Number.MIN_VALUE)
