/** Inference: the model applied to examples, with given values. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import { anyNumber } from '../expr/leaf.js'
import { sameShape, showShape, sizeOf, type Shape } from '../expr/shape.js'
import type { Engine } from '../engine/engine.js'
import { defaultEngine } from '../engine/default.js'
import { infer } from '../layer/scope.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { firstOutside } from '../part/outside.js'
import type { ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { forward, type Model } from './model.js'
import { overRows } from './overRows.js'
import { declarations } from './values.js'

/** What is wrong with examples for a model: rank, width, values that are not finite. */
export const inputIssues = (path: string, input: Shape, x: Tensor): readonly Issue[] => {
  const bad = firstOutside(x.data, anyNumber)
  const fits = sameShape(x.shape.slice(1), input) && x.shape.length > 0
  return [
    ...(fits ? [] : [issue(path, `shape ${showShape(x.shape)}`, `[examples, ${input.join(', ')}]`)]),
    ...(bad < 0 ? [] : [issue(`${path}[${cell(x.shape, bad)}]`, String(x.data[bad]), 'a finite number')])
  ]
}

const cell = (shape: Shape, at: number): string =>
  shape.map((d, a) => Math.floor(at / sizeOf(shape.slice(a + 1))) % d).join(', ')

/** What is missing of, or misshapen in, the values that a model needs. */
export const valueIssues = (model: Model, values: ByPath<Tensor>): readonly Issue[] => {
  const { parameters, state } = declarations(model)
  return Object.entries<{ readonly shape: Shape }>({ ...parameters, ...state }).flatMap(([path, { shape }]) =>
    values[path] === undefined ? [issue(path, 'no value', `a tensor ${showShape(shape)}`)]
    : sameShape(values[path].shape, shape) ? []
    : [issue(path, `shape ${showShape(values[path].shape)}`, showShape(shape))])
}

/**
 * Predictions of a model with given values (parameters and layer state by path): [examples, …input] → [examples, …output]. Dropout
 * and noise do nothing. Default: the engine `defaultEngine()`, in float32. Errors: values missing or misshapen, examples of another
 * width, numbers that are not finite.
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
  return (x: Tensor): E.Either<NEA.NonEmptyArray<Issue>, Tensor> =>
    unlessIssues([...valueIssues(model, values), ...inputIssues('x', model.input, x)], () =>
      rows(x.shape[0], { 'batch/x': x }, { values: (path) => values[path].data, seed: 0, step: 0, position: 0 })[0])
}
