/** What laws ask of a function from a tensor to a number: its value, its gradient, and how far rounding may move them. */
import fc from 'fast-check'
import { evaluate, gradient, problems, variable, type Expr } from 'tikhonov/expr'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { alike, real, shape, small } from './arbitraries/index.js'

/** A function from a tensor to a scalar expression: a norm, a penalty. */
export type Functional = (w: Expr) => Expr

const leaf = ({ shape }: Tensor): Expr => variable('w', shape)

/** f(w) as a graph, and what does not fit in it. */
export const graphOf = (f: Functional, w: Tensor): { readonly y: Expr; readonly problems: readonly string[] } => {
  const y = f(leaf(w))
  return { y, problems: problems([y]).map((p) => p.message) }
}

/** f(w). */
export const valueAt = (f: Functional, w: Tensor): number => evaluate(f(leaf(w)), { w: w.data })[0]

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

const zero = { arbitrary: fc.constant(0), weight: 1 }

/** A weight: a float of moderate size, one in six exactly 0, where penalties have their corners, and one in six small. */
export const weight = (): fc.Arbitrary<number> => fc.oneof({ withCrossShrink: true },
  zero, { arbitrary: real({ smallest: 2 ** -6, largest: 8 }), weight: 4 }, { arbitrary: small(), weight: 1 })

/**
 * Tensors of one shape, as many as asked: rank 1 … 3, sizes 1 … 4, elements that are weights. All are small in one draw of five: a sum
 * over the elements shows what it does to small ones where there are no others.
 */
export const several = (count: number): fc.Arbitrary<readonly Tensor[]> => {
  const of = (element: fc.Arbitrary<number>) => alike(count, element, shape({ minRank: 1, maxRank: 3, maxSize: 4 }))
  return fc.oneof(
    { arbitrary: of(weight()), weight: 4 },
    { arbitrary: of(fc.oneof({ withCrossShrink: true }, zero, { arbitrary: small(), weight: 4 })), weight: 1 })
}

/** How far rounding moves numbers that are sums over the elements of w, or a few of them. */
export const slack = (w: Tensor, ...values: readonly number[]): number =>
  2 * rounding(w.data.length) * values.reduce((sum, x) => sum + Math.abs(x), Number.MIN_VALUE)

/** How far weights may be moved where the least of them is small, so that none comes near 0 or another: 1 at most. */
export const reach = ({ data }: Tensor): number =>
  Math.min(1, ...Array.from(data, (x) => (x === 0 ? 1 : 2 ** 6 * Math.abs(x))))

/** The step of central differences: truncation is then near h² = 2⁻⁴⁰, rounding near ε/h = 2⁻³², of the penalty. */
const h = 2 ** -20

/** A derivative along a direction, how far it may be off, and whether it was taken at a kink. */
export interface Slope {
  readonly slope: number
  readonly error: number
  readonly kink: boolean
}

/**
 * The derivative of f at w along d by central differences, how far it may be off, and whether w is at a kink; `largest` is the size of
 * intermediate results where they are larger than f. The error of truncation is twice the difference between steps h and 2h; that of
 * rounding is a bound, twice, for a kink may hide in it. At a kink the one-sided slopes differ by as much at h as at 2h; where f is smooth,
 * by half as much or less. A kink at a·h is told either way: the bends are 2 − 2a and 2 − a, so that it is one for a < 4/7, the slopes a
 * and a/2 of 1, so that the error covers it for a ≥ 1/2.
 */
export const slopeAlong = (f: (w: Tensor) => number, w: Tensor, d: Tensor, largest = 0): Slope => {
  const moved = (t: number): number => f(withElements(w, (x, i) => x + t * d.data[i]))
  const [here, far, near1, near2, far2] = [f(w), moved(-2 * h), moved(-h), moved(h), moved(2 * h)]
  const [slope, wide] = [(near2 - near1) / (2 * h), (far2 - far) / (4 * h)]
  const rounded = slack(w, here, far, far2, largest) / h
  const [bend, bend2] = [Math.abs(near2 - 2 * here + near1) / h, Math.abs(far2 - 2 * here + far) / (2 * h)]
  return { slope, error: 2 * (Math.abs(slope - wide) + rounded), kink: bend > 0.6 * bend2 + rounded }
}
