/** Noise on gradients. */
import { add, mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { pow, sqrt } from '../expr/transcendental.js'
import { nonNegative } from '../part/checks.js'
import { joinPath, mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { draws } from '../random/draws.js'
import { slot } from './slot.js'
import { gradientTransform, unchanged, type GradientTransform } from './transform.js'

/** Options of `gradientNoise`. */
export interface GradientNoiseOptions {
  /** γ, how fast the noise goes; .55 unless told; 0 keeps it. */
  readonly gamma?: Scalar
}

/**
 * d ← d + ε, ε ~ N(0, variance/tᵞ) at the transformation's step t = 1, 2, …, for each weight by itself.
 *
 * The draws are addressed by the run's step and the parameter's path: a replay meets the same noise, another seed another. Defaults: a
 * variance of .3, γ = .55 (the paper's are .01, .3 or 1, and .55). Errors: variance or γ < 0. Neelakantan et al. 2015.
 * Laws: `gradientNoiseLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { before, clipByGlobalNorm, chain, gradientNoise, sgd } from 'tikhonov/optimizers'
 * const noisy = before(chain(clipByGlobalNorm(1), gradientNoise(0.01)), sgd(0.1))
 * noisy.transform.issues // => []
 * ```
 */
export const gradientNoise = (variance: Scalar = 0.3, { gamma = 0.55 }: GradientNoiseOptions = {}): GradientTransform =>
  gradientTransform(spec('gradientNoise', { variance, gamma }), (place) => (delta) => {
    const steps = slot(joinPath(place, 'steps'), [], (before) => add(before, 1))
    const deviation = sqrt(mul(variance, pow(steps.now, mul(-1, gamma))))
    return {
      delta: mapByPath(delta, (d, path) => add(d, mul(deviation, draws('perStep', joinPath(place, path)).normal('noise', d.shape)))),
      slots: steps.slots,
      pace: unchanged(delta)
    }
  }, [...nonNegative('variance', variance), ...nonNegative('gamma', gamma)])
