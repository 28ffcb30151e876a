/** Exponential decay. */
import { count, nonNegative, positive } from '../part/checks.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `exponential`. */
export interface ExponentialOptions {
  /** In how many steps the value is multiplied by `decayRate` once. */
  readonly decaySteps: number
  /** The factor, > 0. */
  readonly decayRate: number
  /** Whether it is multiplied at the end of each `decaySteps` rather than all along; no unless told. */
  readonly staircase?: boolean
}

/**
 * at(t) = initial·decayRate^(t/decaySteps), with ⌊t/decaySteps⌋ as a staircase (Keras's ExponentialDecay).
 * Errors: initial < 0, decaySteps no whole number ≥ 1, decayRate ≤ 0, or any not finite. Laws: `scheduleLaws`, `decreasingLaws`.
 * @example
 * ```ts
 * import { exponential } from 'tikhonov/schedules'
 * const halving = exponential(0.8, { decaySteps: 10, decayRate: 0.25 })
 * const values = [0, 5, 10].map(halving.at)
 * values // => [0.8, 0.4, 0.2]
 * ```
 */
export const exponential = (initial: number, { decaySteps, decayRate, staircase = false }: ExponentialOptions): Schedule =>
  schedule(
    'exponential', { initial, decaySteps, decayRate, staircase },
    (step) => initial * decayRate ** (staircase ? Math.floor(step / decaySteps) : step / decaySteps),
    [...nonNegative('initial', initial), ...count('decaySteps', decaySteps), ...positive('decayRate', decayRate)]
  )
