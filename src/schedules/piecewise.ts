/** Piecewise constant: other values from given steps on. */
import { nonNegative } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { schedule, type Schedule } from './schedule.js'

const rising = (boundaries: readonly number[], least: number): readonly Issue[] =>
  boundaries.flatMap((b, i) =>
    Number.isSafeInteger(b) && b >= least && (i === 0 || b > boundaries[i - 1])
      ? []
      : [issue(`boundaries/${i}`, String(b), `a whole number ≥ ${i === 0 ? least : boundaries[i - 1] + 1}`)])

/** A value serves until its boundary, and `more` steps after it. */
const serving = (kind: string, more: number, boundaries: readonly number[], values: readonly number[]): Schedule =>
  schedule(
    kind, { boundaries, values },
    (step) => values[boundaries.filter((b) => step >= b + more).length],
    [
      ...(values.length === boundaries.length + 1
        ? []
        : [issue('values', `${values.length} values`, `${boundaries.length + 1}, one more than boundaries`)]),
      ...rising(boundaries, 1 - more),
      ...values.flatMap((v, i) => nonNegative(`values/${i}`, v))
    ]
  )

/**
 * at(t) = values[i] where boundaries[i − 1] ≤ t < boundaries[i]: the first value serves for exactly boundaries[0] steps, as PyTorch's
 * MultiStepLR has it. (`kerasPiecewise` changes one step later.)
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
  serving('piecewise', 0, boundaries, values)

/**
 * at(t) = values[i] where boundaries[i − 1] < t ≤ boundaries[i]: Keras's PiecewiseConstantDecay, whose boundaries belong to what was
 * before, so that the first value serves for boundaries[0] + 1 steps. Errors: those of `piecewise`, but a boundary may be 0.
 * Laws: `scheduleLaws`, `cornerLaws`.
 * @example
 * ```ts
 * import { kerasPiecewise } from 'tikhonov/schedules'
 * const drops = kerasPiecewise([100, 200], [0.1, 0.01, 0.001])
 * const values = [0, 100, 101, 200, 201].map(drops.at)
 * values // => [0.1, 0.1, 0.01, 0.01, 0.001]
 * ```
 */
export const kerasPiecewise = (boundaries: readonly number[], values: readonly number[]): Schedule =>
  serving('kerasPiecewise', 1, boundaries, values)
