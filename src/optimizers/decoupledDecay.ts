/** Weight decay as a part of the step. */
import { mul, neg, sub } from '../expr/arithmetic.js'
import { exp, log1p } from '../expr/transcendental.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { decaying, type DecayOptions } from './addDecay.js'
import { onlyAt } from './masked.js'
import { gradientTransform, unchanged, type GradientTransform } from './transform.js'
import { chosen } from './where.js'

/**
 * d ← d − η·λ·w, for the end of a chain, where d is the step already: each step takes w to (1 − ηλ)·w whatever else moves it, momentum
 * included. That is the weight_decay of every Keras optimizer.
 *
 * Kernels decay, biases do not, unless told. Errors: λ < 0 or not finite; those of `where`. Loshchilov & Hutter 2019.
 * Laws: `transformLaws`; of optimizers made with it, `decayLaws`.
 * @example
 * ```ts
 * import { after, decoupledDecay, sgd } from 'tikhonov/optimizers'
 * after(decoupledDecay(0.01), sgd(0.1, { momentum: 0.9 })).spec.kind // => 'after'
 * ```
 */
export const decoupledDecay = (lambda: Scalar, { where = decaying }: DecayOptions = {}): GradientTransform =>
  gradientTransform(spec('decoupledDecay', { lambda, where: where.spec }), () => (delta, weights, learningRate) => {
    const decays = chosen(where, weights)
    return {
      delta: mapByPath(delta, (d, path) => (decays(path) ? sub(d, mul(learningRate, lambda, weights[path].value)) : d)),
      slots: {},
      pace: unchanged(delta),
      // (1 − ηλ)ᵐ while η may change: time passes by −log(1 − ηλ).
      idle: mapByPath(onlyAt(delta, decays), (_, path) => ({
        pass: neg(log1p(mul(-1, learningRate, lambda))),
        after: (elapsed) => ({ value: mul(weights[path].value, exp(neg(elapsed))) })
      })),
      issues: where.missing(Object.keys(weights))
    }
  }, nonNegative('lambda', lambda))
