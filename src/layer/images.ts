/** Layers that move a window over images [height, width, channels] or series [time, channels]: their shape rules and their windows. */
import { placesOf, reachOf, wholeWindow, type Padding, type WholeWindow } from '../expr/window.js'
import { showShape, type Shape } from '../expr/shape.js'
import { count } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { misfit, ofRank, type Given, type ShapeRule, type SizeAt } from './rule.js'

/** One number for both axes of an image, or one for each: [height, width]. */
export type Pair = number | readonly [number, number]

/** What a layer of kind K says of an input that is no series. */
export type SeriesNeeds<K extends string> = `${K} needs an input of rank 2 [time, channels]`
/** What a layer of kind K says of an input that is no image. */
export type ImageNeeds<K extends string> = `${K} needs an input of rank 3 [height, width, channels]`

/** [time, channels] → [places, F]. */
export interface SeriesRule<K extends string, F extends number> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], readonly [number, F], SeriesNeeds<K>>
}

/** [height, width, channels] → [rows, columns, F]. */
export interface ImageRule<K extends string, F extends number> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number], readonly [number, number, F], ImageNeeds<K>>
}

/** [time, channels] → [places, channels]. */
export interface PooledSeriesRule<K extends string> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], readonly [number, SizeAt<this['input'], 1>], SeriesNeeds<K>>
}

/** [height, width, channels] → [rows, columns, channels]. */
export interface PooledImageRule<K extends string> extends ShapeRule {
  readonly output?: Given<
    this['input'], readonly [number, number, number], readonly [number, number, SizeAt<this['input'], 2>], ImageNeeds<K>
  >
}

/** [time, channels] → [channels]. */
export interface SeriesToVectorRule<K extends string> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], readonly [SizeAt<this['input'], 1>], SeriesNeeds<K>>
}

/** [height, width, channels] → [channels]. */
export interface ImageToVectorRule<K extends string> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number], readonly [SizeAt<this['input'], 2>], ImageNeeds<K>>
}

/** The sentence for a wrong rank, worded as the types are. */
const needs = (kind: string, axes: number): string =>
  axes === 1 ? `${kind} needs an input of rank 2 [time, channels]` : `${kind} needs an input of rank 3 [height, width, channels]`

/** The check that an input has `axes` axes of space, no size of them 0. */
export const imageCheck = (kind: string, axes: number) => (s: Shape): string | undefined =>
  ofRank(axes + 1, needs(kind, axes))(s) ?? (s.slice(0, -1).every((d) => d >= 1) ? undefined : misfit(`${kind} needs sizes ≥ 1`, s))

/** A window over so many axes of space, and what is wrong with the options that it was made of. */
export interface MovingWindow { readonly axes: number; readonly window: WholeWindow; readonly issues: readonly Issue[] }

/** The check that an input has the right rank and room for the window, so that no size of the output is 0. */
export const windowCheck = (kind: string, { axes, window, issues }: MovingWindow) => (s: Shape): string | undefined =>
  imageCheck(kind, axes)(s) ??
  (issues.length > 0 || placesOf(s.slice(0, -1), window).every((p) => p >= 1) ? undefined
    : misfit(`${kind} with padding 'valid' needs at least ${showShape(reachOf(window))} of space`, s))

/** One number for each axis. */
export const perAxis = (axes: number, given: number | readonly number[]): readonly number[] =>
  typeof given === 'number' ? Array.from({ length: axes }, () => given) : given

/** Numbers for each axis, each a whole number ≥ 1. */
const counts = (axes: number, name: string, given: number | readonly number[]): readonly Issue[] =>
  typeof given === 'number' ? count(name, given)
  : given.length !== axes ? [issue(name, showShape(given), `a number, or ${axes} of them`)]
  : given.flatMap((n, a) => count(`${name}/${a}`, n))

/** What a window is made of, by the names that users know: the path of an issue is the name of its option. */
export interface WindowOptions {
  readonly strides?: number | readonly number[] | undefined
  readonly dilationRate?: number | readonly number[] | undefined
  readonly padding?: Padding | undefined
}

/** What a layer takes where it is not told, and the paddings that it knows (`valid` and `same`, unless told). */
export interface WindowDefaults {
  readonly strides?: number | readonly number[]
  readonly paddings?: readonly Padding[]
}

/** The window of a size, which comes with the name of its option. Strides and dilation are 1, padding `valid`, unless told. */
export const movingWindow = (
  axes: number,
  [name, size]: readonly [string, number | readonly number[]],
  { strides, dilationRate = 1, padding = 'valid' }: WindowOptions,
  { strides: step = 1, paddings = ['valid', 'same'] }: WindowDefaults = {}
): MovingWindow => ({
  axes,
  window: wholeWindow({
    size: perAxis(axes, size), strides: perAxis(axes, strides ?? step), dilation: perAxis(axes, dilationRate), padding
  }),
  issues: [
    ...counts(axes, name, size), ...counts(axes, 'strides', strides ?? 1), ...counts(axes, 'dilationRate', dilationRate),
    ...(paddings.includes(padding) ? [] : [issue('padding', `'${padding}'`, paddings.map((p) => `'${p}'`).join(', '))])
  ]
})

/** Options of a pooling; names are Keras's. `Sizes` is a number, or a number for each axis. */
export interface PoolingOptions<Sizes> {
  /** How far the window moves; its own size unless told. */
  readonly strides?: Sizes
  /** `valid` unless told. */
  readonly padding?: 'valid' | 'same'
}
