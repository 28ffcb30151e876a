/** Inference: the model applied to examples, with given values. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sameShape, showShape, sizeOf, type Shape } from '../expr/shape.js'
import type { Engine } from '../engine/engine.js'
import { reference } from '../engine/reference/reference.js'
import { infer } from '../layer/scope.js'
import { issue, type Issue } from '../part/issue.js'
import type { ByPath } from '../part/path.js'
import { rows, type Tensor } from '../tensor/tensor.js'
import { unlessIssues } from './build.js'
import { forward, type Model } from './model.js'
import { declarations } from './values.js'

/** How many examples go through a model at a time. */
const chunk = 256

/** What is wrong with examples for a model: rank, width, values that are not finite. */
export const inputIssues = (path: string, input: Shape, x: Tensor): readonly Issue[] => {
  const bad = x.data.findIndex((v) => !Number.isFinite(v))
  return [
    ...(sameShape(x.shape.slice(1), input) && x.shape.length > 0 ? [] : [issue(path, `shape ${showShape(x.shape)}`, `[examples, ${input.join(', ')}]`)]),
    ...(bad < 0 ? [] : [issue(`${path}[${cell(x.shape, bad)}]`, String(x.data[bad]), 'a finite number')])
  ]
}

const cell = (shape: Shape, at: number): string =>
  shape.map((d, a) => Math.floor(at / sizeOf(shape.slice(a + 1))) % d).join(', ')

/** Applies expressions of a batch to all rows of `x`, a chunk at a time; `of` builds them for a chunk of a size. */
export const overRows = (engine: Engine, of: (x: Expr) => readonly Expr[], values: ByPath<ArrayLike<number>>, x: Tensor): readonly Tensor[] => {
  const total = x.shape[0]
  const sizes = Array.from({ length: Math.ceil(total / chunk) }, (_, i) => Math.min(chunk, total - i * chunk))
  const forSize = new Map([...new Set([...sizes, ...(total === 0 ? [0] : [])])].map((n) => {
    const roots = of(variable('batch/x', [n, ...x.shape.slice(1)]))
    return [n, { roots, evaluate: engine.evaluate(roots) }]
  }))
  const parts = sizes.map((n, i) => {
    const part = rows(x, i * chunk, i * chunk + n)
    return forSize.get(n)?.evaluate({ values: (path) => (path === 'batch/x' ? part.data : values[path]), seed: 0, step: 0, position: 0 }).map((v) => v.slice()) ?? []
  })
  const shapes = [...forSize.values()][0].roots.map((r) => r.shape.slice(1))
  return shapes.map((shape, k) => {
    const data = new Float64Array(total * sizeOf(shape))
    parts.forEach((p, i) => { data.set(p[k], i * chunk * sizeOf(shape)) })
    return { _tag: 'Tensor', shape: [total, ...shape], data }
  })
}

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
 * and noise do nothing. Errors: values missing or misshapen, examples of another width, numbers that are not finite.
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
export const predict = (model: Model, values: ByPath<Tensor>, engine: Engine = reference()) => (x: Tensor): E.Either<NEA.NonEmptyArray<Issue>, Tensor> =>
  unlessIssues([...valueIssues(model, values), ...inputIssues('x', model.input, x)], () =>
    overRows(engine, (e) => [forward(model, infer)(e).y], Object.fromEntries(Object.entries(values).map(([p, t]) => [p, t.data])), x)[0])
