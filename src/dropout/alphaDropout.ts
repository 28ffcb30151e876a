/** Alpha dropout. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { select } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import type { Layer } from '../layer/layer.js'
import type { SameRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { maskShape, noiseRule, noiseShapeIssues, type MaskOptions } from './noiseShape.js'
import { trainingOnly } from './trainingOnly.js'

/**
 * α′ = −λα of `selu`: its value far to the left, which dropped units take.
 * @example
 * ```ts
 * import { alphaPrime } from 'tikhonov/dropout'
 * import { seluAlpha, seluScale } from 'tikhonov/layers'
 * alphaPrime + seluScale * seluAlpha // => 0
 * ```
 */
export const alphaPrime = -1.7580993408473766

/**
 * a·(x where it is kept, else α′) + b for a given mask: what `alphaDropout` does with the mask that it draws.
 * @example
 * ```ts
 * import { alphaDropoutWith } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(alphaDropoutWith(constant([1, 1]), constant([1, 0]), 0.5)) // => [1.6656, -0.7792]
 * ```
 */
export const alphaDropoutWith = (x: Expr, keep: Expr, rate: Scalar): Expr => {
  const a = div(1, sqrt(mul(sub(1, rate), add(1, mul(rate, alphaPrime ** 2)))))
  const b = mul(a, rate, -alphaPrime)
  return add(mul(a, select(keep, x, alphaPrime)), b)
}

/**
 * Dropout for networks of `selu`: y = a·(x·m + α′·(1 − m)) + b, m ~ Bernoulli(1 − rate) for each element of each example, with
 * α′ = −1.7580993408473766, a = 1/√((1 − rate)(1 + rate·α′²)) and b = −a·rate·α′; y = x in inference.
 *
 * An input of mean 0 and variance 1 keeps both. `rate` is the probability of DROPPING, 0 ≤ rate < 1; at rate 0 it is the identity and
 * nothing is drawn. `noiseShape` (the shape of the example unless told) shares decisions along axes. Errors: a rate outside its range; a
 * noise shape that does not broadcast to the example. Klambauer, Unterthiner, Mayr & Hochreiter 2017. Laws: `alphaDropoutLaws`.
 * @example
 * ```ts
 * import { alphaDropout } from 'tikhonov/dropout'
 * alphaDropout(0.2).spec // => { kind: 'alphaDropout', options: { rate: 0.2 } }
 * ```
 */
export const alphaDropout = (rate: Scalar, { noiseShape }: MaskOptions = {}): Layer<SameRule> =>
  trainingOnly({
    spec: spec('alphaDropout', { rate, noiseShape }),
    level: rate,
    issues: [...rateCheck('rate', rate), ...noiseShapeIssues(noiseShape)],
    rule: noiseRule('alphaDropout', noiseShape),
    perturb: (draws, x) => alphaDropoutWith(x, draws.bernoulli('mask', rate, maskShape(x.shape, noiseShape)), rate)
  })
