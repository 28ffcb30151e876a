/** A smaller model that predicts the same. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import type { Shape } from '../expr/shape.js'
import type { Layer } from '../layer/layer.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import { joinPath, mapByPath, type ByPath, type Path } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { build } from './build.js'
import type { Model } from './model.js'
import { narrowedLayer, narrowedValues, renewed } from './narrow.js'
import { planned, reasons, type Kept, type Units } from './plan.js'
import { valueIssues } from './predict.js'
import { below, stagesOf, unitsOf, type Constants, type Stage } from './stages.js'
import { declarations } from './values.js'

/** A model made smaller, and what became of it. Units are places along the last axis of an example: features, channels. */
export interface Compacted<I extends Shape = Shape, O extends Shape = Shape> {
  readonly model: Model<I, O>
  readonly values: ByPath<Tensor>
  /** The units of the model's input that it reads; at least one. */
  readonly inputs: Units
  /** The units that are gone, by the path of the layer that made them. */
  readonly removed: ByPath<Units>
  /** What stayed though no weight asks for it. */
  readonly kept: readonly Kept[]
}

/** Options of `compact`. */
export interface CompactOptions {
  /** Whether units of the model's input that nothing reads leave its shape: `keep` unless told. */
  readonly inputs?: 'keep' | 'remove'
}

/** A row of layers made smaller. */
interface Part extends Omit<Compacted, 'model'> { readonly layers: readonly Layer[] }

const nothing: Part = { layers: [], values: {}, inputs: [], removed: {}, kept: [] }

const joined = (a: Part, b: Part): Part => ({
  layers: [...a.layers, ...b.layers], values: { ...a.values, ...b.values }, inputs: a.inputs,
  removed: { ...a.removed, ...b.removed }, kept: [...a.kept, ...b.kept]
})

/** A layer with the rows in it made smaller; their ends stay. */
const within = ({ path, layer, narrowing, input, before }: Stage, values: ByPath<Tensor>): Part => {
  if (narrowing?._tag !== 'Rows') return nothing
  const parts = mapByPath(narrowing.rows, (row, at) => compactRow(joinPath(path, at), row, input, before, values, 'keep'))
  const all = Object.values(parts).reduce(joined, nothing)
  const smaller = (): Layer => renewed(layer, narrowing.of(mapByPath(parts, ({ layers }) => layers)))
  return { ...all, layers: [Object.keys(all.removed).length === 0 ? layer : smaller()] }
}

const compactRow = (
  path: Path, layers: readonly Layer[], input: Shape, before: Constants, values: ByPath<Tensor>, ends: 'keep' | 'remove'
): Part => {
  const stages = stagesOf(path, layers, input, before, values)
  const { needed, stay } = planned(stages, below((stages.at(-1)?.after ?? before).length), ends)
  const parts = stages.map((stage, k): Part => {
    if (stage.narrowing?._tag === 'Rows') return within(stage, values)
    const [inputs, outputs] = [stay[k], stay[k + 1]]
    const gone = below(stage.after.length).filter((unit) => !outputs.includes(unit))
    return {
      layers: [narrowedLayer(stage, outputs)],
      values: narrowedValues(stage, inputs, outputs, values),
      inputs: [],
      removed: stage.narrowing?._tag === 'Mixed' && gone.length > 0 ? { [stage.path]: gone } : {},
      kept: reasons(stage, inputs, outputs, needed[k + 1])
    }
  })
  return parts.reduce(joined, { ...nothing, inputs: needed[0] })
}

