/** The mean below a moving window, over series. */
import { averagePool } from '../expr/average.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type PooledSeriesRule, type PoolingOptions } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [time, channels] → [places, channels]. */
export type AveragePooling1dRule = PooledSeriesRule<'averagePooling1d'>

/**
 * y[t, c] = mean x[t·s + k − before, c] over k; [time, channels] → [places, channels].
 * Windows of poolSize (2 unless told) move by strides s (poolSize unless told). Padding `valid` unless told:
 * ⌊(size − poolSize)/s⌋ + 1 places along an axis; `same`: ⌈size/s⌉. What lies beyond the edge does not count: beside it the
 * mean is of fewer values.
 * Errors: poolSize or strides not whole numbers ≥ 1, an input that is no series or too short. Laws: `poolingLaws`, `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { averagePooling1d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([10, 3], averagePooling1d(2, { padding: 'same' })), E.map((m) => m.output)) // => E.right([5, 3])
 * ```
 */
export const averagePooling1d = (poolSize: number = 2, options: PoolingOptions<number> = {}): Layer<AveragePooling1dRule> => {
  const moving = movingWindow(1, ['poolSize', poolSize], options, { strides: poolSize })
  const { size, strides, padding } = moving.window
  return layer({
    spec: spec('averagePooling1d', { poolSize: size, strides, padding }),
    rule: { check: windowCheck('averagePooling1d', moving) },
    issues: moving.issues,
    narrowing: each(),
    apply: () => (x) => averagePool(x, { size, strides, padding })
  })
}
