/** Layers in a row with what their values say of each unit: what it reads, and whether it is a constant. */
import { abs } from '../expr/compare.js'
import { sum } from '../expr/broadcast.js'
import { evaluate } from '../expr/evaluate.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { reduceMax } from '../expr/reduce.js'
import { normalAxes, sizeOf, type Shape } from '../expr/shape.js'
import { transpose } from '../expr/view.js'
import type { Declaration, Layer, Output } from '../layer/layer.js'
import type { Mixed, Narrowing } from '../layer/narrowing.js'
import { layerPaths } from '../layer/run.js'
import { infer } from '../layer/scope.js'
import { axesOf } from '../part/axes.js'
import { joinPath, mapByPath, type ByPath, type Path } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'

/** The value of each unit that has one whatever the input is, at all places. */
export type Constants = readonly (number | undefined)[]

/** A layer where it stands. Units are places along the last axis. */
export interface Stage extends Pick<Output, 'parameters' | 'state'> {
  readonly path: Path
  readonly layer: Layer
  /** `undefined` where nothing is known of its units: each is made of all, and all are needed. */
  readonly narrowing: Narrowing | undefined
  readonly input: Shape
  /** Of each unit of the output the units of the input that it is made of, by weights that are not zero. */
  readonly sources: readonly (readonly number[])[]
  readonly before: Constants
  readonly after: Constants
}

/** Numbers below n. */
export const below = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

/** How many units an example of a shape has. */
export const unitsOf = (example: Shape): number => example.at(-1) ?? 1

/** The axis that these leave, if it is one. */
const soleAxis = (shape: Shape, axes: readonly number[]): number | undefined => {
  const left = below(shape.length).filter((a) => !normalAxes(axes, shape.length).includes(a))
  return left.length === 1 ? left[0] : undefined
}

/** The axis of a parameter that counts the units of the output, and the axis that counts those of the input. */
export const unitAxes = (declared: Declaration): { readonly output: number | undefined; readonly input: number | undefined } => {
  const { incoming, outgoing } = axesOf(declared.shape, declared)
  return { output: soleAxis(declared.shape, incoming), input: incoming.length === 0 ? undefined : soleAxis(declared.shape, outgoing) }
}

/** The one weight between the inputs and the outputs of a layer, as [inputs, outputs, …]. */
const weightOf = (parameters: ByPath<Declaration>): Expr | undefined => {
  const found = Object.entries(parameters).flatMap(([path, declared]) => {
    const { input, output } = unitAxes(declared)
    if (input === undefined || output === undefined) return []
    const others = below(declared.shape.length).filter((a) => a !== input && a !== output)
    return [transpose(variable(path, declared.shape), [input, output, ...others])]
  })
  return found.length === 1 ? found[0] : undefined
}

const beyondMatrix = ({ shape }: Expr): readonly number[] => below(shape.length).slice(2)

/** Σ of the weights between each input and each output, [inputs·outputs]: what a constant input of 1 adds inside. */
export const totals = (parameters: ByPath<Declaration>, values: ByPath<Tensor>): readonly number[] => {
  const weight = weightOf(parameters)
  return weight === undefined ? [] : evaluate(sum(weight, beyondMatrix(weight)), numbersOf(values))
}

const numbersOf = (values: ByPath<Tensor>) => mapByPath(values, ({ data }) => data)

/** Which units of an `Each` layer read theirs at all: those that no parameter multiplies by zero. */
const awake = (parameters: ByPath<Declaration>, outputs: number, values: ByPath<Tensor>): readonly boolean[] => {
  const factors = Object.entries(parameters).flatMap(([path, { shape, role, incoming }]) => {
    const largest = reduceMax(abs(variable(path, shape)), normalAxes(incoming, shape.length))
    return ['kernel', 'scale'].includes(role) && sizeOf(largest.shape) === outputs ? [evaluate(largest, numbersOf(values))] : []
  })
  return below(outputs).map((unit) => factors.every((f) => f[unit] !== 0))
}