/**
 * The model without units that do not matter, with its values: a smaller model that predicts the same. From parameters and layer state:
 *
 * - a unit (feature, filter) whose outgoing weights are all zero goes;
 * - a unit whose incoming weights are all zero is a constant, φ(b): it goes, and the bias behind it becomes b′ + Σ φ(b)·w;
 * - what a batch normalisation scales by 0 is its offset, a constant too; scale, offset and moving statistics go with their unit;
 * - through activations, dropout, pooling, `flatten` and depthwise convolution units are followed; in residual blocks and branches the
 *   inner layers are made smaller, and what goes in and out stays.
 *
 * Exact zeros count, as exact penalties leave them; nothing is rounded to zero. Kept, and told in `kept`: constants that a padded
 * convolution reads (at the border it reads zeros instead), or a layer without bias; all around a layer that says nothing of its units
 * (its `narrowing`); units that a softmax sees together. A layer keeps at least one unit. Units of the model's input that nothing reads
 * are told in `inputs` (those that are read), and leave the input's shape with `{ inputs: 'remove' }`. Paths and output stay.
 *
 * Predictions differ by rounding alone: constants are added up first, and sums in another order, so that a unit of n inputs differs by at
 * most 2n·ε·(Σ|w·x| + |b|), ε = 2⁻⁵³ (2⁻²⁴ in float32), where values are finite. An optimizer's slots do not fit the smaller model: begin a
 * new run to train on. Where nothing can go, model and values are those given, the very same.
 * Errors: values that are missing or misshapen; layers that do not fit their smaller neighbours (a penalty towards given weights).
 * Laws: `compactLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, relu } from 'tikhonov/layers'
 * import { compact, sequential } from 'tikhonov/model'
 * import { tensor } from 'tikhonov/tensor'
 * const values = {
 *   'dense/0/kernel': tensor([[1, 0, 4], [2, 0, 5], [0, 0, 0]]), 'dense/0/bias': tensor([0, 3, 1]),
 *   'dense/1/kernel': tensor([[1], [10], [0]]), 'dense/1/bias': tensor([7])
 * }
 * const smaller = F.pipe(sequential([3], dense(3, { activation: relu }), dense(1)), E.chain((m) => compact(m, values)))
 * F.pipe(smaller, E.map(({ removed }) => removed['dense/0'])) // => E.right([1, 2])
 * F.pipe(smaller, E.map(({ values: { 'dense/1/bias': bias } }) => [...bias.data])) // => E.right([37])
 * F.pipe(smaller, E.map(({ inputs }) => inputs)) // => E.right([0, 1])
 * ```
 */
export function compact<I extends Shape, O extends Shape>(
  model: Model<I, O>, values: ByPath<Tensor>, options?: { readonly inputs?: 'keep' }
): E.Either<NEA.NonEmptyArray<Issue>, Compacted<I, O>>
export function compact<O extends Shape>(
  model: Model<Shape, O>, values: ByPath<Tensor>, options: CompactOptions
): E.Either<NEA.NonEmptyArray<Issue>, Compacted<Shape, O>>
export function compact(
  model: Model, values: ByPath<Tensor>, { inputs: ends = 'keep' }: CompactOptions = {}
): E.Either<NEA.NonEmptyArray<Issue>, Compacted> {
  const units = unitsOf(model.input)
  const given = unlessIssues(valueIssues(model, values), () =>
    compactRow('', model.layers, model.input, below(units).map(() => undefined), values, ends))
  return F.pipe(given, E.chain(({ layers, ...rest }): E.Either<NEA.NonEmptyArray<Issue>, Compacted> => {
    const fewer = ends === 'remove' && rest.inputs.length < units
    if (!fewer && Object.keys(rest.removed).length === 0) return E.right({ ...rest, model, values })
    return F.pipe(
      build(fewer ? [...model.input.slice(0, -1), rest.inputs.length] : model.input, layers),
      E.map((smaller): Compacted => ({
        ...rest, model: smaller, values: mapByPath(declaredBy(smaller), (_, path) => rest.values[path] ?? values[path])
      }))
    )
  }))
}

const declaredBy = (model: Model): ByPath<unknown> => {
  const { parameters, state } = declarations(model)
  return { ...parameters, ...state }
}
