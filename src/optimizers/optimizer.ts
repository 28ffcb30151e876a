/** An optimizer is a transformation with the learning rate that it is given. */
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { under, type Issue } from '../part/issue.js'
import { spec, type Spec, type SpecValue } from '../part/spec.js'
import { scheduled, type Schedule } from '../schedules/schedule.js'
import { chain } from './chain.js'
import type { GradientTransform } from './transform.js'

/** A learning rate and a transformation whose result is added to the parameters. */
export interface Optimizer {
  readonly _tag: 'Optimizer'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly learningRate: Scalar
  readonly transform: GradientTransform
}

/**
 * A learning rate: a number or an expression, η ≥ 0, or a schedule. A schedule becomes the hyper-parameter `learningRate`: reports say
 * its value at each step, and a batch may carry another.
 */
export type LearningRate = Scalar | Schedule

const isSchedule = (x: LearningRate): x is Schedule => typeof x === 'object' && x._tag === 'Schedule'

/**
 * An optimizer of your own: its name, its learning rate, its options as its spec says them, and a transformation, usually a `chain` that
 * ends with `descend`.
 * Errors: a learning rate that is negative or not finite, those of its schedule, those of the transformation. Laws: `optimizerLaws`.
 * @example
 * ```ts
 * import { chain, clipByValue, descend, momentum, optimizer } from 'tikhonov/optimizers'
 * const careful = optimizer('careful', 0.1, {}, chain(clipByValue(1), momentum(0.5), descend))
 * careful.spec // => { kind: 'careful', options: { learningRate: 0.1 } }
 * ```
 */
export const optimizer = (
  kind: string,
  learningRate: LearningRate,
  options: Readonly<Record<string, SpecValue | Scalar | undefined>>,
  transform: GradientTransform
): Optimizer => {
  const eta = isSchedule(learningRate) ? scheduled('learningRate', learningRate) : learningRate
  return {
    _tag: 'Optimizer',
    spec: spec(kind, { learningRate: isSchedule(learningRate) ? learningRate.spec : learningRate, ...options }),
    issues: [...nonNegative('learningRate', eta), ...(isSchedule(learningRate) ? under('learningRate', learningRate.issues) : [])],
    learningRate: eta,
    // A chain of one keeps its slots where a longer one will have them.
    transform: chain(transform)
  }
}
