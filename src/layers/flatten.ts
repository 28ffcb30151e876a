/** All axes of an example as one. */
import { isInvalid } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import type { Product } from '../layer/product.js'
import type { ShapeRule, Unapplied } from '../layer/rule.js'
import { spec } from '../part/spec.js'

/** [a, b, c] → [a·b·c]; the size is literal where all sizes are. */
export interface FlattenRule extends ShapeRule {
  readonly output?: this['input'] extends Shape ? readonly [Product<this['input']>] : Unapplied<readonly [number]>
}

const rule: FlattenRule = { check: () => undefined }

/**
 * The values of each example in one row, row-major: [a, b, c] → [a·b·c].
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, flatten } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([4, 6], flatten, dense(3)), E.map((m) => m.output)) // => E.right([3])
 * ```
 */
export const flatten: Layer<FlattenRule> = layer({
  spec: spec('flatten'),
  rule,
  narrowing: each((unit, inputs) => unit % inputs),
  apply: () => (x) => (isInvalid(x) ? x : reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]))
})
