/** Gaussian dropout. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import type { Expr, Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import type { Layer } from '../layer/layer.js'
import type { SameRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { trainingOnly } from './trainingOnly.js'

/**
 * x·(1 + √(rate/(1 − rate))·noise) for given noise: what `gaussianDropout` does with the noise that it draws.
 * @example
 * ```ts
 * import { gaussianDropoutWith } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(gaussianDropoutWith(constant([1, 2]), constant([-1, 0.5]), 0.8)) // => [-1, 4]
 * ```
 */
export const gaussianDropoutWith = (x: Expr, noise: Expr, rate: Scalar): Expr => mul(x, add(1, mul(sqrt(div(rate, sub(1, rate))), noise)))

/**
 * Multiplicative noise: y = x·(1 + √(rate/(1 − rate))·ε), ε ~ N(0, 1) for each element of each example; y = x in inference.
 *
 * Its mean x and its variance x²·rate/(1 − rate) are those of `dropout` at the same rate, 0 ≤ rate < 1; at rate 0 it is the identity and
 * nothing is drawn. Errors: a rate outside its range. Wang & Manning 2013; Srivastava et al. 2014, §10. Laws: `noiseLaws`.
 * @example
 * ```ts
 * import { gaussianDropout } from 'tikhonov/dropout'
 * gaussianDropout(0.3).spec // => { kind: 'gaussianDropout', options: { rate: 0.3 } }
 * ```
 */
export const gaussianDropout = (rate: Scalar): Layer<SameRule> =>
  trainingOnly({
    spec: spec('gaussianDropout', { rate }),
    level: rate,
    issues: rateCheck('rate', rate),
    perturb: (draws, x) => gaussianDropoutWith(x, draws.normal('noise', x.shape), rate)
  })
