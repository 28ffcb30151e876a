import { describe, it } from 'vitest'
import { evaluate, gradient, mean, variable } from 'tikhonov/expr'
import {
  binaryCrossEntropy, categoricalCrossEntropy, hinge, huber, logCosh, mae, mse, sparseCategoricalCrossEntropy as labels, type Loss
} from 'tikhonov/losses'
import { tensor } from 'tikhonov/tensor'
import { expectGolden, golden, input, type Golden } from '../golden/golden.js'

/** Mean loss of a batch and its gradient by the predictions. */
const meanAndGradient = (loss: Loss, from: Golden, predicted: string, wanted: string) => {
  const [p, y] = [input(from, predicted), input(from, wanted)]
  const leaf = variable('p', p.shape)
  const value = mean(loss.each(leaf, variable('y', y.shape)))
  const values = { p: p.data, y: y.data }
  return { value: evaluate(value, values)[0], slope: tensor(Float64Array.from(evaluate(gradient(value, [leaf])[0], values)), p.shape) }
}

const expectLoss = (file: string, loss: Loss, predicted: string, wanted: string, value: string, slope: string): void => {
  const from = golden(file)
  const got = meanAndGradient(loss, from, predicted, wanted)
  expectGolden(from, value, got.value)
  expectGolden(from, slope, got.slope)
}

describe('mean losses and their gradients are those of an independent implementation', () => {
  it.each([
    ['mse', mse(), 'y'], ['mae', mae(), 'y'], ['huber_delta1', huber(), 'y'], ['huber_delta0.5', huber(0.5), 'y'],
    ['logcosh', logCosh(), 'y'], ['hinge', hinge(), 'ys']
  ] as const)('%s', (name, loss, wanted) => { expectLoss('loss_regression', loss, 'p', wanted, `loss_${name}`, `dp_${name}`) })

  it.each([
    ['binary cross-entropy from logits', binaryCrossEntropy({ fromLogits: true }), 'z', 'loss_hard', 'dz_hard'],
    ['its labels smoothed', binaryCrossEntropy({ fromLogits: true, labelSmoothing: 0.2 }), 'z', 'loss_smooth0.2', 'dz_smooth0.2'],
    ['from probabilities', binaryCrossEntropy(), 'p', 'loss_probs', 'dp_probs']
  ] as const)('%s', (_, loss, predicted, value, slope) => { expectLoss('loss_bce', loss, predicted, 'y', value, slope) })

  it.each([
    ['softmax cross-entropy of labels', labels({ fromLogits: true }), 'labels', 'loss_hard', 'dz_hard'],
    ['its labels smoothed', labels({ fromLogits: true, labelSmoothing: 0.1 }), 'labels', 'loss_smooth0.1', 'dz_smooth0.1'],
    ['of soft targets', categoricalCrossEntropy({ fromLogits: true }), 'soft', 'loss_soft', 'dz_soft']
  ] as const)('%s', (_, loss, wanted, value, slope) => { expectLoss('loss_softmax_ce', loss, 'z', wanted, value, slope) })
})
