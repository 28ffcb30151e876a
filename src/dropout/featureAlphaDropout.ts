/** Feature alpha dropout. */
import type { Scalar } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Layer } from '../layer/layer.js'
import { ofRankAtLeast, type Given, type ShapeRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { alphaDropoutWith } from './alphaDropout.js'
import { decided, type Decided } from './decided.js'
import { channelMask } from './noiseShape.js'
import { trainingOnly } from './trainingOnly.js'

const needs = 'featureAlphaDropout needs an input of rank 1 or more [..., channels]'

/** [..., channels] stays as it is. */
export interface FeatureAlphaDropoutRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, ...Shape], this['input'], typeof needs>
}

/**
 * Alpha dropout of whole channels: y[…, c] = a·(x[…, c]·m[c] + α′·(1 − m[c])) + b, m ~ Bernoulli(1 − rate) for each channel of each
 * example, the same at every place; α′, a and b as in `alphaDropout`; y = x in inference. An input of mean 0 and variance 1 keeps both.
 *
 * `rate` is the probability of DROPPING, 0 ≤ rate < 1; at rate 0 it is the identity and nothing is drawn. Errors: a rate outside its
 * range; an input of rank 0. Klambauer et al. 2017 with the channels of Tompson et al. 2015. Laws: `featureAlphaDropoutLaws`.
 * @example
 * ```ts
 * import { featureAlphaDropout } from 'tikhonov/dropout'
 * featureAlphaDropout(0.1).decision // => { of: 'channel of an example', by: 'example' }
 * ```
 */
export const featureAlphaDropout = (rate: Scalar): Layer<FeatureAlphaDropoutRule> & Decided<'channel of an example', 'example'> =>
  decided('channel of an example', 'example')(trainingOnly({
    spec: spec('featureAlphaDropout', { rate }), level: rate, issues: rateCheck('rate', rate), rule: featureAlphaDropoutRule,
    perturb: (draws, x) => alphaDropoutWith(x, draws.bernoulli('mask', rate, channelMask(x.shape)), rate)
  }))

const featureAlphaDropoutRule: FeatureAlphaDropoutRule = { check: ofRankAtLeast(1, needs) }
