/** Dropout. */
import { div, mul, sub } from '../expr/arithmetic.js'
import type { Expr, Scalar } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import type { SameRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { maskShape, noiseRule, noiseShapeIssues, type MaskOptions } from './noiseShape.js'
import { trainingOnly } from './trainingOnly.js'

/**
 * x·keep/(1 − rate) for a given mask, 1 where a value is kept and 0 where it is dropped: what `dropout` does with the mask that it draws.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { dropoutWith } from 'tikhonov/dropout'
 * evaluate(dropoutWith(constant([1, 2, 3]), constant([1, 0, 1]), 0.5)) // => [2, 0, 6]
 * ```
 */
export const dropoutWith = (x: Expr, keep: Expr, rate: Scalar): Expr => mul(x, div(keep, sub(1, rate)))

/**
 * Inverted dropout: y = x·m/(1 − rate), m ~ Bernoulli(1 − rate) for each element of each example; y = x in inference.
 *
 * `rate` is the probability of DROPPING, 0 ≤ rate < 1 (in steps of 2⁻²⁴); at rate 0 it is the identity and nothing is drawn. A
 * `hyper` lets it vary from batch to batch. Masks are drawn for each example, by its position in the stream: they depend on nothing else.
 * `noiseShape` (the shape of the example unless told) shares decisions along axes. Errors: a rate outside its range; a noise shape that
 * does not broadcast to the example. Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014. Laws: `dropoutLaws`.
 * @example
 * ```ts
 * import { dropout } from 'tikhonov/dropout'
 * dropout(0.4).spec // => { kind: 'dropout', options: { rate: 0.4 } }
 * dropout(0.4, { noiseShape: [1, 1, 3] }).rule.check([8, 8, 4])
 * // => 'dropout with the noiseShape [1, 1, 3] needs an example that it broadcasts to, found [8, 8, 4]'
 * ```
 */
export const dropout = (rate: Scalar, { noiseShape }: MaskOptions = {}): Layer<SameRule> =>
  trainingOnly({
    spec: spec('dropout', { rate, noiseShape }),
    level: rate,
    issues: [...rateCheck('rate', rate), ...noiseShapeIssues(noiseShape)],
    rule: noiseRule('dropout', noiseShape),
    perturb: (draws, x) => dropoutWith(x, draws.bernoulli('mask', rate, maskShape(x.shape, noiseShape)), rate)
  })
