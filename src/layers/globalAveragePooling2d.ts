/** The mean of each channel, over images. */
import { mean } from '../expr/reduce.js'
import { layer } from '../layer/build.js'
import { imageCheck, type ImageToVectorRule } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [height, width, channels] → [channels]. */
export type GlobalAveragePooling2dRule = ImageToVectorRule<'globalAveragePooling2d'>

/**
 * y[c] = mean x[…, c] over all of space; [height, width, channels] → [channels]. Lin, Chen & Yan 2014.
 * Errors: an input that is no image. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, globalAveragePooling2d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([6, 7, 3], globalAveragePooling2d, dense(2)), E.map((m) => m.output)) // => E.right([2])
 * ```
 */
export const globalAveragePooling2d: Layer<GlobalAveragePooling2dRule> = layer({
  spec: spec('globalAveragePooling2d'),
  rule: { check: imageCheck('globalAveragePooling2d', 2) },
  narrowing: each(),
  apply: () => (x) => mean(x, [1, 2])
})
