/** How sparse a parameter is. */
import { sum } from '../expr/broadcast.js'
import { equal } from '../expr/compare.js'
import { probe, type Probe } from './probe.js'

/**
 * How many weights are exactly 0 after the step, of each parameter.
 * @example
 * ```ts
 * import { zeros } from 'tikhonov/probes'
 * zeros.spec.kind // => 'zeros'
 * ```
 */
export const zeros: Probe = /* #__PURE__ */ probe('zeros', {}, ({ next }) => sum(equal(next, 0)))
