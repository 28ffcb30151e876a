/** Monte-Carlo samples of the predictions of a state. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import type { TrainState } from '../engine/engine.js'
import { sampling } from '../layer/scope.js'
import { collisions } from '../model/build.js'
import { forward } from '../model/model.js'
import { inputIssues } from '../model/predict.js'
import {
  sampleIssues, sampler, samplesIssues, type Probabilities, type ProbabilityOptions, type SampledProbabilities, type Samples,
  type SamplesOptions
} from '../model/sampled.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import { onceFor } from '../part/once.js'
import type { Tensor } from '../tensor/tensor.js'
import { hypersIn, reading, stateIssues } from './reading.js'
import type { Trainer } from './trainer.js'

const bind = (t: Trainer) => {
  const predicted = (x: Expr): Expr => {
    const { y } = forward(t.model, sampling)(x)
    return t.loss.link?.(y) ?? y
  }
  const one = predicted(variable('batch/x', [1, ...t.model.input]))
  const of = (kind?: Probabilities) => sampler(t.engine, t.model.input, one.shape.slice(1), predicted, kind)
  const drawn = { plain: of(), categorical: of('categorical'), binary: of('binary') }
  return { hypers: hypersIn([one]), issues: collisions([one]), drawn }
}

const bound = onceFor(bind)

/**
 * `predictSamples` of a state, through the link of its loss: probabilities also where the model ends in logits. On the trainer's engine,
 * with one program for a trainer and kind of prediction; hyper-parameters are those that the last step used, else their defaults.
 *
 * The seed is one of its own, 0 unless told: samples repeat no mask of the training run. Errors: those of `predictSamples`, a state of
 * another trainer. Gal & Ghahramani 2016. Laws: `samplesLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dropout } from 'tikhonov/dropout'
 * import { reference } from 'tikhonov/engine'
 * import { zeros } from 'tikhonov/initializers'
 * import { dense } from 'tikhonov/layers'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { predictionSamples, start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dropout(0.5), dense(1, { kernelInitializer: zeros })),
 *   E.chain((model) => trainer({ model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: sgd(0.1), engine: reference() })),
 *   E.chain((t) => predictionSamples(t, start(t), { samples: 10, probabilities: 'binary' })(tensor([[7, 8]]))),
 *   E.map(({ mean, variance, entropy }) => [mean.data[0], variance.data[0], entropy.data[0]])
 * ) // => E.right([0.5, 0, Math.LN2])
 * ```
 */
export function predictionSamples(
  t: Trainer, state: TrainState, options: ProbabilityOptions
): (x: Tensor) => E.Either<NEA.NonEmptyArray<Issue>, SampledProbabilities>
export function predictionSamples(
  t: Trainer, state: TrainState, options: SamplesOptions
): (x: Tensor) => E.Either<NEA.NonEmptyArray<Issue>, Samples>
export function predictionSamples(
  t: Trainer, state: TrainState, options: SamplesOptions & Partial<ProbabilityOptions>
): (x: Tensor) => E.Either<NEA.NonEmptyArray<Issue>, Samples> {
  const { hypers, issues, drawn } = bound(t)
  const draw = drawn[options.probabilities ?? 'plain']
  return (x) => F.pipe(
    unlessIssues([
      ...samplesIssues(options), ...issues, ...stateIssues(t, state), ...inputIssues('x', t.model.input, x, t.engine.precision)
    ], () =>
      draw(x, options, reading(t, hypers, state).run.values)),
    E.chain((found) => unlessIssues(sampleIssues(found, options.probabilities), () => found))
  )
}
