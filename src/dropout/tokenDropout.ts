/** Token dropout. */
import type { Scalar } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import { ofRank, type Given, type ShapeRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'
import { dropoutWith } from './dropout.js'
import { trainingOnly } from './trainingOnly.js'

const needs = 'tokenDropout needs an input of rank 2 [time, features]'

/** [time, features] stays as it is. */
export interface TokenDropoutRule extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], this['input'], typeof needs>
}

/**
 * Drops whole positions of a sequence: y[t, f] = x[t, f]·m[t]/(1 − rate), m ~ Bernoulli(1 − rate) for each position of each example;
 * y = x in inference. After an embedding it drops tokens: a word that occurs twice may be dropped at one place and kept at the other;
 * `wordDropout` drops it at both.
 *
 * `rate` is the probability of DROPPING, 0 ≤ rate < 1; at rate 0 it is the identity and nothing is drawn. Errors: a rate outside its
 * range; an input that is not [time, features]. Iyyer, Manjunatha, Boyd-Graber & Daumé 2015. Laws: `tokenDropoutLaws`.
 * @example
 * ```ts
 * import { tokenDropout } from 'tikhonov/dropout'
 * tokenDropout(0.1).decision // => { of: 'position of an example', by: 'example' }
 * ```
 */
export const tokenDropout = (rate: Scalar): Layer<TokenDropoutRule> & Decided<'position of an example', 'example'> =>
  decided('position of an example', 'example')(trainingOnly({
    spec: spec('tokenDropout', { rate }), level: rate, issues: rateCheck('rate', rate), rule: tokenDropoutRule,
    perturb: (draws, x) => dropoutWith(x, draws.bernoulli('mask', rate, [...x.shape.slice(0, -1), 1]), rate)
  }))

const tokenDropoutRule: TokenDropoutRule = { check: ofRank(2, needs) }
