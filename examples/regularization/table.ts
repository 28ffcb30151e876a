/** Rows as text: a table for people, JSON for programs. */
import type { Engine } from 'tikhonov/engine'
import type { Experiment } from '../cases.js'
import { type Measure, measures, type Row, type Spread } from './summary.js'

const titles: Readonly<Record<Measure, string>> = {
  trainAcc: 'train acc',
  testAcc: 'test acc',
  trainLoss: 'train loss',
  testLoss: 'test loss',
  l1: '‖W‖₁',
  l2: '‖W‖₂',
  zeros: 'zeros',
  penalty: 'penalty'
}

/** How a measure is written: three places, four figures for a norm, a tenth for a count, powers of ten for what is tiny. */
const writer = (measure: Measure, mean: number): ((value: number) => string) => {
  if (measure === 'zeros') return (value) => Number(value.toFixed(1)).toString()
  if (mean !== 0 && Math.abs(mean) < 0.0005) return (value) => value.toExponential(0)
  const places = measure === 'l1' || measure === 'l2' ? Math.max(0, 3 - Math.floor(Math.log10(mean))) : 3
  return (value) => value.toFixed(Math.min(places, 3))
}

const cell = (measure: Measure, { mean, sd }: Spread, seeds: number): string => {
  if (mean === 0 && sd === 0) return '0'
  const write = writer(measure, mean)
  return seeds === 1 ? write(mean) : `${write(mean)} ±${write(sd).replace(/^0\./, '.')}`
}

const nameWidth = 15
const width = (seeds: number): number => (seeds === 1 ? 11 : 14)

/** The two lines above the rows of an experiment: what was trained and how, then the names of the columns. */
export const heading = (
  { data, features, hidden, optimizer, batch, split }: Experiment, epochs: number, seeds: number, engine: Engine
): string => [
  [
    data,
    [features, ...hidden, 1].join('-'),
    `${optimizer._tag} ${optimizer.learningRate}`,
    `${epochs} epochs of batches of ${batch}`,
    `${split.train} train, ${split.test} test`,
    seeds === 1 ? '1 seed' : `mean ±sd over ${seeds} seeds`,
    `${engine.name} engine`
  ].join(' · '),
  'case'.padEnd(nameWidth) + measures.map((measure) => titles[measure].padStart(width(seeds))).join('')
].join('\n')

export const line = ({ name, seeds, measured }: Row): string =>
  name.padEnd(nameWidth) + measures.map((measure) => cell(measure, measured[measure], seeds).padStart(width(seeds))).join('')

/** One object on one line. The `_sd` fields are there when there are several seeds. */
export const json = ({ data, name, seeds, measured: m }: Row): string => JSON.stringify({
  data,
  case: name,
  seeds,
  train_acc: m.trainAcc.mean,
  test_acc: m.testAcc.mean,
  train_loss: m.trainLoss.mean,
  test_loss: m.testLoss.mean,
  l1: m.l1.mean,
  l2: m.l2.mean,
  zeros: m.zeros.mean,
  penalty: m.penalty.mean,
  ...(seeds === 1
    ? {}
    : { train_acc_sd: m.trainAcc.sd, test_acc_sd: m.testAcc.sd, train_loss_sd: m.trainLoss.sd, test_loss_sd: m.testLoss.sd })
})
