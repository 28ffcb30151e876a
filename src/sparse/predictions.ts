/** Predictions for sparse rows: each by the rows of the kernel that it has. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import { defaultEngine } from '../engine/default.js'
import type { Engine, TrainState } from '../engine/engine.js'
import { variable } from '../expr/leaf.js'
import type { Expr, Run } from '../expr/node.js'
import { sizeOf } from '../expr/shape.js'
import { infer } from '../layer/scope.js'
import { forward, type Model } from '../model/model.js'
import { unlessInfinite, valueIssues } from '../model/predict.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import { once, onceFor } from '../part/once.js'
import type { ByPath, Path } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { hypersIn, reading, stateIssues } from '../training/reading.js'
import { rowIssues } from './batch.js'
import type { Csr } from './csr.js'
import { gather } from './entries.js'
import { kernelIssues, kernelOf, roomFor } from './kernel.js'
import type { SparseTrainer } from './trainer.js'

type Predicted = E.Either<NEA.NonEmptyArray<Issue>, Tensor>

/** Where the kernel is, and its values. */
interface Kernel { readonly path: Path; readonly values: ArrayLike<number> }

/** An expression of one row, for all rows: `of` makes it of a row with so many of the features. Bind once, apply often. */
const overEntries = (engine: Engine, of: (x: Expr) => Expr) => {
  const Block = engine.precision === 'float64' ? Float64Array : Float32Array
  const sized = once((width) => {
    const root = of(variable('batch/x', [1, width]))
    return { root, evaluate: once(() => engine.evaluate([root])), x: new Block(width) }
  })
  return ({ shape: [rows, features], offsets, indices, values }: Csr, kernel: Kernel, at: Run): Tensor => {
    const widthFor = (entries: number): number => Math.min(features, roomFor(entries))
    const { root } = sized(widthFor(0))
    const [size, units] = [sizeOf(root.shape), kernel.values.length / features]
    const data = new Float64Array(rows * size)
    const rowsOf = once((width) => new Block(width * units))
    offsets.subarray(0, rows).forEach((from, row) => {
      const end = offsets[row + 1]
      const width = widthFor(end - from)
      const { evaluate, x } = sized(width)
      const few = rowsOf(width)
      gather(kernel.values, { offset: 0, width: units }, indices.subarray(from, end), few, 0, width)
      x.fill(0).set(values.subarray(from, end))
      const given: ByPath<Float64Array | Float32Array> = { 'batch/x': x, [kernel.path]: few }
      data.set(evaluate(0)({ ...at, values: (path) => given[path] ?? at.values(path) })[0], row * size)
    })
    return { _tag: 'Tensor', shape: [rows, ...root.shape.slice(1)], data }
  }
}

/**
 * Predictions of a model with given values for sparse rows: what `predict` gives of the same rows written densely, at the cost of the
 * non-zeros. [examples, features] → [examples, …output]. Default: the engine `defaultEngine()`. Errors: a first layer that is not
 * `dense` on [features], values missing or misshapen, rows that do not fit: another number of columns, columns out of range, descending or
 * twice in a row, numbers that are not finite. Laws: `sparseLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * import { csr, predictSparse } from 'tikhonov/sparse'
 * import { tensor } from 'tikhonov/tensor'
 * const values = { 'dense/0/kernel': tensor([[2], [3], [5]]), 'dense/0/bias': tensor([1]) }
 * F.pipe(
 *   sequential([3], dense(1)),
 *   E.bindTo('model'),
 *   E.bind('x', () => csr([2, 3], [0, 2, 2], [0, 2], [1, 2])),
 *   E.chain(({ model, x }) => predictSparse(model, values)(x)),
 *   E.map((y) => [...y.data])
 * ) // => E.right([13, 1])
 * ```
 */
export const predictSparse = (model: Model<readonly [number]>, values: ByPath<Tensor>, engine: Engine = defaultEngine()) => {
  const rows = overEntries(engine, (x) => forward(model, infer)(x).y)
  const path = kernelOf(model)
  const known = [...kernelIssues(model), ...valueIssues(model, values, engine.precision)]
  return (x: Csr): Predicted => F.pipe(
    unlessIssues([...known, ...rowIssues('x', x, model.input[0])], () =>
      rows(x, { path, values: values[path].data }, { values: (of) => values[of].data, seed: 0, step: 0, position: 0 })),
    E.chain(unlessInfinite('predictions'))
  )
}

const predictor = onceFor((t: SparseTrainer) => {
  const linked = (x: Expr): Expr => {
    const { y } = forward(t.model, infer)(x)
    return t.loss.link?.(y) ?? y
  }
  return { hypers: hypersIn([linked(variable('batch/x', [1, ...t.model.input]))]), rows: overEntries(t.engine, linked) }
})

/**
 * Predictions of a state for sparse rows, through the link of its loss: what `predictions` gives of the same rows written densely, at the
 * cost of the non-zeros. Errors: a state of another trainer, rows that do not fit, predictions that are not finite. Laws: `sparseLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { ftrl } from 'tikhonov/optimizers'
 * import { csr, predictionsSparse, sparseTrainer } from 'tikhonov/sparse'
 * import { toNested } from 'tikhonov/tensor'
 * import { start } from 'tikhonov/training'
 * F.pipe(
 *   sequential([65536], dense(1, { kernelInitializer: zeros })),
 *   E.chain((model) => sparseTrainer({ model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: ftrl(0.1) })),
 *   E.bindTo('t'),
 *   E.bind('x', () => csr([1, 65536], [0, 2], [7, 65535], [1, 1])),
 *   E.chain(({ t, x }) => predictionsSparse(t, start(t))(x)),
 *   E.map(toNested)
 * ) // => E.right([[0.5]])
 * ```
 */
export const predictionsSparse = (t: SparseTrainer, state: TrainState) => (x: Csr): Predicted => F.pipe(
  unlessIssues([...stateIssues(t, state), ...rowIssues('x', x, t.sparse.features)], () => predictor(t)),
  E.map(({ hypers, rows }) => {
    const { run } = reading(t, hypers, state)
    const path = kernelOf(t.model)
    return rows(x, { path, values: run.values(path) }, run)
  }),
  E.chain(unlessInfinite('predictions'))
)
