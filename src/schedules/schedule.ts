/** A schedule says what a hyper-parameter is at each step of a run: a pure function of the number of steps taken. */
import { hyper, type Range } from '../expr/leaf.js'
import { invalid, type Expr } from '../expr/node.js'
import { nonNegativeRange, within } from '../part/checks.js'
import { showIssue, type Issue } from '../part/issue.js'
import { spec, type Spec, type SpecValue } from '../part/spec.js'

/** A function of the step, with what it is and what is wrong with its options. `at(0)` is the value of the first step. */
export interface Schedule {
  readonly _tag: 'Schedule'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly at: (step: number) => number
}

/**
 * A schedule of your own: a pure function of the number of steps taken, a whole number ≥ 0. It is given to an optimizer in the place
 * of a learning rate, or becomes any other hyper-parameter by `scheduled`. Laws: `scheduleLaws`.
 * @example
 * ```ts
 * import { schedule } from 'tikhonov/schedules'
 * const squareRoot = schedule('squareRoot', { initial: 0.5 }, (step) => 0.5 / Math.sqrt(1 + step))
 * squareRoot.at(3) // => 0.25
 * ```
 */
export const schedule = (
  kind: string,
  options: Readonly<Record<string, SpecValue | undefined>>,
  at: (step: number) => number,
  issues: readonly Issue[] = []
): Schedule => ({ _tag: 'Schedule', spec: spec(kind, options), issues, at })

/**
 * A schedule as a scalar of expressions, so that λ, a rate, a cap or a learning rate follows it. A batch may carry another value under
 * the name, within the range; `report.hyper` repeats what was used. The range is that of finite numbers ≥ 0 unless told; a rate of
 * dropout wants its own, `{ min: 0, max: 1, open: 'max' }`. Where the schedule itself leaves the range its value is NaN, so that the run
 * ends there, with the typed error that names the hyper-parameter.
 * Errors: those of the schedule, found with the part that uses it.
 * @example
 * ```ts
 * import { l2, penaltyOf } from 'tikhonov/regularizers'
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { exponential, scheduled } from 'tikhonov/schedules'
 * const lambda = scheduled('lambda', exponential(0.5, { decaySteps: 100, decayRate: 0.5 }))
 * evaluate(penaltyOf(l2(lambda))(constant([2])), { 'hyper/lambda': [0.25] }) // => [1]
 * ```
 */
export const scheduled = (name: string, { spec: { kind }, issues, at }: Schedule, range: Range = nonNegativeRange): Expr =>
  issues.length === 0
    ? hyper(name, (step) => (within(range)(name, at(step)).length === 0 ? at(step) : Number.NaN), range)
    : invalid({ _tag: 'ShapeProblem', operation: kind, shapes: [], message: issues.map(showIssue).join('; ') })
