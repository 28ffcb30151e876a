/** Nothing that the library exports is silently the same elsewhere: a part is told of, or stands in these lists. */
import { describe, expect, it } from 'vitest'
import { differences } from 'tikhonov/adapters'
import { constraint } from 'tikhonov/constraints'
import { sum } from 'tikhonov/expr'
import { layer, same, spec } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { lossOf } from 'tikhonov/losses'
import { optimizer, stateless, where, adamw } from 'tikhonov/optimizers'
import { regularizer } from 'tikhonov/regularizers'
import { schedule } from 'tikhonov/schedules'
import { kerasRules } from '../../src/adapters/kerasRules.js'
import { torchRules } from '../../src/adapters/torchRules.js'
import { modules, type Placed } from './parts.js'

type Library = 'keras' | 'torch'

/** Of which parts, with their defaults, nothing is told: of the part itself, or of the terms of a sum. */
const silent = (library: Library, parts: readonly Placed[]): readonly string[] =>
  parts.filter(({ compared, at }) => !differences(compared, library).some(({ path }) => path === at || path.startsWith(`${at}/terms`)))
    .map(({ name }) => name).sort()

const activations = [
  'elu', 'gelu', 'hardSigmoid', 'leakyRelu', 'linear', 'relu', 'selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'
]
const plain = [
  ...activations, 'activation', 'add', 'average', 'concatenate', 'flatten', 'maximum', 'multiply', 'parallel', 'reshape', 'residual'
]

/** What is the same there by its formula, its defaults and the layout of its weights, read in the sources of Keras 3 and PyTorch 2. */
const alike: Readonly<Record<Library, Readonly<Record<keyof typeof modules, readonly string[]>>>> = {
  keras: {
    layers: [
      ...plain, 'averagePooling1d', 'averagePooling2d', 'batchNormalization', 'bidirectional', 'conv1d', 'conv2d', 'conv2dTranspose',
      'dense', 'depthwiseConv2d', 'embedding', 'globalAveragePooling1d', 'globalAveragePooling2d', 'globalMaxPooling1d',
      'globalMaxPooling2d', 'groupNormalization', 'gru', 'layerNormalization', 'lstm', 'maxPooling1d', 'maxPooling2d', 'separableConv2d',
      'simpleRnn'
    ],
    dropouts: [],
    regularizers: ['kerasOrthogonal', 'l1', 'l1l2', 'l2', 'none', 'scale'],
    constraints: ['kerasMaxNorm', 'kerasMinMaxNorm', 'kerasUnitNorm', 'nonNegative'],
    optimizers: ['adagrad', 'adam', 'chain', 'clipByGlobalNorm', 'clipByNorm', 'clipByValue', 'rmsprop', 'sgd', 'torchSgd'],
    losses: [
      'binaryCrossEntropy', 'categoricalCrossEntropy', 'hinge', 'huber', 'logCosh', 'mae', 'mse', 'sparseCategoricalCrossEntropy'
    ],
    schedules: ['constant', 'cosine', 'cosineRestarts', 'exponential', 'inverseTime', 'kerasPiecewise', 'polynomial']
  },
  torch: {
    layers: [...plain, 'bidirectional', 'weightNormalization'],
    dropouts: [],
    regularizers: ['none', 'plus', 'ridge', 'scale'],
    constraints: [],
    optimizers: ['before', 'chain', 'clipByValue', 'sgd', 'swa', 'torchAdagrad', 'torchAdam', 'torchRmsprop', 'torchSgd'],
    losses: ['binaryCrossEntropy', 'huber', 'mae', 'mse'],
    schedules: ['annealIn', 'annealOut', 'constant', 'cosineRestarts', 'exponential', 'piecewise', 'polynomial', 'ramp', 'warmup']
  }
}

const names = Object.keys(modules) as readonly (keyof typeof modules)[]

describe.each(names)('of %s', (name) => {
  const { exported, parts, others } = modules[name]

  it('each that is exported is tried, or is no part', () => {
    expect([...parts.map((part) => part.name), ...others].sort()).toEqual([...exported].sort())
  })

  it.each(['keras', 'torch'] as const)('each is told of or the same in %s', (library) => {
    expect(silent(library, parts)).toEqual([...alike[library][name]].sort())
  })
})

describe.each(['keras', 'torch'] as const)('a part of your own, to %s,', (library) => {
  const model = (...layers: Parameters<typeof differences>[0]['model']['layers']) =>
    ({ model: { _tag: 'Model', input: [1], output: [1], layers } }) as const
  const absent = (compared: Parameters<typeof differences>[0]) =>
    differences(compared, library).flatMap(({ path, theirs }) => (theirs.startsWith('nothing of the kind') ? [path] : []))

  it('is told as absent where it stands', () => {
    expect(absent(model(layer({ spec: spec('mine'), rule: same, apply: () => (x) => x })))).toEqual(['mine/0'])
    expect(absent(model(dense(1, { kernelConstraint: constraint('mine', {}, () => (w) => w) })))).toEqual(['dense/0/kernelConstraint'])
    expect(absent(model(dense(1, { biasRegularizer: regularizer('mine', {}, (w) => sum(w)) }))))
      .toEqual(['dense/0/biasRegularizer'])
    expect(absent({ ...model(), loss: lossOf('mine', (p) => p) })).toEqual(['loss'])
    const still = stateless(spec('still'), (delta) => delta)
    expect(absent({ ...model(), optimizer: optimizer('mine', schedule('slow', {}, () => 1), {}, still) }))
      .toEqual(['optimizer', 'optimizer/learningRate'])
  })

  it('but for what chooses parameters, which is the business of what it is told', () => {
    expect(absent({ ...model(), optimizer: adamw(0.1, { where: where('mine', () => true) }) })).toEqual([])
  })

  it('and a kind named like what every object has is none that is known', () => {
    expect(absent(model(layer({ spec: spec('toString'), rule: same, apply: () => (x) => x })))).toEqual(['toString/0'])
  })
})

describe('the rules', () => {
  const tried = Object.values(modules).flatMap(({ parts }) => parts.map((part) => part.name))
  const known = [...tried, 'named', 'masking', 'hyper', 'expression']
  it.each([['keras', kerasRules], ['torch', torchRules]] as const)('for %s are about parts that there are', (_, rules) => {
    expect(Object.keys(rules).filter((kind) => !known.includes(kind))).toEqual([])
  })
})
