/** An immutable model: the shape of one example and layers in a row. Its parameters live elsewhere, in the state of a run. */
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Layer, Output } from '../layer/layer.js'
import { run } from '../layer/run.js'
import type { Mode } from '../layer/scope.js'
import type { Issue } from '../part/issue.js'

/** What is wrong with a model: where, what was found, what is allowed. */
export type ModelError = Issue

/** A model from examples of shape I to examples of shape O. */
export interface Model<out I extends Shape = Shape, out O extends Shape = Shape> {
  readonly _tag: 'Model'
  readonly input: I
  readonly output: O
  readonly layers: readonly Layer[]
}

/**
 * The model applied to a batch.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { variable } from 'tikhonov/expr'
 * import { infer } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * import { forward, sequential } from 'tikhonov/model'
 * F.pipe(
 *   sequential([2], dense(8), dense(1)),
 *   E.map((m) => forward(m, infer)(variable('x', [32, 2])).y.shape)
 * ) // => E.right([32, 1])
 * ```
 */
export const forward = ({ layers }: Model, mode: Mode) => (x: Expr): Output => run(layers)({ path: '', mode })(x)
