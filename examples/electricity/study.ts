/**
 * An LSTM on few windows of demand for electricity, with and without dropout. The same in all rows: 48 half-hours in, 32 units, one
 * number out, the demand a day later; first weights, batches, training. What differs:
 * - dropout: of the LSTM's output (0.5);
 * - recurrentDropout: of the state, one mask for a sequence (variational, 0.5);
 * - zoneout: of the hidden state (0.05) and of the cell (0.5), the rates of its paper.
 * Rates, epochs and the number of windows were chosen on weeks 5 … 8, which neither train nor validate here, under seeds 11 … 15. A
 * first setting, with twice the windows, half the epochs and lower rates, showed no difference that eight seeds confirmed; this one does.
 */
import { either as E } from 'fp-ts'
import { sequential } from 'tikhonov'
import { dropout } from 'tikhonov/dropout'
import { dense, lstm, variational, zoneout } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { adam } from 'tikhonov/optimizers'
import type { Parts, Study } from '../paired/study.js'
import { loadDemand, steps } from './data.js'

const units = 32

/** What one would say without a network: a day later is as now. */
const asNow = ({ held: { x, y } }: Parts): number =>
  Array.from(y.data).reduce((sum, wanted, i) => sum + (x.data[(i + 1) * steps - 1] - wanted) ** 2, 0) / y.data.length

export const electricity: Study = {
  command: 'npm run electricity',
  about: 'An LSTM says from a day of demand for electricity what the demand is a day later',
  held: 'validation',
  load: loadDemand,
  variants: [
    { name: 'none', model: sequential([steps, 1], lstm(units), dense(1)) },
    { name: 'dropout', model: sequential([steps, 1], lstm(units), dropout(0.5), dense(1)) },
    { name: 'recurrentDropout', model: sequential([steps, 1], lstm(units, { recurrentDropout: variational(0.5) }), dense(1)) },
    { name: 'zoneout', model: sequential([steps, 1], lstm(units, { recurrentDropout: zoneout({ h: 0.05, c: 0.5 }) }), dense(1)) }
  ],
  loss: mse(),
  metrics: [],
  optimizer: adam(0.01),
  batch: 16,
  epochs: 300,
  shortEpochs: 2,
  seeds: 3,
  after: (parts) => E.right(`Losses are mean squared errors in variances of the weeks that train. Saying that the demand is as now: ${
    asNow(parts).toFixed(4)}.`)
}
