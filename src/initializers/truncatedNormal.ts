/** Normal first values without tails. */
import { add, mul } from '../expr/arithmetic.js'
import { finite, nonNegative } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { draws } from '../random/draws.js'
import type { Initializer } from './initializer.js'
import type { NormalOptions } from './randomNormal.js'

/**
 * N(mean, stddev²) kept within two standard deviations of the mean, whatever the shape. `stddev` is that of the normal before its tails are
 * cut (as in Keras): what is left has .8796… of it. Defaults: mean 0, stddev .05. Errors: a stddev below 0, numbers that are not finite.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { truncatedNormal } from 'tikhonov/initializers'
 * truncatedNormal({ stddev: 0.1 }).spec // => { kind: 'truncatedNormal', options: { mean: 0, stddev: 0.1 } }
 * ```
 */
export const truncatedNormal = ({ mean = 0, stddev = 0.05 }: NormalOptions = {}): Initializer => ({
  _tag: 'Initializer',
  spec: spec('truncatedNormal', { mean, stddev }),
  issues: [...finite('mean', mean), ...nonNegative('stddev', stddev)],
  initial: (shape) => (path) => add(mean, mul(stddev, draws('initial', path).truncatedNormal('truncatedNormal', shape)))
})
