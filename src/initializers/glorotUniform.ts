/** Glorot's uniform initializer. */
import type { Initializer } from './initializer.js'
import { scaledUniform } from './varianceScaling.js'

/**
 * U(−a, a) with a = √(6/(fanIn + fanOut)), of variance 2/(fanIn + fanOut): for tanh, sigmoid, softmax. The default of kernels.
 * Glorot & Bengio 2010.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { glorotUniform } from 'tikhonov/initializers'
 * glorotUniform.spec.kind // => 'glorotUniform'
 * ```
 */
export const glorotUniform: Initializer = scaledUniform('glorotUniform', ({ fanIn, fanOut }) => 2 / (fanIn + fanOut))
