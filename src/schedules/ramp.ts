/** A straight line from one value to another: a penalty, a rate of dropout or noise that comes in late, or goes before the end. */
import { count, nonNegative } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { schedule, type Schedule } from './schedule.js'

/** Options of `ramp`, `annealIn` and `annealOut`. */
export interface RampOptions {
  /** How many steps the line takes. */
  readonly steps: number
  /** How many steps the first value stays before; 0 unless told. */
  readonly after?: number
}

const wait = (after: number): readonly Issue[] =>
  Number.isSafeInteger(after) && after >= 0 ? [] : [issue('after', String(after), 'a whole number ≥ 0')]

/**
 * at(t) = from + (to − from)·min(max((t − after)/steps, 0), 1).
 * Errors: from or to < 0 or not finite, steps no whole number ≥ 1, after none ≥ 0. Laws: `scheduleLaws`, `cornerLaws`.
 * @example
 * ```ts
 * import { ramp } from 'tikhonov/schedules'
 * const values = [0, 10, 15, 20, 1000].map(ramp(1, 3, { after: 10, steps: 10 }).at)
 * values // => [1, 1, 2, 3, 3]
 * ```
 */
export const ramp = (from: number, to: number, { steps, after = 0 }: RampOptions): Schedule =>
  schedule('ramp', { from, to, steps, after }, (step) => {
    const part = Math.min(Math.max((step - after) / steps, 0), 1)
    return from * (1 - part) + to * part
  }, [...nonNegative('from', from), ...nonNegative('to', to), ...count('steps', steps), ...wait(after)])

/**
 * From 0 to the value: a λ that does not disturb the first steps (Bowman et al. 2016 for a KL term).
 * @example
 * ```ts
 * import { l2 } from 'tikhonov/regularizers'
 * import { annealIn, scheduled } from 'tikhonov/schedules'
 * const later = l2(scheduled('lambda', annealIn(0.01, { after: 100, steps: 400 })))
 * const values = [0, 100, 300, 500].map(annealIn(0.01, { after: 100, steps: 400 }).at)
 * values // => [0, 0, 0.005, 0.01]
 * ```
 */
export const annealIn = (value: number, options: RampOptions): Schedule => ramp(0, value, options)

/**
 * From the value to 0: noise or dropout that ends before the run does (Rennie, Goel & Thomas 2014 for dropout).
 * @example
 * ```ts
 * import { annealOut } from 'tikhonov/schedules'
 * const values = [0, 100, 300, 500].map(annealOut(0.5, { after: 100, steps: 400 }).at)
 * values // => [0.5, 0.5, 0.25, 0]
 * ```
 */
export const annealOut = (value: number, options: RampOptions): Schedule => ramp(value, 0, options)
