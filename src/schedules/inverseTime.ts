/** Inverse time decay: the schedule of stochastic approximation. */
import { count, nonNegative } from '../part/checks.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `inverseTime`. */
export interface InverseTimeOptions {
  /** The unit of time, in steps. */
  readonly decaySteps: number
  /** How much the denominator grows in a unit of time, ≥ 0. */
  readonly decayRate: number
  /** Whether time counts whole units only; no unless told. */
  readonly staircase?: boolean
}

/**
 * at(t) = initial/(1 + decayRate·t/decaySteps), with ⌊t/decaySteps⌋ as a staircase (Keras's InverseTimeDecay). Σ at(t) diverges and
 * Σ at(t)² does not, as Robbins & Monro 1951 ask.
 * Errors: initial < 0, decaySteps no whole number ≥ 1, decayRate < 0, or any not finite. Laws: `scheduleLaws`, `decreasingLaws`.
 * @example
 * ```ts
 * import { inverseTime } from 'tikhonov/schedules'
 * inverseTime(1, { decaySteps: 2, decayRate: 1 }).at(6) // => 0.25
 * ```
 */
export const inverseTime = (initial: number, { decaySteps, decayRate, staircase = false }: InverseTimeOptions): Schedule =>
  schedule(
    'inverseTime', { initial, decaySteps, decayRate, staircase },
    (step) => initial / (1 + decayRate * (staircase ? Math.floor(step / decaySteps) : step / decaySteps)),
    [...nonNegative('initial', initial), ...count('decaySteps', decaySteps), ...nonNegative('decayRate', decayRate)]
  )
