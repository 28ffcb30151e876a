/** Layers in a row: `sequential` and `andThen`, whose types fold the layers' shape rules. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { showShape, type Shape } from '../expr/shape.js'
import type { Layer } from '../layer/layer.js'
import type { Fitting, OutputOf } from '../layer/row.js'
import { modelRule } from '../layer/rule.js'
import { issue } from '../part/issue.js'
import { build } from './build.js'
import type { Model, ModelError } from './model.js'

/** What can stand in a row: a layer, or a whole model. */
export type Part = Layer | Model

/**
 * A model of parts in a row, from the shape of one example (without the batch axis).
 *
 * Ranks and literal sizes flow through the types; a part that cannot take what comes does not compile, and the error stands at that
 * argument. What types cannot see (sizes of type `number`, layers in an array) is checked when the model is built. Errors: all that
 * was found, each with its path, the value found and what is allowed. A model among the parts enters with its layers.
 *
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dropout } from 'tikhonov/dropout'
 * import { dense } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([60], dense(30), dropout(0.2), dense(1)), E.map((m) => m.output)) // => E.right([1])
 * F.pipe(sequential([60], dropout(1)), E.mapLeft((errors) => errors[0].path)) // => E.left('dropout/0/rate')
 * ```
 */
export function sequential<const I extends Shape, L extends readonly Part[]>(
  inputShape: I, ...layers: Fitting<I, L>
): E.Either<NEA.NonEmptyArray<ModelError>, Model<I, OutputOf<I, L>>>
export function sequential(inputShape: Shape, ...layers: readonly Part[]): E.Either<NEA.NonEmptyArray<ModelError>, Model> {
  return rowOf(inputShape, layers)
}

/**
 * The model followed by further layers or models; types are checked as in `sequential`. Associative, with the empty model as its unit.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { andThen, sequential } from 'tikhonov/model'
 * F.pipe(sequential([2], dense(8)), E.chain((m) => andThen(m, dense(1))), E.map((m) => m.output)) // => E.right([1])
 * ```
 */
export function andThen<I extends Shape, O extends Shape, L extends readonly Part[]>(
  model: Model<I, O>, ...next: Fitting<O, L>
): E.Either<NEA.NonEmptyArray<ModelError>, Model<I, OutputOf<O, L>>>
export function andThen(model: Model, ...next: readonly Part[]): E.Either<NEA.NonEmptyArray<ModelError>, Model> {
  return rowOf(model.input, [model, ...next])
}

const layersOf = (part: Part): readonly Layer[] => (part._tag === 'Model' ? part.layers : [part])

/** A model takes exactly the shape that it was built for: its layers would take others, its promise would not hold. */
const rowOf = (input: Shape, parts: readonly Part[]): E.Either<NEA.NonEmptyArray<ModelError>, Model> => {
  const built = build(input, parts.flatMap(layersOf))
  if (E.isLeft(built)) return built
  const wrong = parts.flatMap((part, i) => {
    if (part._tag === 'Layer') return []
    const before = build(input, parts.slice(0, i).flatMap(layersOf))
    const found = E.isRight(before) ? before.right.output : input
    const misfit = modelRule(part.input).check(found)
    return misfit === undefined ? [] : [issue('model', `an input of shape ${showShape(found)}`, misfit)]
  })
  const [first, ...rest] = wrong
  return first === undefined ? built : E.left([first, ...rest])
}
