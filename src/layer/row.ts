/** Shape rules in a row: the fold over a tuple of layers that `sequential`, `andThen` and layers that hold layers share. */
import type { Shape } from '../expr/shape.js'
import type { Apply, ModelRule, ShapeRule } from './rule.js'

/** The rule of a layer, or of a whole model. */
export type RuleOf<P> =
  P extends { readonly rule: infer R extends ShapeRule } ? R
    : P extends { readonly input: infer I extends Shape; readonly output?: infer O extends Shape } ? ModelRule<I, O>
      : ShapeRule

/** The shape after one part. After a misfit it is unknown, so that only the first of a row of consequences is reported. */
type After<S extends Shape, P> = Apply<RuleOf<P>, S> extends infer O extends Shape ? O : Shape

/** Why a part does not fit after S, or `never`. */
type Why<S extends Shape, P> = Extract<Apply<RuleOf<P>, S>, string>

/**
 * The shape after all parts: `OutputOf<readonly [60], [Layer<DenseRule<30>>, Layer<SameRule>]>` is `readonly [30]`.
 * An array of layers whose number is not known gives a shape whose rank is not known.
 */
export type OutputOf<S extends Shape, L extends readonly unknown[]> =
  L extends readonly [infer P, ...infer Rest] ? OutputOf<After<S, P>, Rest>
    : L extends readonly [] ? S
      : L extends readonly [...infer Init, infer P] ? After<OutputOf<Shape, Init>, P>
        : Shape

/** For each part why it does not fit where it stands, else `never`; one fold over the row. */
export type Misfits<S extends Shape, L extends readonly unknown[], Acc extends readonly unknown[] = []> =
  L extends readonly [infer P, ...infer Rest] ? Misfits<After<S, P>, Rest, [...Acc, Why<S, P>]> : Acc

/**
 * The row as it should be: a part that fits stands as it is; one that does not is replaced by the sentence that says what it needs, which
 * the compiler prints at that argument. Homomorphic in L, so that L is inferred from the arguments.
 */
export type Fitting<S extends Shape, L extends readonly unknown[]> = {
  [K in keyof L]: K extends keyof Misfits<S, L> ? [Misfits<S, L>[K]] extends [never] ? L[K] : Misfits<S, L>[K] : L[K]
}

/** What a row makes of S, as a rule's output for layers that hold layers: the shape after all parts, or why parts do not fit. */
export type RowOutput<S extends Shape, L extends readonly unknown[]> =
  [Misfits<S, L>[number]] extends [never] ? OutputOf<S, L> : Misfits<S, L>[number]