/** A layer can be any number of units wide where it says so and its rule does not ask for the number it has. */
const known = ({ narrowing, rule }: Layer, input: Shape, parameters: ByPath<Declaration>): Narrowing | undefined =>
  narrowing?._tag === 'Each' && rule.check([...input.slice(0, -1), 1]) !== undefined ? undefined
  : narrowing?._tag === 'Mixed' && weightOf(parameters) === undefined ? undefined
  : narrowing

const sourcesOf = (
  narrowing: Narrowing | undefined, inputs: number, outputs: number, parameters: ByPath<Declaration>, values: ByPath<Tensor>
): readonly (readonly number[])[] => {
  const weight = weightOf(parameters)
  if (narrowing?._tag === 'Mixed' && weight !== undefined) {
    const largest = evaluate(reduceMax(abs(weight), beyondMatrix(weight)), numbersOf(values))
    return below(outputs).map((unit) => below(inputs).filter((i) => largest[i * outputs + unit] !== 0))
  }
  if (narrowing?._tag === 'Each') {
    const reading = awake(parameters, outputs, values)
    return below(outputs).map((unit) => (reading[unit] ? [narrowing.source(unit, inputs)] : []))
  }
  const all = below(inputs)
  return below(outputs).map(() => all)
}

/** Whether each unit is computed without the others, but for what it reads. */
const isApart = (narrowing: Narrowing | undefined): boolean =>
  narrowing?._tag === 'Each' || (narrowing?._tag === 'Mixed' && narrowing.units !== undefined)

/** The units that read constants only, and whose value then is the same at all places. */
const constantsAfter = (
  { y }: Output, narrowing: Narrowing | undefined, sources: Stage['sources'], before: Constants, input: Shape, values: ByPath<Tensor>
): Constants => {
  const fixed = sources.map((read) => isApart(narrowing) && read.every((i) => before[i] !== undefined))
  if (!fixed.includes(true)) return fixed.map(() => undefined)
  const x = below(sizeOf(input)).map((i) => before[i % before.length] ?? 0)
  const found = evaluate(y, { ...numbersOf(values), 'batch/x': x })
  return fixed.map((is, unit) => {
    const same = is && Number.isFinite(found[unit]) && found.every((v, i) => i % fixed.length !== unit || v === found[unit])
    return same ? found[unit] : undefined
  })
}

/** Layers in a row, from the shape of one example and the constants among its units. */
export const stagesOf = (
  path: Path, layers: readonly Layer[], input: Shape, before: Constants, values: ByPath<Tensor>
): readonly Stage[] => {
  const paths = layerPaths(layers)
  return layers.reduce<{ readonly shape: Shape; readonly stages: readonly Stage[]; readonly constants: Constants }>(
    ({ shape, stages, constants }, layer, i) => {
      const at = joinPath(path, paths[i])
      const output = layer.apply({ path: at, mode: infer })(variable('batch/x', [1, ...shape]))
      const { y, parameters, state } = output
      const next = y.shape.slice(1)
      const narrowing = known(layer, shape, parameters)
      const sources = sourcesOf(narrowing, unitsOf(shape), unitsOf(next), parameters, values)
      const after = constantsAfter(output, narrowing, sources, constants, shape, values)
      const stage = { path: at, layer, narrowing, parameters, state, input: shape, sources, before: constants, after }
      return { shape: next, stages: [...stages, stage], constants: after }
    }, { shape: input, stages: [], constants: before }).stages
}

/** The bias of a layer that mixes its inputs. */
export const biasOf = ({ parameters }: Stage): Path | undefined =>
  Object.entries(parameters).find(([, declared]) => declared.role === 'bias' && unitAxes(declared).output !== undefined)?.[0]

/** Why a constant input that is not 0 cannot be part of a layer's bias, or `undefined` where it can. */
export const refusal = (stage: Stage, { padded }: Mixed): string | undefined =>
  padded ? 'are constants, but not at the border, where the layer sees zeros'
  : biasOf(stage) === undefined ? 'are constants, and the layer has no bias to hold them' : undefined
