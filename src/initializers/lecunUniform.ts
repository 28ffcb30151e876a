/** LeCun's uniform initializer. */
import type { Initializer } from './initializer.js'
import { scaledUniform } from './varianceScaling.js'

/**
 * U(−a, a) with a = √(3/fanIn), of variance 1/fanIn. LeCun, Bottou, Orr & Müller 1998.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { lecunUniform } from 'tikhonov/initializers'
 * lecunUniform.spec.kind // => 'lecunUniform'
 * ```
 */
export const lecunUniform: Initializer = scaledUniform('lecunUniform', ({ fanIn }) => 1 / fanIn)
