/** Gaussian noise. */
import { add, mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import type { SameRule } from '../layer/rule.js'
import { nonNegative } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { trainingOnly } from './trainingOnly.js'

/**
 * Additive noise: y = x + stddev·ε, ε ~ N(0, 1) for each element of each example; y = x in inference.
 *
 * `stddev` ≥ 0 is in the units of x and may be of any size (Keras refuses more than 1); at 0 it is the identity and nothing is drawn.
 * On the inputs of a linear regression it is, in expectation, ridge with λ = stddev² on the mean squared error. Errors: a negative
 * or infinite stddev. Bishop 1995. Laws: `noiseLaws`.
 * @example
 * ```ts
 * import { gaussianNoise } from 'tikhonov/dropout'
 * gaussianNoise(2.5).spec // => { kind: 'gaussianNoise', options: { stddev: 2.5 } }
 * ```
 */
export const gaussianNoise = (stddev: Scalar): Layer<SameRule> =>
  trainingOnly({
    spec: spec('gaussianNoise', { stddev }),
    level: stddev,
    issues: nonNegative('stddev', stddev),
    perturb: (draws, x) => add(x, mul(stddev, draws.normal('noise', x.shape)))
  })
