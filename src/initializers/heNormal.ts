/** He's normal initializer. */
import type { Initializer } from './initializer.js'
import { scaledNormal } from './varianceScaling.js'

/**
 * Normal within two standard deviations, of variance 2/fanIn: for relu. He, Zhang, Ren & Sun 2015.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { heNormal } from 'tikhonov/initializers'
 * heNormal.spec.kind // => 'heNormal'
 * ```
 */
export const heNormal: Initializer = scaledNormal('heNormal', ({ fanIn }) => 2 / fanIn)
