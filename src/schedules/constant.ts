/** The schedule that stays. */
import { nonNegative } from '../part/checks.js'
import { schedule, type Schedule } from './schedule.js'

/**
 * at(t) = value. Unlike a plain number it is a hyper-parameter: it shows in reports, and a batch may carry another value.
 * Errors: a value that is negative or not finite. Laws: `scheduleLaws`.
 * @example
 * ```ts
 * import { constant } from 'tikhonov/schedules'
 * constant(0.1).at(1000) // => 0.1
 * ```
 */
export const constant = (value: number): Schedule => schedule('constant', { value }, () => value, nonNegative('value', value))
