/** Max-pooling dropout. */
import { add, mul, sub } from '../expr/arithmetic.js'
import { broadcast, sum } from '../expr/broadcast.js'
import { equal, greater, select } from '../expr/compare.js'
import { constant } from '../expr/leaf.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { patches } from '../expr/patches.js'
import { maxPool, type PoolWindow } from '../expr/pool.js'
import { reshape } from '../expr/reshape.js'
import { sizeOf } from '../expr/shape.js'
import { pow } from '../expr/transcendental.js'
import { wholeWindow, type Padding, type WholeWindow } from '../expr/window.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type Pair, type PooledImageRule, type PooledSeriesRule } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import type { ShapeRule } from '../layer/rule.js'
import type { Mode } from '../layer/scope.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'

/** Options of `maxPoolingDropout1d` (S a number) and `maxPoolingDropout2d` (S a number, or one for each axis); names are Keras's. */
export interface MaxPoolingDropoutOptions<S extends Pair> {
  /** The size of a region, 2 unless told. */
  readonly poolSize?: S
  /** How far a region moves: its own size unless told. */
  readonly strides?: S
  /** `valid` unless told. */
  readonly padding?: Padding
}

/** Less than any activation: what takes no part in a region's maximum. */
const absent = -3e38

/**
 * The largest value that is kept in each region, 0 where none is, for a given mask: what max-pooling dropout does in training with the
 * mask that it draws.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { maxPoolKept } from 'tikhonov/dropout'
 * const [x, keep] = [constant([3, 7, 5, 2], [1, 4, 1]), constant([1, 0, 0, 0], [1, 4, 1])]
 * evaluate(maxPoolKept(x, keep, { size: [2], strides: [2] })) // => [3, 0]
 * ```
 */
export const maxPoolKept = (x: Expr, keep: Expr, window: PoolWindow): Expr =>
  select(maxPool(keep, window), maxPool(select(keep, x, absent), window), 0)

/** The cells of each region one after the other, [n, …places, cells, channels]. */
const regions = (x: Expr, window: WholeWindow): Expr => {
  const p = patches(x, window)
  const axes = window.size.length
  return isInvalid(p) ? p : reshape(p, [...p.shape.slice(0, 1 + axes), sizeOf(window.size), ...p.shape.slice(-1)])
}

/** x with an axis of size 1 put in before one counted from the end. */
const widened = (x: Expr, fromEnd: number): Expr =>
  reshape(x, [...x.shape.slice(0, x.shape.length - fromEnd), 1, ...x.shape.slice(x.shape.length - fromEnd)])

/** How many cells of its region come before each: those that are larger, and of equal ones those with a lower number. */
const ranks = (cells: Expr): Expr => {
  const k = cells.shape[cells.shape.length - 2]
  const [own, other] = [widened(cells, 1), widened(cells, 2)]
  const earlier = constant(Array.from({ length: k * k }, (_, i) => (i % k < Math.floor(i / k) ? 1 : 0)), [k, k, 1])
  return sum(add(greater(other, own), mul(equal(other, own), earlier)), [own.shape.length - 2])
}

/**
 * Σ (1 − rate)·rateʳ·x over each region, r the number of its values that are larger: the mean of `maxPoolKept` over all masks, which is
 * what max-pooling dropout does in inference.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { maxPoolExpected } from 'tikhonov/dropout'
 * evaluate(maxPoolExpected(constant([3, 7], [1, 2, 1]), { size: [2], strides: [2] }, 0.5)) // => [4.25]
 * ```
 */
export const maxPoolExpected = (x: Expr, pool: PoolWindow, rate: Scalar): Expr => {
  const window = wholeWindow(pool)
  const cells = regions(x, window)
  if (isInvalid(cells)) return cells
  const inside = regions(broadcast(1, x.shape), window)
  const weight = mul(inside, sub(1, rate), pow(rate, ranks(select(inside, cells, absent))))
  return sum(mul(cells, weight), [cells.shape.length - 2])
}

type Pooling<R extends ShapeRule> = Layer<R> & Decided<'element of an example', 'example'>

const pooling = (kind: string, axes: number, rate: Scalar, options: MaxPoolingDropoutOptions<Pair>) => {
  const { poolSize = 2, strides = poolSize, padding = 'valid' } = options
  const moving = movingWindow(axes, ['poolSize', poolSize], { strides, padding })
  const { size, strides: steps } = moving.window
  const window: PoolWindow = { size, strides: steps, padding }
  const pooled = (x: Expr, mode: Mode): Expr =>
    rate === 0 || isInvalid(x) ? maxPool(x, window)
    : mode._tag === 'Infer' ? maxPoolExpected(x, window, rate)
    : maxPoolKept(x, mode.random.perExample.bernoulli('mask', rate, x.shape), window)
  return {
    spec: spec(kind, { rate, poolSize: size, strides: steps, padding }),
    check: windowCheck(kind, moving),
    issues: [...rateCheck('rate', rate), ...moving.issues],
    pooled
  }
}

/**
 * Max pooling of what is kept: in training the largest of the values of a region that are kept, each with probability 1 − rate, and 0
 * where none is; in inference the mean of that, Σ (1 − rate)·rateʳ·x over the region with r the number of larger values in it.
 *
 * [time, channels] → [places, channels]. One decision for each value of an example, drawn before the pooling, so that regions that
 * overlap share it; addressed by the example. For activations ≥ 0 this is dropout (which does not rescale) before max pooling; a negative
 * value that is dropped takes no part either. At rate 0 it is max pooling. Inference ranks the k values of a region: k² comparisons each.
 * Errors: a rate outside 0 ≤ rate < 1; poolSize or strides not whole numbers ≥ 1; an input that is not [time, channels] or too short.
 * Wu & Gu 2015. Laws: `maxPoolingDropoutLaws`.
 * @example
 * ```ts
 * import { maxPoolingDropout1d } from 'tikhonov/dropout'
 * maxPoolingDropout1d(0.2).decision // => { of: 'element of an example', by: 'example' }
 * ```
 */
export const maxPoolingDropout1d = (
  rate: Scalar, options: MaxPoolingDropoutOptions<number> = {}
): Pooling<PooledSeriesRule<'maxPoolingDropout1d'>> => {
  const { spec: about, check, issues, pooled } = pooling('maxPoolingDropout1d', 1, rate, options)
  const rule: PooledSeriesRule<'maxPoolingDropout1d'> = { check }
  return decided('element of an example', 'example')(layer({ spec: about, rule, issues, apply: (_, { mode }) => (x) => pooled(x, mode) }))
}

/**
 * Max pooling of what is kept, as `maxPoolingDropout1d`, of images: [height, width, channels] → [rows, columns, channels].
 * Errors and laws are the same. Wu & Gu 2015.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { maxPoolingDropout2d } from 'tikhonov/dropout'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([28, 28, 8], maxPoolingDropout2d(0.2, { poolSize: [2, 4] })), E.map((m) => m.output)) // => E.right([14, 7, 8])
 * ```
 */
export const maxPoolingDropout2d = (
  rate: Scalar, options: MaxPoolingDropoutOptions<Pair> = {}
): Pooling<PooledImageRule<'maxPoolingDropout2d'>> => {
  const { spec: about, check, issues, pooled } = pooling('maxPoolingDropout2d', 2, rate, options)
  const rule: PooledImageRule<'maxPoolingDropout2d'> = { check }
  return decided('element of an example', 'example')(layer({ spec: about, rule, issues, apply: (_, { mode }) => (x) => pooled(x, mode) }))
}
