/** Constant first values. */
import { broadcast } from '../expr/broadcast.js'
import { finite } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { Initializer } from './initializer.js'

/**
 * The same number everywhere. Errors: a number that is not finite. Laws: `initializerLaws`.
 * @example
 * ```ts
 * import { evaluate } from 'tikhonov/expr'
 * import { constant } from 'tikhonov/initializers'
 * evaluate(constant(0.1).initial([2])('dense/0/bias')) // => [0.1, 0.1]
 * ```
 */
export const constant = (value: number): Initializer => ({
  _tag: 'Initializer',
  spec: spec('constant', { value }),
  issues: finite('value', value),
  initial: (shape) => () => broadcast(value, shape)
})

/**
 * 0 everywhere: the default of biases.
 * @example
 * ```ts
 * import { zeros } from 'tikhonov/initializers'
 * zeros.spec // => { kind: 'constant', options: { value: 0 } }
 * ```
 */
export const zeros: Initializer = constant(0)

/**
 * 1 everywhere: the default of scales.
 * @example
 * ```ts
 * import { ones } from 'tikhonov/initializers'
 * ones.spec // => { kind: 'constant', options: { value: 1 } }
 * ```
 */
export const ones: Initializer = constant(1)
