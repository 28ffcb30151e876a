/** Predictions of a state. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import type { TrainState } from '../engine/engine.js'
import { infer } from '../layer/scope.js'
import { forward } from '../model/model.js'
import { overRows } from '../model/overRows.js'
import { inputIssues, unlessInfinite } from '../model/predict.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import { onceFor } from '../part/once.js'
import type { Tensor } from '../tensor/tensor.js'
import { hypersIn, reading, stateIssues } from './reading.js'
import type { Trainer } from './trainer.js'

const predictor = onceFor((t: Trainer) => {
  const linked = (x: Expr): Expr => {
    const { y } = forward(t.model, infer)(x)
    return t.loss.link?.(y) ?? y
  }
  return {
    hypers: hypersIn([linked(variable('batch/x', [1, ...t.model.input]))]),
    rows: overRows(t.engine, { 'batch/x': t.model.input }, (by) => [linked(by['batch/x'])])
  }
})

/**
 * Predictions of a state, through the link of its loss: probabilities also where the model ends in logits. [examples, …input] →
 * [examples, …output], in inference mode, memory bounded.
 *
 * Errors: a state of another trainer, examples of another width, data that does not fill its shape, numbers that are not finite,
 * before and after.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor, toNested } from 'tikhonov/tensor'
 * import { predictions, start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1, { kernelInitializer: zeros })),
 *   E.chain((model) => trainer({ model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: sgd(0.1) })),
 *   E.chain((t) => predictions(t, start(t))(tensor([[7]]))),
 *   E.map(toNested)
 * ) // => E.right([[0.5]])
 * ```
 */
export const predictions = (t: Trainer, state: TrainState) => (x: Tensor): E.Either<NEA.NonEmptyArray<Issue>, Tensor> =>
  F.pipe(
    unlessIssues([...stateIssues(t, state), ...inputIssues('x', t.model.input, x, t.engine.precision)], () => predictor(t)),
    E.map(({ hypers, rows }) => rows(x.shape[0], { 'batch/x': x }, reading(t, hypers, state).run)[0]),
    E.chain(unlessInfinite('predictions'))
  )
