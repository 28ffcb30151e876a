/** The mean of each channel, over series. */
import { mean } from '../expr/reduce.js'
import { layer } from '../layer/build.js'
import { imageCheck, type SeriesToVectorRule } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [time, channels] → [channels]. */
export type GlobalAveragePooling1dRule = SeriesToVectorRule<'globalAveragePooling1d'>

/**
 * y[c] = mean x[…, c] over all of space; [time, channels] → [channels]. Lin, Chen & Yan 2014.
 * Errors: an input that is no series. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, globalAveragePooling1d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([10, 3], globalAveragePooling1d, dense(2)), E.map((m) => m.output)) // => E.right([2])
 * ```
 */
export const globalAveragePooling1d: Layer<GlobalAveragePooling1dRule> = layer({
  spec: spec('globalAveragePooling1d'),
  rule: { check: imageCheck('globalAveragePooling1d', 1) },
  narrowing: each(),
  apply: () => (x) => mean(x, [1])
})
