/** A layer and its values with fewer units. */
import { sizeOf } from '../expr/shape.js'
import { named, type Layer } from '../layer/layer.js'
import { mapByPath, type ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Units } from './plan.js'
import { biasOf, totals, unitAxes, type Stage } from './stages.js'

/** The given places along an axis. */
const taken = (t: Tensor, axis: number | undefined, units: Units): Tensor => {
  if (axis === undefined || units.length === t.shape[axis]) return t
  const inner = sizeOf(t.shape.slice(axis + 1))
  const shape = t.shape.map((d, a) => (a === axis ? units.length : d))
  const from = (n: number): number =>
    (Math.floor(n / (inner * units.length)) * t.shape[axis] + units[Math.floor(n / inner) % units.length]) * inner + n % inner
  return { _tag: 'Tensor', shape, data: Float64Array.from({ length: sizeOf(shape) }, (_, n) => t.data[from(n)]) }
}

/** To each unit that stays what the constants among the inputs that go add. */
const folded = (bias: Tensor, { parameters, before, after }: Stage, inputs: Units, outputs: Units, values: ByPath<Tensor>): Tensor => {
  const stay = new Set(inputs)
  const constants = before.flatMap((value, i) => (value === undefined || value === 0 || stay.has(i) ? [] : [{ value, i }]))
  if (constants.length === 0) return bias
  const weights = totals(parameters, values)
  const shift = (unit: number): number => constants.reduce((s, { value, i }) => s + value * weights[i * after.length + unit], 0)
  return { ...bias, data: Float64Array.from(bias.data, (b, n) => b + shift(outputs[n])) }
}

/** The values of a layer of which these units of its input and its output stay. */
export const narrowedValues = (stage: Stage, inputs: Units, outputs: Units, values: ByPath<Tensor>): ByPath<Tensor> => {
  const { parameters, state, narrowing, after } = stage
  if (narrowing === undefined || narrowing._tag === 'Rows') return {}
  const bias = narrowing._tag === 'Mixed' ? biasOf(stage) : undefined
  return {
    ...mapByPath(parameters, (declared, path) => {
      const axes = unitAxes(declared)
      const fewer = taken(taken(values[path], axes.output, outputs), axes.input, inputs)
      return path === bias ? folded(fewer, stage, inputs, outputs, values) : fewer
    }),
    ...mapByPath(state, ({ shape }, path) => taken(values[path], shape.at(-1) === after.length ? shape.length - 1 : undefined, outputs))
  }
}

/** A layer made anew, under the name it had. */
export const renewed = ({ name }: Layer, layer: Layer): Layer => (name === undefined ? layer : named(name, layer))

/** The layer with so many units of its output. */
export const narrowedLayer = ({ layer, narrowing, after }: Stage, outputs: Units): Layer =>
  narrowing?._tag !== 'Mixed' || narrowing.units === undefined || outputs.length === after.length ? layer
    : renewed(layer, narrowing.units(outputs.length))
