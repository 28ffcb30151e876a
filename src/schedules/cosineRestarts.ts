/** Cosine decay with warm restarts. */
import { within, count, fraction, nonNegative, positive } from '../part/checks.js'
import { halfCosine } from './cosine.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `cosineRestarts`. */
export interface CosineRestartsOptions {
  /** How many steps the first period has. */
  readonly firstDecaySteps: number
  /** How many times longer each period is than the one before, ≥ 1; 2 unless told. */
  readonly tMul?: number
  /** How many times higher each period begins than the one before, > 0; 1 unless told. */
  readonly mMul?: number
  /** What is left at the end of a period, a fraction of its beginning; 0 unless told. */
  readonly alpha?: number
}

/** Which period holds the time x, counted in first periods that each last `tMul` times the one before, and how much of it has passed. */
const periodOf = (x: number, tMul: number): { readonly period: number; readonly passed: number } => {
  if (tMul === 1) return { period: Math.floor(x), passed: x - Math.floor(x) }
  const begins = (period: number): number => (tMul ** period - 1) / (tMul - 1)
  // A restart is met although powers and quotients are rounded: the next period has begun where x is at its beginning within 1e-12.
  const near = Math.round(Math.log1p(x * (tMul - 1)) / Math.log(tMul))
  const period = begins(near) <= x * (1 + 1e-12) ? near : near - 1
  return { period, passed: (x - begins(period)) / tMul ** period }
}

/**
 * Half a cosine from initial·mMulⁱ down to α of that, again and again: period i lasts firstDecaySteps·tMulⁱ steps (Keras's
 * CosineDecayRestarts). A restart falls on the first step after a period.
 * Errors: initial < 0, firstDecaySteps no whole number ≥ 1, tMul < 1, mMul ≤ 0, α outside [0, 1], or any not finite.
 * Loshchilov & Hutter 2017 (SGDR). Laws: `scheduleLaws`.
 * @example
 * ```ts
 * import { cosineRestarts } from 'tikhonov/schedules'
 * const decay = cosineRestarts(1, { firstDecaySteps: 10, mMul: 0.5 })
 * const values = [0, 5, 10, 20, 30].map(decay.at)
 * values // => [1, 0.5, 0.5, 0.25, 0.25]
 * ```
 */
export const cosineRestarts = (
  initial: number,
  { firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 }: CosineRestartsOptions
): Schedule =>
  schedule(
    'cosineRestarts', { initial, firstDecaySteps, tMul, mMul, alpha },
    (step) => {
      const { period, passed } = periodOf(step / firstDecaySteps, tMul)
      return initial * mMul ** period * halfCosine(passed, alpha)
    },
    [
      ...nonNegative('initial', initial), ...count('firstDecaySteps', firstDecaySteps),
      ...within({ min: 1, max: Infinity, open: 'max' })('tMul', tMul), ...positive('mMul', mMul), ...fraction('alpha', alpha)
    ]
  )
