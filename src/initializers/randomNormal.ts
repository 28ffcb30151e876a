/** Normal first values. */
import { add, mul } from '../expr/arithmetic.js'
import { finite, nonNegative } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { draws } from '../random/draws.js'
import type { Initializer } from './initializer.js'

/** Options of normal initializers. */
export interface NormalOptions {
  /** 0 unless told. */
  readonly mean?: number
  /** Standard deviation ≥ 0; .05 unless told. */
  readonly stddev?: number
}

/**
 * N(mean, stddev²), whatever the shape. Defaults: mean 0, stddev .05. Errors: a stddev below 0, numbers that are not finite.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { randomNormal } from 'tikhonov/initializers'
 * randomNormal({ stddev: 0.1 }).spec // => { kind: 'randomNormal', options: { mean: 0, stddev: 0.1 } }
 * ```
 */
export const randomNormal = ({ mean = 0, stddev = 0.05 }: NormalOptions = {}): Initializer => ({
  _tag: 'Initializer',
  spec: spec('randomNormal', { mean, stddev }),
  issues: [...finite('mean', mean), ...nonNegative('stddev', stddev)],
  initial: (shape) => (path) => add(mean, mul(stddev, draws('initial', path).normal('randomNormal', shape)))
})
