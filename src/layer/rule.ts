/** Shape rules: what a layer asks of its input and makes of it, as a type (for the compiler) and as a value (for run time). */
import { showShape, type Shape } from '../expr/shape.js'

/**
 * A function from shapes to shapes at the type level, with its run-time check.
 *
 * A rule is an interface over `this['input']`: `output` is the shape that comes out, or a sentence (a string literal) that says what is
 * needed. The sentence becomes the compile error at the offending argument of `sequential`. `input` and `output` exist in types only (they
 * are optional and never set), so the value of a rule is `{ check }`. `check` returns the same sentence, or `undefined` where the input
 * fits; the output shape at run time is inferred by the expression that the layer builds.
 *
 * @example
 * ```ts
 * import { ofRank, type Given, type ShapeRule, type SizeAt } from 'tikhonov/layer'
 * const needs = 'channelMean needs an input of rank 3 [height, width, channels]'
 * interface ChannelMeanRule extends ShapeRule {
 *   readonly output?: Given<this['input'], readonly [number, number, number], readonly [SizeAt<this['input'], 2>], typeof needs>
 * }
 * const channelMeanRule: ChannelMeanRule = { check: ofRank(3, needs) }
 * channelMeanRule.check([28, 28]) // => 'channelMean needs an input of rank 3 [height, width, channels], found [28, 28]'
 * channelMeanRule.check([28, 28, 3]) // => undefined
 * ```
 */
export interface ShapeRule {
  /** In types only: the shape that the rule is applied to. */
  readonly input?: unknown
  /** In types only: a shape written over `this['input']`, or a sentence that says what is needed. */
  readonly output?: unknown
  /** Why an input shape does not fit, or `undefined`. */
  readonly check: (input: Shape) => string | undefined
}

/** What rule R makes of shape S: a shape, or the sentence that says why S does not fit; `Shape` for a rule that is not known statically. */
export type Apply<R extends ShapeRule, S extends Shape> =
  S extends unknown ? Exclude<(R & { readonly input: S })['output'], undefined> extends infer O extends Shape | string ? O : Shape : never

/**
 * The output of a rule that asks for a pattern: `Out` where S fits `Pattern`, else `${Needs}, found ${S}`. In a pattern `number` is any
 * size and `Shape` any rank; what is not known of S (a size, the rank) fits and is left to the run-time check.
 */
export type Given<S, Pattern extends Shape, Out, Needs extends string> =
  S extends Shape ? Fits<S, Pattern> extends true ? Out : Misfit<Needs, S> : Unapplied<Out>

/** Whether S can have the shape `Pattern`: false only where what is known of the two contradicts. */
export type Fits<S extends Shape, Pattern extends Shape> =
  Pattern extends readonly [infer N, ...infer Others extends Shape]
    ? S extends readonly [infer M, ...infer Rest extends Shape]
      ? [M & N] extends [never] ? false : Fits<Rest, Others>
      : number extends S['length'] ? true : false
    : number extends Pattern['length'] | S['length'] ? true : S extends readonly [] ? true : false

/** The sentence of a misfit: `Misfit<'conv2d needs rank 3', readonly [60]>` is `'conv2d needs rank 3, found [60]'`. */
export type Misfit<Needs extends string, S> = `${Needs}, found ${Show<S>}`

/** A shape as text, `[28, 28, number]`. */
export type Show<S> =
  S extends readonly [] ? '[]' : S extends readonly [infer N, ...infer Rest] ? `[${ShowSizes<Rest, ShowSize<N>>}]` : '[…]'

type ShowSizes<S, Text extends string> = S extends readonly [infer N, ...infer Rest] ? ShowSizes<Rest, `${Text}, ${ShowSize<N>}`> : Text
type ShowSize<N> = N extends number ? number extends N ? 'number' : `${N}` : '?'

/** The size of one axis where S has it, `number` where it is not known. */
export type SizeAt<S, Axis extends number> = S extends readonly unknown[] ? S[Axis] extends infer N extends number ? N : number : number

/** S with its last size replaced by U. */
export type ReplaceLast<S, U extends number> =
  S extends readonly [...infer Head extends Shape, number] ? readonly [...Head, U] : readonly [...Shape, U]

/**
 * The output of a rule that was not applied to a shape. It is invariant, so that TypeScript does not merge two rules that differ, as it
 * does with a subtype in `condition ? flatten : relu`.
 */
export type Unapplied<Out> = (out: Out) => Out

/**
 * A check for an exact rank.
 * @example
 * ```ts
 * import { ofRank } from 'tikhonov/layer'
 * const check = ofRank(2, 'lstm needs rank 2')
 * check([10, 8]) // => undefined
 * check([8]) // => 'lstm needs rank 2, found [8]'
 * ```
 */
export const ofRank = (rank: number, needs: string) => (s: Shape): string | undefined => s.length === rank ? undefined : misfit(needs, s)

/**
 * A check for a smallest rank.
 * @example
 * ```ts
 * import { ofRankAtLeast } from 'tikhonov/layer'
 * ofRankAtLeast(1, 'dense needs rank 1 or more')([]) // => 'dense needs rank 1 or more, found []'
 * ```
 */
export const ofRankAtLeast = (rank: number, needs: string) => (s: Shape): string | undefined =>
  s.length >= rank ? undefined : misfit(needs, s)

/** A check for one shape. */
const exactly = (shape: Shape, needs: string) => (s: Shape): string | undefined =>
  s.length === shape.length && s.every((size, axis) => size === shape[axis]) ? undefined : misfit(needs, s)

/**
 * The sentence of a misfit, worded as the type `Misfit` is.
 * @example
 * ```ts
 * import { misfit } from 'tikhonov/layer'
 * misfit('conv2d needs rank 3', [60]) // => 'conv2d needs rank 3, found [60]'
 * ```
 */
export const misfit = (needs: string, found: Shape): string => `${needs}, found ${showShape(found)}`

/** The output has the shape of the input, whatever it is: activations, dropout, noise. */
export interface SameRule extends ShapeRule {
  readonly output?: this['input'] extends Shape ? this['input'] : Unapplied<Shape>
}
/**
 * The rule of layers that keep the shape.
 * @example
 * ```ts
 * import { same } from 'tikhonov/layer'
 * same.check([28, 28, 3]) // => undefined
 * ```
 */
export const same: SameRule = { check: () => undefined }

/** An input of shape I is made into O: the rule of a whole model. */
export interface ModelRule<I extends Shape, O extends Shape> extends ShapeRule {
  readonly output?: Given<this['input'], I, O, `the model needs an input of shape ${Show<I>}`>
}
/** The run-time check of `ModelRule`: a model takes exactly the shape it was built for. */
export const modelRule = <I extends Shape, O extends Shape>(input: I): ModelRule<I, O> => ({
  check: exactly(input, `the model needs an input of shape ${showShape(input)}`)
})

/** What is known of a shape from two sides: literal sizes of either win. */
export type Known<S, T extends Shape> =
  S extends Shape
    ? number extends S['length'] ? T
      : number extends T['length'] ? S
        : { readonly [K in keyof T]: K extends keyof S ? number extends S[K] ? T[K] : S[K] : T[K] }
    : T
