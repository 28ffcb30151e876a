/** Spatial dropout. */
import type { Scalar } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import { ofRank, type Given, type ShapeRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'
import { dropoutWith } from './dropout.js'
import { channelMask } from './noiseShape.js'
import { trainingOnly } from './trainingOnly.js'

const needs1d = 'spatialDropout1d needs an input of rank 2 [time, channels]'
const needs2d = 'spatialDropout2d needs an input of rank 3 [height, width, channels]'
const needs3d = 'spatialDropout3d needs an input of rank 4 [depth, height, width, channels]'

/** [time, channels] stays as it is. */
export interface SpatialDropout1dRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], this['input'], typeof needs1d>
}
/** [height, width, channels] stays as it is. */
export interface SpatialDropout2dRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number], this['input'], typeof needs2d>
}
/** [depth, height, width, channels] stays as it is. */
export interface SpatialDropout3dRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number, number, number], this['input'], typeof needs3d>
}

/** A layer that drops whole channels. */
type Spatial<R extends ShapeRule> = Layer<R> & Decided<'channel of an example', 'example'>

const spatial = <R extends ShapeRule>(kind: string, rule: R, rate: Scalar): Spatial<R> =>
  decided('channel of an example', 'example')(trainingOnly({
    spec: spec(kind, { rate }), level: rate, issues: rateCheck('rate', rate), rule,
    perturb: (draws, x) => dropoutWith(x, draws.bernoulli('mask', rate, channelMask(x.shape)), rate)
  }))

/**
 * Drops whole channels of a sequence: y[t, c] = x[t, c]·m[c]/(1 − rate), m ~ Bernoulli(1 − rate) for each channel of each example,
 * the same at every time; y = x in inference.
 *
 * For features that neighbours in time share, where dropping single values drops nothing. `rate` is the probability of DROPPING,
 * 0 ≤ rate < 1; at rate 0 it is the identity and nothing is drawn. Errors: a rate outside its range; an input that is not [time, channels].
 * Tompson, Goroshin, Jain, LeCun & Bregler 2015. Laws: `spatialDropoutLaws`.
 * @example
 * ```ts
 * import { spatialDropout1d } from 'tikhonov/dropout'
 * spatialDropout1d(0.2).rule.check([8]) // => 'spatialDropout1d needs an input of rank 2 [time, channels], found [8]'
 * ```
 */
export const spatialDropout1d = (rate: Scalar): Spatial<SpatialDropout1dRule> =>
  spatial<SpatialDropout1dRule>('spatialDropout1d', { check: ofRank(2, needs1d) }, rate)

/**
 * Drops whole channels of an image: y[i, j, c] = x[i, j, c]·m[c]/(1 − rate), m ~ Bernoulli(1 − rate) for each channel of each example, the
 * same at every place; y = x in inference. After convolutions, whose neighbours say nearly the same.
 *
 * `rate` is the probability of DROPPING, 0 ≤ rate < 1; at rate 0 it is the identity and nothing is drawn. Errors: a rate outside its
 * range; an input that is not [height, width, channels]. Tompson et al. 2015. Laws: `spatialDropoutLaws`.
 * @example
 * ```ts
 * import { spatialDropout2d } from 'tikhonov/dropout'
 * spatialDropout2d(0.2).decision // => { of: 'channel of an example', by: 'example' }
 * ```
 */
export const spatialDropout2d = (rate: Scalar): Spatial<SpatialDropout2dRule> =>
  spatial<SpatialDropout2dRule>('spatialDropout2d', { check: ofRank(3, needs2d) }, rate)

/**
 * Drops whole channels of a volume, as `spatialDropout2d` does of an image: [depth, height, width, channels].
 * Errors: a rate outside 0 ≤ rate < 1; an input of another rank. Tompson et al. 2015. Laws: `spatialDropoutLaws`.
 * @example
 * ```ts
 * import { spatialDropout3d } from 'tikhonov/dropout'
 * spatialDropout3d(0.2).spec // => { kind: 'spatialDropout3d', options: { rate: 0.2 } }
 * ```
 */
export const spatialDropout3d = (rate: Scalar): Spatial<SpatialDropout3dRule> =>
  spatial<SpatialDropout3dRule>('spatialDropout3d', { check: ofRank(4, needs3d) }, rate)
