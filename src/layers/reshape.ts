/** Another shape for the same values. */
import { isInvalid } from '../expr/node.js'
import { reshape as reshapeExpr } from '../expr/reshape.js'
import { shapeProblem, showShape, sizeOf, type Shape } from '../expr/shape.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import type { Product } from '../layer/product.js'
import type { ShapeRule, Show, Unapplied } from '../layer/rule.js'
import { issue } from '../part/issue.js'
import { spec } from '../part/spec.js'

/** The same values in the shape T; the number of values must agree. */
export interface ReshapeRule<T extends Shape> extends ShapeRule {
  readonly output?: this['input'] extends Shape
    ? [Product<this['input']> & Product<T>] extends [never]
      ? `reshape to ${Show<T>} needs ${Product<T>} values, found ${Product<this['input']>} in ${Show<this['input']>}`
      : T
    : Unapplied<T>
}

const reshapeRule = <T extends Shape>(target: T): ReshapeRule<T> => ({
  check: (s) => sizeOf(s) === sizeOf(target) ? undefined
    : `reshape to ${showShape(target)} needs ${sizeOf(target)} values, found ${sizeOf(s)} in ${showShape(s)}`
})

/**
 * The values of each example, row-major, in another shape of the same size.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { reshape } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([12], reshape([3, 4])), E.map((m) => m.output)) // => E.right([3, 4])
 * ```
 */
export const reshape = <const T extends Shape>(target: T): Layer<ReshapeRule<T>> =>
  layer({
    spec: spec('reshape', { target }),
    rule: reshapeRule(target),
    issues: shapeProblem(target) === undefined ? [] : [issue('target', showShape(target), 'whole numbers ≥ 0')],
    apply: () => (x) => (isInvalid(x) ? x : reshapeExpr(x, [x.shape[0], ...target]))
  })
