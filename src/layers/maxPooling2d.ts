/** The largest value below a moving window, over images. */
import { maxPool } from '../expr/pool.js'
import { layer } from '../layer/build.js'
import { movingWindow, windowCheck, type PooledImageRule, type PoolingOptions, type Pair } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [height, width, channels] → [rows, columns, channels]. */
export type MaxPooling2dRule = PooledImageRule<'maxPooling2d'>

/**
 * y[i, j, c] = max x[i·s + k − before, j·s′ + l − before′, c] over k, l; [height, width, channels] → [rows, columns, channels].
 * Windows of poolSize (2 along both axes unless told) move by strides s (poolSize unless told). Padding `valid` unless told:
 * ⌊(size − poolSize)/s⌋ + 1 places along an axis; `same`: ⌈size/s⌉. What lies beyond the edge never wins, NaN passes
 * through, and the first of equal largest values, row-major, gets all of the gradient.
 * Errors: poolSize or strides not whole numbers ≥ 1, an input that is no image or too small. Laws: `poolingLaws`, `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { maxPooling2d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([6, 7, 3], maxPooling2d()), E.map((m) => m.output)) // => E.right([3, 3, 3])
 * ```
 */
export const maxPooling2d = (poolSize: Pair = 2, options: PoolingOptions<Pair> = {}): Layer<MaxPooling2dRule> => {
  const moving = movingWindow(2, ['poolSize', poolSize], options, { strides: poolSize })
  const { size, strides, padding } = moving.window
  return layer({
    spec: spec('maxPooling2d', { poolSize: size, strides, padding }),
    rule: { check: windowCheck('maxPooling2d', moving) },
    issues: moving.issues,
    narrowing: each(),
    apply: () => (x) => maxPool(x, { size, strides, padding })
  })
}
