/** Training on sparse rows as an operator: from sparse batches to the states of a run. */
import { map, type OperatorFunction } from 'rxjs'
import type { Folded, TrainState } from '../engine/engine.js'
import type { SparseBatch } from '../sparse/batch.js'
import { sparseRun } from '../sparse/fold.js'
import type { SparseTrainer } from '../sparse/trainer.js'
import { lackingRows } from '../training/lacking.js'
import { oneByOne } from './learner.js'
import { pushed, type TrainOptions } from './pushed.js'

const numbersOf = (batch: SparseBatch): number => {
  if (lackingRows(batch).length > 0) return 0
  const { x: { shape: [rows], offsets }, y } = batch
  return 2 * (offsets[rows] - offsets[0]) + y.data.length
}

const operator = (t: SparseTrainer, options: TrainOptions, keep: boolean): OperatorFunction<SparseBatch, Folded> =>
  pushed((from) => {
    const { step, state, learn } = sparseRun(t, from)
    return { step, state, learn: oneByOne(learn) }
  }, numbersOf)(t, options, keep)

/**
 * The states of a run, from sparse batches as they arrive: `foldSparse`, with time. A step costs what its non-zeros cost, a state that is
 * emitted what the features cost: at each step unless `emit` says otherwise. Everything else is as `train` does it: the last state is that
 * of `foldSparse`, bit for bit, whatever arrives when and however often a state is emitted; errors are its error notifications.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { from, lastValueFrom } from 'rxjs'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { csr, sparseBatches, sparseTrainer } from 'tikhonov/sparse'
 * import { trainSparse } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * import { parametersOf } from 'tikhonov/training'
 * const weights = await F.pipe(
 *   sequential([5], dense(1, { useBias: false, kernelInitializer: zeros })),
 *   E.chain((model) => sparseTrainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.bindTo('t'),
 *   E.bind('x', () => csr([2, 5], [0, 1, 3], [4, 0, 3], [1, 1, 2])),
 *   E.map(async ({ t, x }) => {
 *     const state = await lastValueFrom(from(sparseBatches({ x, y: tensor([2, 4]) })).pipe(trainSparse(t, { emit: Infinity })))
 *     return [...parametersOf(t, state)['dense/0/kernel'].data]
 *   }),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * weights // => [2, 0, 0, 4, 1]
 * ```
 */
export const trainSparse = (t: SparseTrainer, options: TrainOptions = {}): OperatorFunction<SparseBatch, TrainState> => (source) =>
  source.pipe(operator(t, options, false), map(({ state }) => state))

/**
 * The same, each state with the reports of all steps since the one emitted before.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { from, lastValueFrom } from 'rxjs'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { csr, sparseBatches, sparseTrainer } from 'tikhonov/sparse'
 * import { trainSparseWithReports } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * const losses = await F.pipe(
 *   sequential([5], dense(1, { useBias: false, kernelInitializer: zeros })),
 *   E.chain((model) => sparseTrainer({ model, loss: mse(), optimizer: sgd(0.25) })),
 *   E.bindTo('t'),
 *   E.bind('x', () => csr([2, 5], [0, 1, 3], [4, 0, 3], [1, 1, 2])),
 *   E.map(async ({ t, x }) => {
 *     const source = from(sparseBatches({ x, y: tensor([2, 4]) }))
 *     const { reports } = await lastValueFrom(source.pipe(trainSparseWithReports(t, { emit: Infinity })))
 *     return reports.map(({ data }) => data)
 *   }),
 *   E.getOrElseW((issues) => Promise.reject(issues))
 * )
 * losses // => [4, 16]
 * ```
 */
export const trainSparseWithReports = (t: SparseTrainer, options: TrainOptions = {}): OperatorFunction<SparseBatch, Folded> =>
  operator(t, options, true)
