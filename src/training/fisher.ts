/** How much each parameter matters to a model on data: the diagonal of the Fisher information. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import { gradient } from '../expr/gradient.js'
import { mul } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { variable } from '../expr/leaf.js'
import { sizeOf } from '../expr/shape.js'
import type { Batch, TrainState } from '../engine/engine.js'
import { infer } from '../layer/scope.js'
import { forward } from '../model/model.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import { onceFor } from '../part/once.js'
import type { ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { batchIssues } from './batch.js'
import { hypersIn, reading, stateIssues } from './reading.js'
import type { Trainer } from './trainer.js'

/** The squares of the derivatives of one example's loss by each parameter. */
const bind = onceFor(({ model, loss, engine }: Trainer) => {
  const { y, parameters } = forward(model, infer)(variable('batch/x', [1, ...model.input]))
  const wanted = loss.wanted(y.shape).shape
  const paths = Object.keys(parameters)
  const slopes = gradient(sum(loss.each(y, variable('batch/y', wanted))), paths.map((path) => variable(path, parameters[path].shape)))
  return {
    shapes: Object.fromEntries(paths.map((path) => [path, parameters[path].shape])),
    wanted, hypers: hypersIn(slopes), squares: engine.evaluate(slopes.map((d) => mul(d, d)))
  }
})

const row = ({ data }: Tensor, i: number, size: number) => data.subarray(i * size, (i + 1) * size)

/**
 * The diagonal of the empirical Fisher information of a state on examples: for each parameter the mean over the examples of (∂ℓ/∂w)², ℓ the
 * loss of one example in inference mode, without penalties. Where ℓ is −ln p (a cross-entropy) that is how much a weight mattered to
 * what was learned of them: what `elasticWeightConsolidation` wants. It takes the examples' own labels, not labels drawn from the model
 * (Kunstner, Hennig & Balles 2019 tell them apart). One backward pass an example. Errors: what `fold` finds wrong with a batch, a state of
 * another trainer. Kirkpatrick et al. 2017.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { fisherDiagonal, start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dense(1, { kernelInitializer: zeros, useBias: false })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.chain((t) => fisherDiagonal(t, start(t))({ x: tensor([[1, 0], [3, 0]]), y: tensor([[1], [1]]) })),
 *   E.map((fisher) => Array.from(fisher['dense/0/kernel'].data))
 * ) // => E.right([20, 0])
 * ```
 */
export const fisherDiagonal = (t: Trainer, state: TrainState) =>
  (batch: Batch): E.Either<NEA.NonEmptyArray<Issue>, ByPath<Tensor>> =>
    unlessIssues([...stateIssues(t, state), ...batchIssues(t, batch)], () => {
      const { shapes, wanted, hypers, squares } = bind(t)
      const { run } = reading(t, hypers, state, batch.hyper)
      const examples = batch.count ?? batch.x.shape[0]
      const of = (i: number) => {
        const [x, y] = [row(batch.x, i, sizeOf(t.model.input)), row(batch.y, i, sizeOf(wanted))]
        return squares({ ...run, values: (path) => (path === 'batch/x' ? x : path === 'batch/y' ? y : run.values(path)) })
      }
      const totals = Array.from({ length: examples }).reduce<readonly Float64Array[]>(
        (sums, _, i) => of(i).map((values, k) => Float64Array.from(values, (v, e) => v / examples + (sums[k]?.[e] ?? 0))), [])
      return Object.fromEntries(Object.keys(shapes).map((path, k): [string, Tensor] =>
        [path, { _tag: 'Tensor', shape: shapes[path], data: totals[k] }]))
    })
