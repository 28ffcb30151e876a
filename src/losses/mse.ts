/** Mean squared error. */
import { mul, sub } from '../expr/arithmetic.js'
import { mean } from '../expr/reduce.js'
import { anyNumber } from '../expr/leaf.js'
import { spec } from '../part/spec.js'
import type { Loss } from './loss.js'

/**
 * For each example, the mean over its outputs of (ŷ − y)².
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { mse } from 'tikhonov/losses'
 * evaluate(mse().each(constant([1, 2, 3, 5], [2, 2]), constant([1, 0, 3, 4], [2, 2]))) // => [2, 0.5]
 * ```
 */
export const mse = (): Loss => ({
  _tag: 'Loss',
  spec: spec('mse'),
  issues: [],
  wanted: (shape) => ({ shape, range: anyNumber }),
  each: (predicted, wanted) => {
    const error = sub(predicted, wanted)
    return mean(mul(error, error), predicted.shape.map((_, a) => a).slice(1))
  }
})
