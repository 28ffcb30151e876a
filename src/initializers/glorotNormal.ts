/** Glorot's normal initializer. */
import type { Initializer } from './initializer.js'
import { scaledNormal } from './varianceScaling.js'

/**
 * Normal within two standard deviations, of variance 2/(fanIn + fanOut). Glorot & Bengio 2010.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { glorotNormal } from 'tikhonov/initializers'
 * glorotNormal.spec.kind // => 'glorotNormal'
 * ```
 */
export const glorotNormal: Initializer = scaledNormal('glorotNormal', ({ fanIn, fanOut }) => 2 / (fanIn + fanOut))
