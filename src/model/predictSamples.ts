/** Monte-Carlo dropout: predictions with dropout awake, again and again. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import { topological } from '../expr/graph.js'
import { hyperOf, variable } from '../expr/leaf.js'
import type { Expr, Run } from '../expr/node.js'
import type { Engine } from '../engine/engine.js'
import { defaultEngine } from '../engine/default.js'
import { sampling } from '../layer/scope.js'
import { unlessIssues, type Issue } from '../part/issue.js'
import type { ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { collisions } from './build.js'
import { forward, type Model } from './model.js'
import { inputIssues, valueIssues } from './predict.js'
import {
  sampleIssues, sampler, samplesIssues, type ProbabilityOptions, type SampledProbabilities, type Samples, type SamplesOptions
} from './sampled.js'

/** Values by path; hyper-parameters, which rates may be, as they are at step 0. */
const reading = (roots: readonly Expr[], values: ByPath<Tensor>): Run['values'] => {
  const hypers = new Map(topological(roots).flatMap((e) => hyperOf(e) ?? []).map(({ path, at }) => [path, [at(0)]]))
  return (path) => hypers.get(path) ?? values[path].data
}

/**
 * Samples of the predictions of a model with given values: dropout and noise are awake, everything else, batch normalisation above all, is
 * in inference. [examples, …input] → samples [n, examples, …output], their mean and variance; with `probabilities` also the predictive
 * entropy and the mutual information, in nats.
 *
 * A sample is one sub-network for all examples: its masks depend on the seed, the number of the sample and the path of the layer, and are
 * the same in each row, so that a difference between examples is no noise of masks, and neither their number nor their order matters. n
 * samples are the first n of n + m. Their mean is an average of sub-networks that share weights (Baldi & Sadowski 2013): for a model that
 * is linear after its dropout its expectation is `predict`. Memory grows with the samples, which are kept; one program is compiled.
 *
 * A model without dropout or noise has no variance. `variance` is that of the mean output alone: a regression adds the noise of its data.
 *
 * Defaults: seed 0, the engine `defaultEngine()`. Errors: fewer than 1 sample, a seed out of range, values missing or misshapen, examples
 * of another width or not finite, samples that are not finite, and that are no probabilities where `probabilities` is told.
 * Gal & Ghahramani 2016. Laws: `samplesLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dropout } from 'tikhonov/dropout'
 * import { dense } from 'tikhonov/layers'
 * import { predictSamples, sequential } from 'tikhonov/model'
 * import { tensor } from 'tikhonov/tensor'
 * const values = { 'dense/0/kernel': tensor([[2], [3]]), 'dense/0/bias': tensor([1]) }
 * F.pipe(
 *   sequential([2], dropout(0.5), dense(1)),
 *   E.chain((m) => predictSamples(m, values, { samples: 1000, seed: 1 })(tensor([[1, 1], [2, 2]]))),
 *   E.map(({ samples, mean }) => [samples.shape, Math.abs(mean.data[0] - 6) < 0.5, Math.abs(mean.data[1] - 11) < 1])
 * ) // => E.right([[1000, 2, 1], true, true])
 * ```
 */
export function predictSamples(
  model: Model, values: ByPath<Tensor>, options: ProbabilityOptions, engine?: Engine
): (x: Tensor) => E.Either<NEA.NonEmptyArray<Issue>, SampledProbabilities>
export function predictSamples(
  model: Model, values: ByPath<Tensor>, options: SamplesOptions, engine?: Engine
): (x: Tensor) => E.Either<NEA.NonEmptyArray<Issue>, Samples>
export function predictSamples(
  model: Model, values: ByPath<Tensor>, options: SamplesOptions & Partial<ProbabilityOptions>, engine: Engine = defaultEngine()
): (x: Tensor) => E.Either<NEA.NonEmptyArray<Issue>, Samples> {
  const predicted = (x: Expr): Expr => forward(model, sampling)(x).y
  const roots = [predicted(variable('batch/x', [1, ...model.input]))]
  const draw = sampler(engine, model.input, model.output, predicted, options.probabilities)
  const known = [...samplesIssues(options), ...valueIssues(model, values, engine.precision), ...collisions(roots)]
  return (x) => F.pipe(
    unlessIssues([...known, ...inputIssues('x', model.input, x, engine.precision)], () => draw(x, options, reading(roots, values))),
    E.chain((found) => unlessIssues(sampleIssues(found, options.probabilities), () => found))
  )
}
