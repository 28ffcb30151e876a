/** The network of 500-32-7, without and with a group lasso on its first kernel; everything else is the same. */
import { either as E, function as F } from 'fp-ts'
import { batches, evaluate, fold, sequential, start, trainer, type Trainer, type TrainState } from 'tikhonov'
import { hyper } from 'tikhonov/expr'
import { dense, relu, softmax } from 'tikhonov/layers'
import { sparseCategoricalCrossEntropy } from 'tikhonov/losses'
import { accuracy } from 'tikhonov/metrics'
import { sgd } from 'tikhonov/optimizers'
import { exact, groupLasso } from 'tikhonov/regularizers'
import { parametersOf, type Examples } from 'tikhonov/training'
import { partsOf, type Samples } from './data.js'

/** Strengths that are tried; 0 is the network without. */
export const lambdas = [0, 0.003, 0.01, 0.03, 0.1, 0.3] as const

export interface Measured {
  readonly loss: number
  readonly accuracy: number
}

/** A network of one strength after its training. */
export interface Fitted {
  readonly seed: number
  readonly lambda: number
  /** The genes that it reads: those with a weight that is not 0. */
  readonly genes: readonly string[]
  readonly choose: Measured
  readonly test: Measured
}

/** The strength is a hyper-parameter, so that one compiled program serves all. */
const strength = hyper('lambda', 0, { min: 0, max: Infinity, open: 'max' })

const learner = F.pipe(
  sequential(
    [500],
    dense(32, { activation: relu, kernelRegularizer: exact(groupLasso(strength, { groups: 'outgoing' })) }),
    dense(7, { activation: softmax })
  ),
  E.chain((model) => trainer({
    model, loss: sparseCategoricalCrossEntropy(), optimizer: sgd(0.02, { momentum: 0.9 }), metrics: [accuracy()]
  }))
)

const measure = (t: Trainer, state: TrainState, examples: Examples, lambda: number) => F.pipe(
  evaluate(t)(state, { ...examples, hyper: { lambda } }),
  E.map(({ data, metrics }): Measured => ({ loss: data, accuracy: metrics.accuracy ?? NaN }))
)

const read = (t: Trainer, state: TrainState, genes: readonly string[]): readonly string[] => {
  const { shape: [, units], data } = parametersOf(t, state)['dense/0/kernel']
  return genes.filter((_, gene) => data.subarray(gene * units, (gene + 1) * units).some((w) => w !== 0))
}

/** Trains the network of one strength on the split of a seed, from that seed's first weights. */
export const fit = (samples: Samples, { seed, lambda, epochs }: {
  readonly seed: number
  readonly lambda: number
  readonly epochs: number
}): E.Either<string, Fitted> => {
  const parts = partsOf(samples, seed)
  return F.pipe(
    E.Do,
    E.bindW('t', () => learner),
    E.bindW('data', () => batches(parts.train, { size: 25, epochs, shuffle: { seed } })),
    E.bindW('state', ({ t, data }) => F.pipe(
      fold(t)(start(t, seed), [...data].map((batch) => ({ ...batch, hyper: { lambda } }))),
      E.map(({ state }) => state)
    )),
    E.bindW('choose', ({ t, state }) => measure(t, state, parts.choose, lambda)),
    E.bindW('test', ({ t, state }) => measure(t, state, parts.test, lambda)),
    E.bimap((error) => JSON.stringify(error), ({ t, state, choose, test }) =>
      ({ seed, lambda, genes: read(t, state, samples.genes), choose, test }))
  )
}

/** The strongest of those that are as accurate as the best, on the part for choosing. */
export const chosen = (fits: readonly Fitted[]): Fitted => {
  const best = Math.max(...fits.map(({ choose }) => choose.accuracy))
  return fits.filter(({ choose }) => choose.accuracy === best).reduce((a, b) => (b.lambda > a.lambda ? b : a))
}
