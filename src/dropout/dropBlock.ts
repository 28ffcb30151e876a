/** DropBlock. */
import { div, mul, sub } from '../expr/arithmetic.js'
import { keepAxes, sum } from '../expr/broadcast.js'
import { max, min } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import { pad } from '../expr/view.js'
import type { Layer } from '../layer/layer.js'
import { misfit, type Given, type ShapeRule } from '../layer/rule.js'
import { count, rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { Draws } from '../random/draws.js'
import { decided, type Decided } from './decided.js'
import { trainingOnly } from './trainingOnly.js'

/** Options of `dropBlock1d` and `dropBlock2d`. */
export interface DropBlockOptions {
  /** The side of a block in places, 7 unless told; 1 drops single values, the whole side whole channels. */
  readonly blockSize?: number
}

const needs1d = 'dropBlock1d needs an input of rank 2 [time, channels]'
const needs2d = 'dropBlock2d needs an input of rank 3 [height, width, channels]'

/** [time, channels] stays as it is. */
export interface DropBlock1dRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], this['input'], typeof needs1d>
}
/** [height, width, channels] stays as it is. */
export interface DropBlock2dRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number], this['input'], typeof needs2d>
}

/** A layer that drops blocks. */
type Block<R extends ShapeRule> = Layer<R> & Decided<'block of a channel of an example', 'example'>

/**
 * γ, the probability that a block begins at a place where it fits: rate·Π dᵢ/(bᵈ·Π(dᵢ − b + 1)) for sides dᵢ, at most 1. A value then is
 * dropped with a probability near `rate`: a little less where blocks overlap, less at the edges, which fewer blocks reach.
 * @example
 * ```ts
 * import { dropBlockGamma } from 'tikhonov/dropout'
 * dropBlockGamma(0.1, 7, [28, 28]) // => 0.003305785123966942
 * ```
 */
export const dropBlockGamma = (rate: Scalar, blockSize: number, sides: Shape): Scalar => {
  const ratio = sizeOf(sides) / (blockSize ** sides.length * sizeOf(sides.map((d) => d - blockSize + 1)))
  return typeof rate === 'number' ? Math.min(rate * ratio, 1) : min(mul(rate, ratio), 1)
}

/** Where blocks that begin at `starts` are along an axis: a place is in one if one of the b places up to it begins one. */
const stretched = (starts: Expr, axis: number, blockSize: number): Expr => {
  const whole = starts.shape.map((d, a) => (a === axis ? d + blockSize - 1 : d))
  return Array.from({ length: blockSize }, (_, by) => pad(starts, starts.shape.map((__, a) => (a === axis ? by : 0)), whole))
    .reduce((a, b) => max(a, b))
}

/** The places that are kept, [batch, …sides, channels]. */
const keptPlaces = (draws: Draws, rate: Scalar, blockSize: number, [batch, ...example]: Shape): Expr => {
  const sides = example.slice(0, -1)
  const starts = [batch, ...sides.map((d) => d - blockSize + 1), ...example.slice(-1)]
  const begun = sub(1, draws.bernoulli('blocks', dropBlockGamma(rate, blockSize, sides), starts))
  return sub(1, sides.reduce((blocks, _, axis) => stretched(blocks, axis + 1, blockSize), begun))
}

/**
 * x·keep·n/Σkeep for a given mask, n the number of an example's values: what `dropBlock2d` does with the mask that it draws. Where nothing
 * is kept the result is 0.
 * @example
 * ```ts
 * import { dropBlockWith } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(dropBlockWith(constant([1, 2, 3, 4], [1, 4, 1]), constant([1, 0, 0, 1], [1, 4, 1]))) // => [2, 0, 0, 8]
 * ```
 */
export const dropBlockWith = (x: Expr, keep: Expr): Expr => {
  const axes = x.shape.map((_, axis) => axis).slice(1)
  const kept = keepAxes(sum(keep, axes), keep.shape, axes)
  return mul(x, keep, div(sizeOf(x.shape.slice(1)), max(kept, 1)))
}

const block = <R extends ShapeRule>(kind: string, rule: R, rate: Scalar, blockSize: number): Block<R> => {
  const sizeIssues = count('blockSize', blockSize)
  return decided('block of a channel of an example', 'example')(trainingOnly({
    spec: spec(kind, { rate, blockSize }), level: rate, issues: [...rateCheck('rate', rate), ...sizeIssues], rule,
    perturb: (draws, x) => (sizeIssues.length > 0 ? x : dropBlockWith(x, keptPlaces(draws, rate, blockSize, x.shape)))
  }))
}

/** A check that the rank is right and that a block fits. */
const roomFor = (kind: string, rank: number, needs: string, blockSize: number) => (s: Shape): string | undefined =>
  s.length !== rank ? misfit(needs, s)
  : s.slice(0, -1).some((d) => d < blockSize) ? misfit(`${kind} needs sides of at least the blockSize ${blockSize}`, s) : undefined

/**
 * Drops blocks of a sequence: y = x·M·n/ΣM, where M is 0 on blocks of b successive times of a channel that begin, wherever one fits,
 * with probability γ = rate/b · d/(d − b + 1); n values, of which ΣM are kept, for each example; y = x in inference.
 *
 * As `dropBlock2d` in one dimension: [time, channels]. Errors: a rate outside 0 ≤ rate < 1; a blockSize that is no whole number ≥ 1, or
 * greater than the length. Ghiasi, Lin & Le 2018. Laws: `dropBlockLaws`.
 * @example
 * ```ts
 * import { dropBlock1d } from 'tikhonov/dropout'
 * dropBlock1d(0.1, { blockSize: 3 }).rule.check([2, 8])
 * // => 'dropBlock1d needs sides of at least the blockSize 3, found [2, 8]'
 * ```
 */
export const dropBlock1d = (rate: Scalar, { blockSize = 7 }: DropBlockOptions = {}): Block<DropBlock1dRule> =>
  block<DropBlock1dRule>('dropBlock1d', { check: roomFor('dropBlock1d', 2, needs1d, blockSize) }, rate, blockSize)

/**
 * Drops square blocks of an image: y = x·M·n/ΣM, where M is 0 on blocks of b·b places of a channel that begin, wherever one fits, with
 * probability γ = rate/b² · h·w/((h − b + 1)(w − b + 1)); n values, of which ΣM are kept, for each example; y = x in inference.
 *
 * A decision, whether a block begins at a place, belongs to a channel of an example. `rate` is about the fraction that is DROPPED,
 * 0 ≤ rate < 1 (a little less, as blocks overlap); at rate 0 it is the identity and nothing is drawn. The paper raises it linearly over
 * the run: `hyper('rate', polynomial(…))` does. It counts what is kept over the batch; here each example is counted on its own, so that it
 * does not depend on the others. Errors: a rate outside its range; a blockSize that is no whole number ≥ 1, or greater than a side.
 * Ghiasi, Lin & Le 2018. Laws: `dropBlockLaws`.
 * @example
 * ```ts
 * import { dropBlock2d } from 'tikhonov/dropout'
 * dropBlock2d(0.1).spec // => { kind: 'dropBlock2d', options: { rate: 0.1, blockSize: 7 } }
 * ```
 */
export const dropBlock2d = (rate: Scalar, { blockSize = 7 }: DropBlockOptions = {}): Block<DropBlock2dRule> =>
  block<DropBlock2dRule>('dropBlock2d', { check: roomFor('dropBlock2d', 3, needs2d, blockSize) }, rate, blockSize)
