/** The mean below a moving window, over images. */
import { averagePool } from '../expr/average.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type PooledImageRule, type PoolingOptions, type Pair } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [height, width, channels] → [rows, columns, channels]. */
export type AveragePooling2dRule = PooledImageRule<'averagePooling2d'>

/**
 * y[i, j, c] = mean x[i·s + k − before, j·s′ + l − before′, c] over k, l; [height, width, channels] → [rows, columns, channels].
 * Windows of poolSize (2 along both axes unless told) move by strides s (poolSize unless told). Padding `valid` unless told:
 * ⌊(size − poolSize)/s⌋ + 1 places along an axis; `same`: ⌈size/s⌉. What lies beyond the edge does not count: beside it the
 * mean is of fewer values.
 * Errors: poolSize or strides not whole numbers ≥ 1, an input that is no image or too small. Laws: `poolingLaws`, `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { averagePooling2d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([6, 7, 3], averagePooling2d(2, { padding: 'same' })), E.map((m) => m.output)) // => E.right([3, 4, 3])
 * ```
 */
export const averagePooling2d = (poolSize: Pair = 2, options: PoolingOptions<Pair> = {}): Layer<AveragePooling2dRule> => {
  const moving = movingWindow(2, ['poolSize', poolSize], options, { strides: poolSize })
  const { size, strides, padding } = moving.window
  return layer({
    spec: spec('averagePooling2d', { poolSize: size, strides, padding }),
    rule: { check: windowCheck('averagePooling2d', moving) },
    issues: moving.issues,
    narrowing: each(),
    apply: () => (x) => averagePool(x, { size, strides, padding })
  })
}
