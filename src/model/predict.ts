/** Inference: the model applied to examples, with given values. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import type { Range } from '../expr/leaf.js'
import { sameShape, showShape, sizeOf, type Shape } from '../expr/shape.js'
import type { Engine } from '../engine/engine.js'
import { defaultEngine } from '../engine/default.js'
import { infer } from '../layer/scope.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { firstOutside } from '../part/outside.js'
import type { ByPath } from '../part/path.js'
import { fills, type Tensor } from '../tensor/tensor.js'
import { forward, type Model } from './model.js'
import { overRows } from './overRows.js'
import { declarations } from './values.js'

/** What an engine's numbers may be: those that do not become infinite in its precision. */
const finiteIn: Readonly<Record<Engine['precision'], Range>> = {
  float64: { min: -Infinity, max: Infinity, open: 'both' },
  // Halfway from the largest float32 to what would be the next.
  float32: { min: -(2 - 2 ** -24) * 2 ** 127, max: (2 - 2 ** -24) * 2 ** 127, open: 'both' }
}

/** The first number that is not finite in a precision, by its place. */
export const finiteIssues = (path: string, { shape, data }: Tensor, precision: Engine['precision']): readonly Issue[] => {
  const bad = firstOutside(data, finiteIn[precision])
  return bad < 0 ? [] : [issue(`${path}${shape.length === 0 ? '' : `[${cell(shape, bad)}]`}`, String(data[bad]),
    Number.isFinite(data[bad]) ? `a finite number in ${precision}` : 'a finite number')]
}

/** What is wrong with a tensor of which the shape is as it should be: data that does not fill it, numbers that are not finite. */
export const contentIssues = (path: string, x: Tensor, precision: Engine['precision']): readonly Issue[] =>
  (fills(x) ? finiteIssues(path, x, precision) : [issue(path, showFilling(x), `${sizeOf(x.shape)} numbers in a typed array`)])

/** What a tensor's data is where it does not fill its shape. */
export const showFilling = ({ data }: Tensor): string =>
  (ArrayBuffer.isView(data) ? `${data.length} numbers` : 'data that is no typed array')

/** What is wrong with examples for a model: rank, width, data that does not fill the shape, values that are not finite. */
export const inputIssues = (path: string, input: Shape, x: Tensor, precision: Engine['precision'] = 'float64'): readonly Issue[] => {
  const fits = sameShape(x.shape.slice(1), input) && x.shape.length > 0
  return [
    ...(fits ? [] : [issue(path, `shape ${showShape(x.shape)}`, `[examples, ${input.join(', ')}]`)]),
    ...contentIssues(path, x, precision)
  ]
}

const cell = (shape: Shape, at: number): string =>
  shape.map((d, a) => Math.floor(at / sizeOf(shape.slice(a + 1))) % d).join(', ')

/** What is missing of, or misshapen in, or not finite among the values that a model needs. */
export const valueIssues = (model: Model, values: ByPath<Tensor>, precision: Engine['precision'] = 'float64'): readonly Issue[] => {
  const { parameters, state } = declarations(model)
  return Object.entries<{ readonly shape: Shape }>({ ...parameters, ...state }).flatMap(([path, { shape }]) =>
    values[path] === undefined ? [issue(path, 'no value', `a tensor ${showShape(shape)}`)]
    : sameShape(values[path].shape, shape) ? contentIssues(path, values[path], precision)
    : [issue(path, `shape ${showShape(values[path].shape)}`, showShape(shape))])
}

/** What was computed, if all of it is finite: a number that is not is no answer. */
export const unlessInfinite = (path: string) => (y: Tensor): E.Either<NEA.NonEmptyArray<Issue>, Tensor> =>
  unlessIssues(finiteIssues(path, y, 'float64'), () => y)

/**
 * Predictions of a model with given values (parameters and layer state by path): [examples, …input] → [examples, …output]. Dropout
 * and noise do nothing. Default: the engine `defaultEngine()`, in float32. Errors: values missing or misshapen, examples of another
 * width, data that does not fill its shape, numbers that are not finite in the engine's precision, and predictions that are not. Values
 * are looked at once, when they are given.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { predict, sequential } from 'tikhonov/model'
 * import { tensor } from 'tikhonov/tensor'
 * const values = { 'dense/0/kernel': tensor([[2], [3]]), 'dense/0/bias': tensor([1]) }
 * F.pipe(sequential([2], dense(1)), E.chain((m) => predict(m, values)(tensor([[1, 1]]))), E.map((y) => [...y.data])) // => E.right([6])
 * ```
 */
export const predict = (model: Model, values: ByPath<Tensor>, engine: Engine = defaultEngine()) => {
  const rows = overRows(engine, { 'batch/x': model.input }, (by) => [forward(model, infer)(by['batch/x']).y])
  const known = valueIssues(model, values, engine.precision)
  return (x: Tensor): E.Either<NEA.NonEmptyArray<Issue>, Tensor> => F.pipe(
    unlessIssues([...known, ...inputIssues('x', model.input, x, engine.precision)], () =>
      rows(x.shape[0], { 'batch/x': x }, { values: (path) => values[path].data, seed: 0, step: 0, position: 0 })[0]),
    E.chain(unlessInfinite('predictions'))
  )
}
