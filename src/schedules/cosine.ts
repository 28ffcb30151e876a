/** Cosine decay. */
import { count, fraction, nonNegative } from '../part/checks.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `cosine`. */
export interface CosineOptions {
  /** After how many steps the end is reached. */
  readonly decaySteps: number
  /** What is left of the initial value at the end, a fraction of it; 0 unless told. */
  readonly alpha?: number
}

/** From 1 at 0 to α at 1 along half a cosine: α + (1 − α)·½(1 + cos πx). */
export const halfCosine = (x: number, alpha: number): number => alpha + (1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * x))

/**
 * at(t) = initial·(α + (1 − α)·½(1 + cos(π·t/decaySteps))), and initial·α from decaySteps on (Keras's CosineDecay).
 * Errors: initial < 0, decaySteps no whole number ≥ 1, α outside [0, 1], or any not finite. Loshchilov & Hutter 2017 (SGDR).
 * Laws: `scheduleLaws`, `decreasingLaws`.
 * @example
 * ```ts
 * import { cosine } from 'tikhonov/schedules'
 * const decay = cosine(1, { decaySteps: 100, alpha: 0.2 })
 * const values = [0, 50, 100, 1000].map(decay.at)
 * values // => [1, 0.6, 0.2, 0.2]
 * ```
 */
export const cosine = (initial: number, { decaySteps, alpha = 0 }: CosineOptions): Schedule =>
  schedule(
    'cosine', { initial, decaySteps, alpha },
    (step) => initial * halfCosine(Math.min(step, decaySteps) / decaySteps, alpha),
    [...nonNegative('initial', initial), ...count('decaySteps', decaySteps), ...fraction('alpha', alpha)]
  )
