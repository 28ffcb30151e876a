/** LeCun's normal initializer. */
import type { Initializer } from './initializer.js'
import { scaledNormal } from './varianceScaling.js'

/**
 * Normal within two standard deviations, of variance 1/fanIn: for selu. LeCun, Bottou, Orr & Müller 1998; Klambauer et al. 2017.
 * Laws: `initializerLaws`, `spreadLaws`.
 * @example
 * ```ts
 * import { lecunNormal } from 'tikhonov/initializers'
 * lecunNormal.spec.kind // => 'lecunNormal'
 * ```
 */
export const lecunNormal: Initializer = scaledNormal('lecunNormal', ({ fanIn }) => 1 / fanIn)
