/** Uniform first values. */
import { add, mul } from '../expr/arithmetic.js'
import { finite } from '../part/checks.js'
import { issue } from '../part/issue.js'
import { spec } from '../part/spec.js'
import { draws } from '../random/draws.js'
import type { Initializer } from './initializer.js'

/** Options of `randomUniform`. */
export interface UniformOptions {
  /** −.05 unless told. */
  readonly min?: number
  /** At least `min`; .05 unless told. */
  readonly max?: number
}

/**
 * U(min, max), whatever the shape. Defaults: −.05 and .05. Errors: max below min, numbers that are not finite.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { randomUniform } from 'tikhonov/initializers'
 * randomUniform({ min: 0, max: 1 }).spec // => { kind: 'randomUniform', options: { min: 0, max: 1 } }
 * ```
 */
export const randomUniform = ({ min = -0.05, max = 0.05 }: UniformOptions = {}): Initializer => ({
  _tag: 'Initializer',
  spec: spec('randomUniform', { min, max }),
  issues: [
    ...finite('min', min), ...finite('max', max),
    ...(max < min ? [issue('max', String(max), `a number ≥ min, which is ${min}`)] : [])
  ],
  initial: (shape) => (path) => add(min, mul(max - min, draws('initial', path).uniform('randomUniform', shape)))
})
