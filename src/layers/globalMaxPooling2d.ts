/** The largest value of each channel, over images. */
import { reduceMax } from '../expr/reduce.js'
import { layer } from '../layer/build.js'
import { imageCheck, type ImageToVectorRule } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [height, width, channels] → [channels]. */
export type GlobalMaxPooling2dRule = ImageToVectorRule<'globalMaxPooling2d'>

/**
 * y[c] = max x[…, c] over all of space; [height, width, channels] → [channels]. Equal largest values share the gradient evenly, as in
 * TensorFlow; NaN passes through.
 * Errors: an input that is no image. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, globalMaxPooling2d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([6, 7, 3], globalMaxPooling2d, dense(2)), E.map((m) => m.output)) // => E.right([2])
 * ```
 */
export const globalMaxPooling2d: Layer<GlobalMaxPooling2dRule> = layer({
  spec: spec('globalMaxPooling2d'),
  rule: { check: imageCheck('globalMaxPooling2d', 2) },
  narrowing: each(),
  apply: () => (x) => reduceMax(x, [1, 2])
})
