import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { differences, keras, torch, type Compared } from 'tikhonov/adapters'
import { maxNorm, topK } from 'tikhonov/constraints'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { abs, mul, sub } from 'tikhonov/expr'
import type { Layer } from 'tikhonov/layer'
import {
  batchNormalization, conv2d, dense, eachTimeStep, flatten, gru, layerNormalization, lstm, relu, residual, sigmoid, variational
} from 'tikhonov/layers'
import { lossOf } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import {
  adam, adamw, addDecay, after, before, chain, clipByGlobalNorm, clipByValue, decoupledDecay, everything, fista, sgd, type Optimizer
} from 'tikhonov/optimizers'
import { exact, groupLasso, l1, l2, plus, ridge, scale } from 'tikhonov/regularizers'
import { constant, cosine, piecewise, ramp, scheduled, warmup } from 'tikhonov/schedules'
import { trainer } from 'tikhonov/training'
import { build } from '../../src/model/build.js'

const told = (library: 'keras' | 'torch', input: readonly number[], row: readonly Layer[], optimizer?: Optimizer) => F.pipe(
  build(input, row),
  E.match((issues) => expect.fail(JSON.stringify(issues)), (model): readonly string[] => {
    const compared: Compared = { model, ...(optimizer === undefined ? {} : { optimizer }) }
    return differences(compared, library).map(({ path, ours, theirs, remedy }) => {
      expect([ours, theirs, remedy].every((text) => text !== '')).toBe(true)
      return `${path}: ${remedy}`
    })
  })
)
const where = (library: 'keras' | 'torch', input: readonly number[], row: readonly Layer[], optimizer?: Optimizer) =>
  told(library, input, row, optimizer).map((line) => line.split(':')[0])

describe('to Keras', () => {
  it('a network of its conventions has no difference', () => {
    expect(told('keras', [4], [
      dense(8, { activation: relu, kernelRegularizer: plus(keras.l1(0.01), keras.l2(0.01)), kernelConstraint: keras.maxNorm(2) }),
      batchNormalization(), dense(1, { activation: sigmoid })
    ], keras.adamw())).toEqual([])
    expect(told('keras', [5, 3], [lstm(4, { biasConstraint: keras.maxNorm(1) })], sgd(0.1, { momentum: 0.9 }))).toEqual([])
  })

  it('the ½ of ridge, the ε of caps and what it does not have are told where they stand', () => {
    expect(told('keras', [4], [
      dense(8, { kernelRegularizer: plus(l2(0.1), ridge(0.1)), kernelConstraint: maxNorm(2) }),
      dense(2, { kernelRegularizer: exact(groupLasso(0.1)), biasRegularizer: scale(2, ridge(1)), kernelConstraint: topK(2) })
    ])).toEqual([
      'dense/0/kernelRegularizer/terms/1: l2(λ/2)', 'dense/0/kernelConstraint: keras.maxNorm',
      'dense/1/kernelRegularizer: the penalty itself', 'dense/1/kernelRegularizer/term: none: leave it out, or write it there',
      'dense/1/biasRegularizer/term: l2(λ/2)', 'dense/1/kernelConstraint: none: leave it out, or write it there'
    ])
  })

  it('masks, gates and decay', () => {
    expect(where('keras', [4], [dense(3), dropout(0.5), dense(1)], adamw())).toEqual(['dropout/0', 'optimizer'])
    const untied = lstm(4, { recurrentDropout: variational(0.2, { gates: 'each' }) })
    expect(where('keras', [5, 3], [untied])).toEqual(['lstm/0/recurrentDropout', 'lstm/0/recurrentDropout'])
    expect(where('keras', [5, 3], [lstm(4, { dropout: 0.2 })])).toEqual(['lstm/0'])
    expect(where('keras', [5, 3], [lstm(4, { recurrentDropout: variational(0.2) })])).toEqual(['lstm/0/recurrentDropout'])
    expect(where('keras', [4], [dense(1)], torch.adam())).toEqual(['optimizer'])
    expect(where('keras', [4], [dense(1)], fista(0.1))).toEqual(['optimizer'])
  })

  it('inside of other layers', () => {
    expect(where('keras', [4], [residual(dense(4, { kernelRegularizer: ridge(1) }))])).toEqual([
      expect.stringMatching(/^residual\/0\/.*kernelRegularizer$/)
    ])
  })
})

