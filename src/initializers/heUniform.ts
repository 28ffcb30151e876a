/** He's uniform initializer. */
import type { Initializer } from './initializer.js'
import { scaledUniform } from './varianceScaling.js'

/**
 * U(−a, a) with a = √(6/fanIn), of variance 2/fanIn: for relu. He, Zhang, Ren & Sun 2015.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { heUniform } from 'tikhonov/initializers'
 * heUniform.spec.kind // => 'heUniform'
 * ```
 */
export const heUniform: Initializer = scaledUniform('heUniform', ({ fanIn }) => 2 / fanIn)
