/** Polynomial decay, linear unless told. */
import { count, nonNegative, positive } from '../part/checks.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `polynomial`. */
export interface PolynomialOptions {
  /** After how many steps the end is reached. */
  readonly decaySteps: number
  /** The value that stays from then on; 0 unless told (Keras's default is 1e-4). */
  readonly end?: number
  /** The exponent, > 0; 1 unless told. */
  readonly power?: number
}

/**
 * at(t) = (initial − end)·(1 − min(t, decaySteps)/decaySteps)^power + end (Keras's PolynomialDecay without cycles).
 * Errors: initial or end < 0, decaySteps no whole number ≥ 1, power ≤ 0, or any not finite. Laws: `scheduleLaws`, `decreasingLaws`.
 * @example
 * ```ts
 * import { polynomial } from 'tikhonov/schedules'
 * const linear = polynomial(1, { decaySteps: 4, end: 0.5 })
 * const values = [0, 2, 4, 100].map(linear.at)
 * values // => [1, 0.75, 0.5, 0.5]
 * ```
 */
export const polynomial = (initial: number, { decaySteps, end = 0, power = 1 }: PolynomialOptions): Schedule =>
  schedule(
    'polynomial', { initial, decaySteps, end, power },
    (step) => (initial - end) * (1 - Math.min(step, decaySteps) / decaySteps) ** power + end,
    [...nonNegative('initial', initial), ...count('decaySteps', decaySteps), ...nonNegative('end', end), ...positive('power', power)]
  )
