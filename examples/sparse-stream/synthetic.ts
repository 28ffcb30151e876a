/**
 * A stream of which few features matter: 5,000 samples of 100 features, y = x·w + ε, of which 10 have a weight, +1 and −1 in turn; x and ε
 * are N(0, 1). What it costs to keep weights at 0 that matter to nobody, while gradients never stop being noise.
 */
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import { batches, fold, sequential, showTrainError, start, tensor, trainer, type ModelError } from 'tikhonov'
import { defaultEngine } from 'tikhonov/engine'
import { zeros } from 'tikhonov/initializers'
import { showIssue } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { cumulativePenalty, ftrl, rda, sgd, truncatedGradient, type Optimizer } from 'tikhonov/optimizers'
import { draws } from 'tikhonov/random'
import { exact, l1, none, type Regularizer } from 'tikhonov/regularizers'
import { parametersOf, type Examples } from 'tikhonov/training'

const features = 100
const samples = 5000

/** The weight of each feature: every tenth has one. */
export const truth: readonly number[] = Array.from({ length: features }, (_, i) => (i % 10 === 0 ? (i % 20 === 0 ? 1 : -1) : 0))

/** The stream under a seed; `count` of its samples. */
export const stream = (seed: number, count = samples): Examples => {
  const { normal } = draws('perExample', 'stream')
  const [drawn, noise] = defaultEngine().evaluate([normal('x', [count, features]), normal('noise', [count])])(
    { values: () => new Float64Array(0), seed, step: 0, position: 0 })
  const x = drawn.slice()
  const said = (row: number): number => truth.reduce((sum, w, i) => sum + w * x[row * features + i], noise[row])
  return { x: tensor(x, [count, features]), y: tensor(Float64Array.from({ length: count }, (_, row) => said(row)), [count, 1]) }
}

/** A way of penalising, with its settings. */
export interface Setting {
  readonly name: string
  readonly lambda: number
  readonly optimizer: Optimizer
  readonly penalty: Regularizer
}

const rate = 0.002

/**
 * One rate for all that descend, λ of the mean of losses, of FTRL of their sum. Of streams of this kind an independent implementation
 * kept: cumulative penalty and RDA 10, FTRL 11, truncated gradient 85, forward-backward 98, subgradient 100.
 */
export const settings: readonly Setting[] = [
  { name: 'cumulative penalty', lambda: 0.2, optimizer: cumulativePenalty(rate, { lambda: 0.2 }), penalty: none },
  { name: 'rda', lambda: 0.2, optimizer: rda(0.02, { penalty: l1(0.2) }), penalty: none },
  { name: 'ftrl', lambda: 300, optimizer: ftrl(0.5, { penalty: l1(300) }), penalty: none },
  { name: 'truncated gradient', lambda: 0.2, optimizer: truncatedGradient(rate, { gravity: 0.2 }), penalty: none },
  { name: 'forward-backward', lambda: 0.2, optimizer: sgd(rate), penalty: exact(l1(0.2)) },
  { name: 'subgradient', lambda: 0.2, optimizer: sgd(rate), penalty: l1(0.2) }
]

/** How many weights are not 0, and how many of the ten that matter are among them. */
export interface Kept {
  readonly nonzeros: number
  readonly found: number
}

const told = E.mapLeft((issues: N.NonEmptyArray<ModelError>) => issues.map(showIssue).join('; '))

/** What is kept of a stream after one pass, one sample at a time. */
export const keep = ({ optimizer, penalty }: Setting, data: Examples): E.Either<string, Kept> => F.pipe(
  told(sequential([features], dense(1, { kernelInitializer: zeros, kernelRegularizer: penalty }))),
  E.chain((model) => told(trainer({ model, loss: mse(), optimizer }))),
  E.bindTo('t'),
  E.bind('all', () => told(batches(data, { size: 1 }))),
  E.chain(({ t, all }) => F.pipe(
    fold(t)(start(t), all),
    E.bimap(showTrainError, ({ state }) => parametersOf(t, state)['dense/0/kernel'].data)
  )),
  E.map((w) => ({ nonzeros: w.filter((v) => v !== 0).length, found: w.filter((v, i) => v !== 0 && truth[i] !== 0).length }))
)
