/** Piecewise constant: other values from given steps on. */
import { nonNegative } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { schedule, type Schedule } from './schedule.js'

const rising = (boundaries: readonly number[]): readonly Issue[] =>
  boundaries.flatMap((b, i) =>
    Number.isSafeInteger(b) && b >= 1 && (i === 0 || b > boundaries[i - 1])
      ? []
      : [issue(`boundaries/${i}`, String(b), `a whole number ≥ ${i === 0 ? 1 : boundaries[i - 1] + 1}`)])

/**
 * at(t) = values[i] where boundaries[i − 1] ≤ t < boundaries[i]: the first value serves for exactly boundaries[0] steps, as PyTorch's
 * MultiStepLR has it. (Keras's PiecewiseConstantDecay changes one step later, after t = boundaries[i].)
 * Errors: values not one more than boundaries, boundaries that are not rising whole numbers ≥ 1, a value < 0 or not finite.
 * Laws: `scheduleLaws`, `cornerLaws`.
 * @example
 * ```ts
 * import { piecewise } from 'tikhonov/schedules'
 * const drops = piecewise([100, 200], [0.1, 0.01, 0.001])
 * const values = [0, 99, 100, 199, 200].map(drops.at)
 * values // => [0.1, 0.1, 0.01, 0.01, 0.001]
 * ```
 */
export const piecewise = (boundaries: readonly number[], values: readonly number[]): Schedule =>
  schedule(
    'piecewise', { boundaries, values },
    (step) => values[boundaries.filter((b) => step >= b).length],
    [
      ...(values.length === boundaries.length + 1
        ? []
        : [issue('values', `${values.length} values`, `${boundaries.length + 1}, one more than boundaries`)]),
      ...rising(boundaries),
      ...values.flatMap((v, i) => nonNegative(`values/${i}`, v))
    ]
  )
