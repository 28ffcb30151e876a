/** A linear warm-up before another schedule. */
import { count, nonNegative } from '../part/checks.js'
import { under } from '../part/issue.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `warmup`. */
export interface WarmupOptions {
  /** The value of the first step; 0 unless told, so that the first step moves nothing. */
  readonly from?: number
}

/**
 * A straight line from `from` to where `then` begins, and `then` from there on:
 * at(t) = from + (then(0) − from)·t/steps for t < steps, then(t − steps) after that (as in Keras's CosineDecay).
 * Errors: steps no whole number ≥ 1, from < 0 or not finite, and those of `then`. Goyal et al. 2017. Laws: `scheduleLaws`, `cornerLaws`.
 * @example
 * ```ts
 * import { cosine, warmup } from 'tikhonov/schedules'
 * const rate = warmup(10, cosine(0.5, { decaySteps: 100 }))
 * const values = [0, 5, 10, 60, 110].map(rate.at)
 * values // => [0, 0.25, 0.5, 0.25, 0]
 * ```
 */
export const warmup = (steps: number, then: Schedule, { from = 0 }: WarmupOptions = {}): Schedule =>
  schedule(
    'warmup', { steps, then: then.spec, from },
    (step) => (step < steps ? from + ((then.at(0) - from) * step) / steps : then.at(step - steps)),
    [...count('steps', steps), ...nonNegative('from', from), ...under('then', then.issues)]
  )
