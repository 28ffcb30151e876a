/** Ways to make one tensor of the results of several branches. */
import { add as plus, div, mul } from '../expr/arithmetic.js'
import { max } from '../expr/compare.js'
import type { Expr } from '../expr/node.js'
import { sameShape, showShape, type Shape } from '../expr/shape.js'
import { concat } from '../expr/view.js'
import { spec, type Spec } from '../part/spec.js'
import type { Fits, Known, ReplaceLast, Show } from './rule.js'

/**
 * A function from the results of branches to one, with its rule: a type over `this['input']`, the tuple of the branches' shapes (one
 * example's), whose `output` is a shape or the sentence that says what is needed, and `check`, which says the same at run time.
 */
export interface Merge {
  readonly input?: unknown
  readonly output?: unknown
  readonly spec: Spec
  readonly check: (shapes: readonly Shape[]) => string | undefined
  /** Of results [batch, …]. */
  readonly of: (results: readonly Expr[]) => Expr
}

/** What merge M makes of the shapes T: a shape, or the sentence that says why they do not fit. */
export type Merged<M extends Merge, T> =
  Exclude<(M & { readonly input: T })['output'], undefined> extends infer O extends Shape | string ? O : Shape

type Alike<Kind extends string, T> = T extends readonly [infer S extends Shape, ...infer Rest] ? AllLike<Kind, S, Rest> : Shape
type AllLike<Kind extends string, S extends Shape, T> =
  T extends readonly [infer R extends Shape, ...infer Rest]
    ? Fits<R, S> extends true ? AllLike<Kind, Known<S, R>, Rest> : `${Kind} needs branches of one shape, found ${Show<S>} and ${Show<R>}`
    : S

/** Results of one shape, element by element. */
export interface AlikeMerge<Kind extends string> extends Merge {
  readonly output?: Alike<Kind, this['input']>
}

const alike = <Kind extends string>(kind: Kind, of: (results: readonly Expr[]) => Expr): AlikeMerge<Kind> => ({
  spec: spec(kind),
  check: ([first, ...rest]) => {
    const other = rest.find((s) => !sameShape(s, first))
    return other === undefined ? undefined : `${kind} needs branches of one shape, found ${showShape(first)} and ${showShape(other)}`
  },
  of
})

/**
 * a + b + …: results of one shape.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { add } from 'tikhonov/layers'
 * evaluate(add.of([constant([1, 5]), constant([3, 2])])) // => [4, 7]
 * ```
 */
export const add: AlikeMerge<'add'> = /*#__PURE__*/ alike('add', (ys) => ys.reduce((a, b) => plus(a, b)))

/**
 * a · b · …, element by element: results of one shape, for gates.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { multiply } from 'tikhonov/layers'
 * evaluate(multiply.of([constant([1, 5]), constant([3, 2])])) // => [3, 10]
 * ```
 */
export const multiply: AlikeMerge<'multiply'> = /*#__PURE__*/ alike('multiply', (ys) => ys.reduce((a, b) => mul(a, b)))

/**
 * (a + b + …)/n: results of one shape.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { average } from 'tikhonov/layers'
 * evaluate(average.of([constant([1, 5]), constant([3, 2])])) // => [2, 3.5]
 * ```
 */
export const average: AlikeMerge<'average'> =
  /*#__PURE__*/ alike('average', (ys) => div(ys.reduce((a, b) => plus(a, b)), ys.length))

/**
 * The largest, element by element: results of one shape; of `dense` branches it is maxout (Goodfellow et al. 2013). At a tie the gradient
 * goes to the last.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { maximum } from 'tikhonov/layers'
 * evaluate(maximum.of([constant([1, 5]), constant([3, 2])])) // => [3, 5]
 * ```
 */
export const maximum: AlikeMerge<'maximum'> = /*#__PURE__*/ alike('maximum', (ys) => ys.reduce((a, b) => max(a, b)))

/** S with the size of the joined axis open: the last, or any where another axis is meant. */
type Open<S extends Shape, Axis extends number> = Axis extends -1 ? ReplaceLast<S, number> : { readonly [K in keyof S]: number }
type Joined<Axis extends number, T> = T extends readonly [infer S extends Shape, ...infer Rest] ? AllJoin<Axis, S, Rest> : Shape
type AllJoin<Axis extends number, S extends Shape, T, Out extends Shape = S> =
  T extends readonly [infer R extends Shape, ...infer Rest]
    ? Fits<R, Open<S, Axis>> extends true ? AllJoin<Axis, S, Rest, Open<S, Axis>>
      : `concatenate needs branches that differ along axis ${Axis} only, found ${Show<S>} and ${Show<R>}`
    : Out

/** Results one after the other along an axis. */
export interface ConcatenateMerge<Axis extends number> extends Merge {
  readonly output?: Joined<Axis, this['input']>
}

/**
 * Results one after the other along an axis, counted with the batch as axis 0 (the last unless told); the other sizes must agree.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { concatenate, dense, parallel } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * const both = parallel([dense(3), dense(5)], concatenate())
 * F.pipe(sequential([4], both), E.map((m) => m.output)) // => E.right([8])
 * ```
 */
export const concatenate = <const Axis extends number = -1>(axis?: Axis): ConcatenateMerge<Axis> => {
  const along: number = axis ?? -1
  return {
    spec: spec('concatenate', { axis: along }),
    check: ([first, ...rest]) => {
      const rank = first.length + 1
      const at = (along < 0 ? along + rank : along) - 1
      const other = rest.find((s) => s.length !== first.length || s.some((d, a) => a !== at && d !== first[a]))
      return !Number.isInteger(at) || at < 0 || at >= first.length
        ? `concatenate needs branches with the axis ${along} (axis 0 is the batch), found ${showShape(first)}`
        : other === undefined ? undefined
        : `concatenate needs branches that differ along axis ${along} only, found ${showShape(first)} and ${showShape(other)}`
    },
    of: (ys) => concat(ys, along)
  }
}