describe('what trains a model, to Keras', () => {
  const of = (optimizer: Optimizer) => where('keras', [4], [dense(1)], optimizer)

  it('gradients are clipped, steps are not', () => {
    expect(of(before(clipByGlobalNorm(1), adam()))).toEqual([])
    expect(of(after(clipByGlobalNorm(1), adam()))).toEqual(['optimizer'])
    expect(of(after(chain(clipByValue(1), decoupledDecay(0.1, { where: everything })), adam()))).toEqual(['optimizer'])
  })

  it('decay is beside the optimizer, of all parameters', () => {
    expect(of(keras.weightDecay(0.1, sgd()))).toEqual([])
    expect(of(after(decoupledDecay(0.1), sgd()))).toEqual(['optimizer/transform'])
    expect(of(before(decoupledDecay(0.1, { where: everything }), sgd()))).toEqual(['optimizer'])
    expect(of(before(addDecay(0.1, { where: everything }), sgd()))).toEqual(['optimizer/transform'])
  })

  it('schedules: a boundary belongs to what was before, a warm-up to a cosine', () => {
    expect(of(sgd(piecewise([1], [0.1, 0.2])))).toEqual(['optimizer/learningRate'])
    expect(of(sgd(keras.piecewiseConstantDecay([1], [0.1, 0.2])))).toEqual([])
    expect(of(sgd(warmup(3, cosine(0.1, { decaySteps: 9 }))))).toEqual([])
    expect(of(sgd(warmup(3, constant(0.1))))).toEqual(['optimizer/learningRate'])
    expect(where('keras', [4], [dense(1, { kernelRegularizer: l2(scheduled('lambda', ramp(0, 1, { steps: 9 }))) })]))
      .toEqual(['dense/0/kernelRegularizer/lambda'])
  })

  it('a trainer is a model, what trains it, and a loss', () => {
    const loss = lossOf('cube', (p, y) => abs(mul(sub(p, y), sub(p, y), sub(p, y))))
    const told = F.pipe(
      sequential([4], dense(1)),
      E.chain((model) => trainer({ model, optimizer: adamw(), loss, engine: reference() })),
      E.match((issues) => expect.fail(JSON.stringify(issues)), (t) => differences(t, 'keras').map(({ path, theirs }) => [path, theirs]))
    )
    expect(told).toEqual([
      ['optimizer', 'decay of all that exclude_from_weight_decay does not name'], ['loss', 'nothing of the kind in Keras']
    ])
  })
})

describe('to PyTorch', () => {
  it('weights lie the other way round and begin elsewhere', () => {
    expect(told('torch', [4], [dense(2)])).toEqual([
      'dense/0: transpose weights that are carried over', 'dense/0: randomUniform of that range as initializers'
    ])
    expect(where('torch', [6, 6, 1], [conv2d(2, 3, { strides: 2, padding: 'same' }), flatten, dense(1)])).toEqual([
      'conv2d/0', 'conv2d/0', 'conv2d/0', 'conv2d/0', 'dense/0', 'dense/0'
    ])
  })

  it('the factor of 2, and what stands in for penalties', () => {
    const remedies = (row: readonly Layer[]) => told('torch', [4], row).filter((line) => line.includes('Regularizer'))
    expect(remedies([dense(1, { kernelRegularizer: l2(0.1) })])).toEqual([
      'dense/0/kernelRegularizer: ridge(λ), or weight_decay = 2λ there'
    ])
    expect(remedies([dense(1, { kernelRegularizer: ridge(0.1) })])).toEqual([])
    expect(remedies([dense(1, { kernelRegularizer: l1(0.1) })])).toEqual(['dense/0/kernelRegularizer: add λ·Σ|w| to the loss there'])
  })

  it('normalisation: momentum the other way round, the unbiased variance, ε', () => {
    expect(where('torch', [4], [batchNormalization()])).toEqual(['batchNormalization/0', 'batchNormalization/0', 'batchNormalization/0'])
    expect(where('torch', [4], [torch.batchNorm()])).toEqual(['batchNormalization/0'])
    expect(where('torch', [4], [layerNormalization(), torch.layerNorm()])).toEqual(['layerNormalization/0'])
  })

  it('recurrence: gates, dropout, the reset', () => {
    expect(where('torch', [5, 3], [lstm(4, { dropout: eachTimeStep(0.1) })])).toEqual(['lstm/0', 'lstm/0/dropout'])
    expect(where('torch', [5, 3], [lstm(4, { dropout: 0.1, recurrentDropout: 0.2 })])).toEqual(['lstm/0', 'lstm/0', 'lstm/0'])
    expect(where('torch', [5, 3], [lstm(4, { dropout: variational(0.1) })])).toEqual(['lstm/0', 'lstm/0/dropout'])
    expect(where('torch', [5, 3], [gru(4, { resetAfter: false })])).toEqual(['gru/0', 'gru/0'])
  })

  it('optimizers: where ε stands, and what decays', () => {
    expect(where('torch', [4], [flatten], adam())).toEqual(['optimizer'])
    expect(where('torch', [4], [flatten], torch.adam())).toEqual([])
    expect(where('torch', [4], [flatten], torch.adamW())).toEqual([])
    expect(where('torch', [4], [flatten], sgd(0.1, { momentum: 0.9 }))).toEqual(['optimizer'])
    expect(told('keras', [4], [dense(1)], torch.sgd(0.1, { momentum: 0.9 }))).toEqual(['optimizer: keras.sgd'])
    expect(told('keras', [4], [dense(1)], torch.sgd(0.1))).toEqual([])
    expect(told('torch', [4], [dense(1, { kernelConstraint: keras.nonNeg })]))
      .toContain('dense/0/kernelConstraint: clamp there after each step')
    expect(where('torch', [4], [flatten], sgd(0.1))).toEqual([])
  })
})
