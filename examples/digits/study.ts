/**
 * A small convolutional network on few digits, with and without regularization. The same in all rows: two convolutions of 3×3, each
 * followed by pooling, then a dense layer and the scores of the ten digits; first weights, batches, training. What differs:
 * - dropout: single values, after each convolution (0.1) and after each pooling (0.25), never after the dense layer;
 * - spatialDropout: whole channels, after each pooling (0.25);
 * - l2: of all kernels but the last (0.001·Σw²);
 * - maxNorm: of the incoming weights of each filter and unit, but for the last layer's (1.5);
 * - momentum: another optimizer, sgd(0.05) with momentum 0.9;
 * - groupLasso: with that optimizer, of the incoming weights of each filter and unit, but for the last layer's (0.0005·Σ √size·‖w‖₂, by
 *   its proximal operator): filters and units become exactly 0, and leave the network without a change of what it predicts.
 * These strengths and the 40 epochs are common ones, chosen before the first run and not tuned on the digits that test; that of groupLasso
 * is the largest of 0.0002, 0.0003, … 0.0006 within a point of momentum's accuracy when 800 of the first 1,000 digits train and 200 check.
 */
import { either as E } from 'fp-ts'
import { sequential } from 'tikhonov'
import { maxNorm, type Constraint } from 'tikhonov/constraints'
import { dropout, spatialDropout2d } from 'tikhonov/dropout'
import type { Layer } from 'tikhonov/layer'
import { conv2d, dense, flatten, maxPooling2d, relu } from 'tikhonov/layers'
import { sparseCategoricalCrossEntropy } from 'tikhonov/losses'
import { accuracy } from 'tikhonov/metrics'
import { adam, sgd, type Optimizer } from 'tikhonov/optimizers'
import { exact, groupLasso, l2, type Regularizer } from 'tikhonov/regularizers'
import type { Study, Variant } from '../paired/study.js'
import { loadDigits, side } from './data.js'
import { smaller } from './smaller.js'
import { mostUncertain } from './uncertain.js'

/** What a row adds to the network. */
interface Added {
  readonly afterConvolution?: Layer
  readonly afterPooling?: Layer
  readonly kernelRegularizer?: Regularizer
  readonly kernelConstraint?: Constraint
}

const network = (name: string, { afterConvolution, afterPooling, ...kernel }: Added, optimizer?: Optimizer): Variant => {
  const stage = (filters: number) => [
    conv2d(filters, 3, { activation: relu, ...kernel }), ...(afterConvolution === undefined ? [] : [afterConvolution]),
    maxPooling2d(), ...(afterPooling === undefined ? [] : [afterPooling])
  ]
  return {
    name,
    ...(optimizer === undefined ? {} : { optimizer }),
    model: sequential([side, side, 1], ...stage(8), ...stage(16), flatten, dense(64, { activation: relu, ...kernel }), dense(10))
  }
}

/** A pace that is one for all weights of a kernel, as the proximal operator of a group asks. */
const momentum = sgd(0.05, { momentum: 0.9 })

export const digits: Study = {
  command: 'npm run digits',
  about: 'A convolutional network on 1,000 digits, tested on 1,000 others',
  held: 'test',
  load: loadDigits,
  variants: [
    network('none', {}),
    network('dropout', { afterConvolution: dropout(0.1), afterPooling: dropout(0.25) }),
    network('spatialDropout', { afterPooling: spatialDropout2d(0.25) }),
    network('l2', { kernelRegularizer: l2(0.001) }),
    network('maxNorm', { kernelConstraint: maxNorm(1.5) }),
    network('momentum', {}, momentum),
    network('groupLasso', { kernelRegularizer: exact(groupLasso(0.0005, { weighted: true })) }, momentum)
  ],
  loss: sparseCategoricalCrossEntropy({ fromLogits: true }),
  metrics: [accuracy()],
  optimizer: adam(0.002),
  batch: 50,
  epochs: 40,
  shortEpochs: 1,
  seeds: 3,
  after: (parts, learned, short) => E.map((text: string) => `${smaller(learned)}\n\n${text}`)(mostUncertain(parts, learned, short))
}
