/** How large a parameter is. */
import { l1Norm, l2Norm, lInfNorm } from '../regularizers/norms.js'
import { probe, type Probe } from './probe.js'

const norms = { l1: l1Norm, l2: l2Norm, lInf: lInfNorm } as const

/**
 * ‖w‖₁, ‖w‖₂ or ‖w‖∞ of each parameter after the step, reported as `l1Norm`, `l2Norm`, `lInfNorm`.
 * @example
 * ```ts
 * import { norm } from 'tikhonov/probes'
 * norm('l2').spec.kind // => 'l2Norm'
 * ```
 */
export const norm = (which: keyof typeof norms): Probe => probe(`${which}Norm`, {}, ({ next }) => norms[which](next))
