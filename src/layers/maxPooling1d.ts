/** The largest value below a moving window, over series. */
import { maxPool } from '../expr/pool.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type PooledSeriesRule, type PoolingOptions } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [time, channels] → [places, channels]. */
export type MaxPooling1dRule = PooledSeriesRule<'maxPooling1d'>

/**
 * y[t, c] = max x[t·s + k − before, c] over k; [time, channels] → [places, channels].
 * Windows of poolSize (2 unless told) move by strides s (poolSize unless told). Padding `valid` unless told:
 * ⌊(size − poolSize)/s⌋ + 1 places along an axis; `same`: ⌈size/s⌉. What lies beyond the edge never wins, NaN passes
 * through, and the first of equal largest values, row-major, gets all of the gradient.
 * Errors: poolSize or strides not whole numbers ≥ 1, an input that is no series or too short. Laws: `poolingLaws`, `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { maxPooling1d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([10, 3], maxPooling1d()), E.map((m) => m.output)) // => E.right([5, 3])
 * ```
 */
export const maxPooling1d = (poolSize: number = 2, options: PoolingOptions<number> = {}): Layer<MaxPooling1dRule> => {
  const moving = movingWindow(1, ['poolSize', poolSize], options, { strides: poolSize })
  const { size, strides, padding } = moving.window
  return layer({
    spec: spec('maxPooling1d', { poolSize: size, strides, padding }),
    rule: { check: windowCheck('maxPooling1d', moving) },
    issues: moving.issues,
    narrowing: each(),
    apply: () => (x) => maxPool(x, { size, strides, padding })
  })
}
