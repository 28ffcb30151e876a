/** Losses from a formula about one output. */
import { anyNumber, type Range } from '../expr/leaf.js'
import { invalid, isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { mean } from '../expr/reduce.js'
import { sameShape, showShape, type Shape } from '../expr/shape.js'
import type { Issue } from '../part/issue.js'
import { spec, type SpecValue } from '../part/spec.js'
import type { Loss, Wanted } from './loss.js'

/** The mean over the outputs of each example: [batch, …] → [batch]. */
export const meanOfOutputs = (values: Expr): Expr => mean(values, values.shape.map((_, axis) => axis).slice(1))

/** The value, unless a prediction and what was wanted do not fit each other: silent broadcasting would be a wrong loss. */
export const unlessMisfit = (kind: string, predicted: Expr, wanted: Expr, misfit: string | undefined, value: () => Expr): Expr =>
  isInvalid(predicted) || isInvalid(wanted) ? invalid(undefined, [predicted, wanted])
  : misfit === undefined ? value()
  : invalid({ _tag: 'ShapeProblem', operation: kind, shapes: [predicted.shape, wanted.shape], message: misfit }, [predicted, wanted])

/** Why two shapes that must be the same are not, if so. */
export const differing = (predicted: Expr, wanted: Expr): string | undefined =>
  sameShape(predicted.shape, wanted.shape) ? undefined : 'predictions and wanted values differ in shape'

/** What a loss may say beside its formula. Defaults: no options, no issues, any finite wanted numbers, no link. */
export interface LossOptions {
  readonly options?: Readonly<Record<string, SpecValue | Scalar | undefined>>
  readonly issues?: readonly Issue[]
  /** What may be wanted of each output. */
  readonly range?: Range
  readonly only?: readonly number[]
  readonly link?: (output: Expr) => Expr
}

/**
 * A loss of your own: each example's mean over its outputs of `formula(ŷ, y)`, whose gradient comes by derivation.
 *
 * ŷ and y have one shape, [batch, …outputs]; shapes that differ are a misfit, never broadcast. The formula goes element by element: what it
 * returns has that shape too. Laws: `lossLaws`.
 * @example
 * ```ts
 * import { constant, evaluate, max, mul, sub } from 'tikhonov/expr'
 * import { lossOf } from 'tikhonov/losses'
 * const pinball = (q: number) => lossOf('pinball', (p, y) => max(mul(q, sub(y, p)), mul(q - 1, sub(y, p))), { options: { q } })
 * evaluate(pinball(0.75).each(constant([0, 2], [2, 1]), constant([1, 1], [2, 1]))) // => [0.75, 0.25]
 * ```
 */
export const lossOf = (kind: string, formula: (predicted: Expr, wanted: Expr) => Expr, given: LossOptions = {}): Loss => {
  const { options = {}, issues = [], range = anyNumber, only, link } = given
  return {
    _tag: 'Loss',
    spec: spec(kind, options),
    issues,
    wanted: (shape: Shape): Wanted => ({ shape, range, ...(only === undefined ? {} : { only }) }),
    each: (predicted, wanted) =>
      unlessMisfit(kind, predicted, wanted, differing(predicted, wanted), () => {
        const values = formula(predicted, wanted)
        const misfit = isInvalid(values) || sameShape(values.shape, predicted.shape) ? undefined
          : `the formula gives ${showShape(values.shape)}, one value an output is wanted`
        return unlessMisfit(kind, predicted, wanted, misfit, () => meanOfOutputs(values))
      }),
    ...(link === undefined ? {} : { link })
  }
}
