/** Trains the network on the meat that it is shown, and asks it about all meat with dropout awake. */
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import {
  batches, fold, predict, predictSamples, sequential, showTrainError, start, tensor, trainer, valuesOf
} from 'tikhonov'
import { dropout } from 'tikhonov/dropout'
import { showIssue, type Issue } from 'tikhonov/layer'
import { dense, relu } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { adam } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { type Meat, regionOf } from './data.js'

/** How long to train, and how often to ask. */
export interface Effort {
  readonly epochs: number
  readonly samples: number
}

/** What the network says of one amount of water, all in percent of the weight. */
export interface Answer {
  readonly water: number
  /** The mean of the sampled sub-networks. */
  readonly mean: number
  /** The standard deviation between them: how unsure the network is of the curve. */
  readonly deviation: number
  /** What one forward pass with dropout asleep gives: the mean weights. */
  readonly asleep: number
}

/** A fit: what it says along a grid and of each piece of meat, and the noise of the data that it was trained on. */
export interface Fit {
  readonly grid: readonly Answer[]
  readonly meats: readonly Answer[]
  readonly noise: number
}

const rate = 0.2

const network = sequential(
  [1],
  dense(100, { activation: relu, kernelRegularizer: l2(1e-3) }), dropout(rate),
  dense(100, { activation: relu, kernelRegularizer: l2(1e-3) }), dropout(rate),
  dense(1, { kernelRegularizer: l2(1e-3) })
)

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length
const spread = (x: readonly number[]): number => Math.sqrt(mean(x.map((v) => (v - mean(x)) ** 2)))

const told = E.mapLeft((issues: N.NonEmptyArray<Issue>) => issues.map(showIssue).join('; '))

/** Where the curve is asked for, in percent of water. */
const asked: readonly number[] = Array.from({ length: 81 }, (_, i) => 38 + i / 2)

/** The fit, or what went wrong in words. Everything is a function of the data, the effort and the seed. */
export const fit = (meats: readonly Meat[], { epochs, samples }: Effort, seed = 1): E.Either<string, Fit> => {
  const shown = meats.filter((meat) => regionOf(meat) === 'trained')
  const [waters, proteins] = [shown.map(({ water }) => water), shown.map(({ protein }) => protein)]
  const [x0, dx, y0, dy] = [mean(waters), spread(waters), mean(proteins), spread(proteins)]
  const inputs = (water: readonly number[]) => tensor(water.map((w) => [(w - x0) / dx]))
  const data = { x: inputs(waters), y: tensor(proteins.map((p) => [(p - y0) / dy])) }
  return F.pipe(
    E.Do,
    E.bind('model', () => told(network)),
    E.bind('t', ({ model }) => told(trainer({ model, loss: mse(), optimizer: adam(0.003) }))),
    E.bind('all', () => told(batches(data, { size: 32, epochs, shuffle: { seed } }))),
    E.bind('learned', ({ t, all }) => E.mapLeft(showTrainError)(fold(t)(start(t, seed), all))),
    E.let('values', ({ t, learned }) => valuesOf(t, learned.state)),
    E.let('ask', ({ model, values }) => (water: readonly number[]) => F.pipe(
      E.Do,
      E.bind('awake', () => told(predictSamples(model, values, { samples, seed })(inputs(water)))),
      E.bind('asleep', () => told(predict(model, values)(inputs(water)))),
      E.map(({ awake, asleep }) => water.map((w, i): Answer => ({
        water: w,
        mean: y0 + dy * awake.mean.data[i],
        deviation: dy * Math.sqrt(awake.variance.data[i]),
        asleep: y0 + dy * asleep.data[i]
      })))
    )),
    E.bind('grid', ({ ask }) => ask(asked)),
    E.bind('answers', ({ ask }) => ask(meats.map(({ water }) => water))),
    E.map(({ grid, answers }) => {
      const errors = answers.flatMap((answer, i) => (regionOf(meats[i]) === 'trained' ? [answer.mean - meats[i].protein] : []))
      return { grid, meats: answers, noise: Math.sqrt(mean(errors.map((e) => e * e))) }
    })
  )
}
