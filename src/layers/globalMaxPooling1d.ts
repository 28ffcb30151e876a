/** The largest value of each channel, over series. */
import { reduceMax } from '../expr/reduce.js'
import { layer } from '../layer/build.js'
import { imageCheck, type SeriesToVectorRule } from '../layer/images.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { spec } from '../part/spec.js'

/** [time, channels] → [channels]. */
export type GlobalMaxPooling1dRule = SeriesToVectorRule<'globalMaxPooling1d'>

/**
 * y[c] = max x[…, c] over all of space; [time, channels] → [channels]. Equal largest values share the gradient evenly, as in TensorFlow;
 * NaN passes through.
 * Errors: an input that is no series. Laws: `rowLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, globalMaxPooling1d } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([10, 3], globalMaxPooling1d, dense(2)), E.map((m) => m.output)) // => E.right([2])
 * ```
 */
export const globalMaxPooling1d: Layer<GlobalMaxPooling1dRule> = layer({
  spec: spec('globalMaxPooling1d'),
  rule: { check: imageCheck('globalMaxPooling1d', 1) },
  narrowing: each(),
  apply: () => (x) => reduceMax(x, [1])
})
