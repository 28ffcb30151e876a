/** The Sonar network with a penalty of each kind, trained on one split with probes. */
import { either as E, function as F } from 'fp-ts'
import { batches, fold, type Report, sequential, start, tensor, trainer } from 'tikhonov'
import { maxNorm } from 'tikhonov/constraints'
import type { ByPath } from 'tikhonov/layer'
import { dense, relu, sigmoid } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { sgd } from 'tikhonov/optimizers'
import { bites, gradientShare, kkt, norm, zeros } from 'tikhonov/probes'
import { exact, l1, l2 } from 'tikhonov/regularizers'
import type { Tensor } from 'tikhonov/tensor'
import { parametersOf } from 'tikhonov/training'
import { experiments } from '../cases.js'
import { load } from '../data/load.js'
import { splitOf } from '../regularization/split.js'

/** A run: what it reported, and its kernels before and after. */
export interface Told {
  readonly reports: readonly Report[]
  readonly before: ByPath<Tensor>
  readonly after: ByPath<Tensor>
}

const kernels = (values: ByPath<Tensor>): ByPath<Tensor> =>
  Object.fromEntries(Object.entries(values).filter(([path]) => path.endsWith('/kernel')))

/** Exact L1 on the inputs, L2 and a cap on what comes after. */
const network = sequential(
  [60],
  dense(60, { activation: relu, kernelRegularizer: exact(l1(0.002)) }),
  dense(30, { activation: relu, kernelRegularizer: l2(0.001), kernelConstraint: maxNorm(1.5) }),
  dense(1, { activation: sigmoid, kernelRegularizer: l2(0.001) })
)

/** Trains for some epochs of batches of 16. */
export const run = (epochs: number): E.Either<string, Told> => F.pipe(
  load('sonar'),
  E.chainW((all) => F.pipe(
    network,
    E.chain((model) => trainer({
      model, loss: binaryCrossEntropy(), optimizer: sgd(0.05, { momentum: 0.9 }), probes: [zeros, kkt, gradientShare, bites, norm('l2')]
    })),
    E.bindTo('t'),
    E.bind('data', () => {
      const { x, y } = splitOf(experiments[2], all, 1).train
      return batches({ x: tensor(x), y: tensor(y.map((label) => [label])) }, { size: 16, epochs, shuffle: { seed: 1 } })
    }),
    E.chainW(({ t, data }) => {
      const first = start(t, 1)
      return F.pipe(fold(t)(first, data), E.map(({ state, reports }): Told =>
        ({ reports, before: kernels(parametersOf(t, first)), after: kernels(parametersOf(t, state)) })))
    })
  )),
  E.mapLeft((error) => JSON.stringify(error))
)
