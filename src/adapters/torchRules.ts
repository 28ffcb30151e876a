/** What is not in PyTorch as it is here. */
import { showValue } from '../part/spec.js'
import { absent, always, drawing, each, isKind, ours, type Rule, type Rules, type Words } from './difference.js'

const layout = (here: string, there: string): Words => ({ ours: here, theirs: there, remedy: 'transpose weights that are carried over' })

/** Kernels lie the other way round, and begin elsewhere. */
const kernel = (here: string, there: string): Rule => ({ kernelInitializer, depthwiseInitializer }) => [
  layout(here, there),
  ...(isKind(kernelInitializer ?? depthwiseInitializer, 'glorotUniform') ? [{
    ours: 'kernels by glorotUniform, biases 0', theirs: 'kernels and biases uniform within 1/√(inputs of a unit)',
    remedy: 'randomUniform of that range as initializers'
  }] : [])
]

const images: Rule = ({ padding, strides }) => [
  layout('images [height, width, channels]', 'images [channels, height, width]'),
  ...(padding === 'same' && Array.isArray(strides) && strides.some((s) => s !== 1)
    ? [{ ours: 'same padding with strides above 1', theirs: 'an error', remedy: 'pad there by hand, the odd row at the end' }] : []),
  ...(padding === 'causal' ? [{ ours: 'causal padding', theirs: 'none', remedy: 'pad there by hand, at the beginning' }] : [])
]

const both = (...rules: readonly Rule[]): Rule => (options) => rules.flatMap((rule) => rule(options))

const constraint = (kind: string): Rule =>
  always(kind, 'no constraints; torch.renorm by hand divides by 1e-7 + ‖w‖', 'project there by hand')

const form = (kind: string, there: string, remedy: string) => ({ [kind]: always(`${kind}: Keras's form`, there, remedy) })

const epsilonRule = (remedy: string): Rule => ({ epsilon }) =>
  (epsilon === 1e-5 ? [] : [{ ours: `ε = ${showValue(epsilon)}`, theirs: 'ε = 1e-5 unless told', remedy }])

const gates = (order: string, there: string): Rule => () => [
  layout(`gates in the order ${order}, kernels [in, gates·units]`, `gates in the order ${there}, kernels [gates·units, in]`)
]

const sequenceMask: Words =
  { ours: 'one mask for a sequence', theirs: 'a mask for each step, between stacked layers', remedy: 'eachTimeStep(rate)' }

const recurrent: Rule = ({ dropout, recurrentDropout }) => [
  ...(typeof dropout === 'number' ? [sequenceMask] : []),
  ...(recurrentDropout === undefined ? []
    : [{ ours: 'dropout of the recurrence', theirs: 'dropout between stacked layers only', remedy: 'none: leave it out' }])
]

export const torchRules: Rules = {
  ...each(ours, absent('PyTorch')),
  l1: always('l1(λ)', 'no penalties of its own', 'add λ·Σ|w| to the loss there'),
  l2: always(
    'l2(λ), whose gradient is 2λw', 'weight_decay = λ, whose gradient is λw, of all parameters', 'ridge(λ), or weight_decay = 2λ there'
  ),
  orthogonal: always('orthogonal', 'no penalties of its own', 'add it to the loss there'),
  ...each(['maxNorm', 'unitNorm', 'minMaxNorm', 'nonNegative', 'kerasMaxNorm', 'kerasUnitNorm', 'kerasMinMaxNorm'], constraint),
  ...each(drawing, (kind) =>
    always(`${kind}: masks by address`, 'masks of a generator with state', 'none: the same distribution, other masks')),
  ...each(['gaussianDropout', 'gaussianNoise'], absent('PyTorch')),
  variational: () => [sequenceMask],
  dense: kernel('kernels [in, out]', 'weights [out, in]'),
  conv1d: both(images, kernel('kernels [steps, in, out]', 'weights [out, in, steps]')),
  conv2d: both(images, kernel('kernels [height, width, in, out]', 'weights [out, in, height, width]')),
  conv2dTranspose: both(images, kernel('kernels [height, width, out, in]', 'weights [in, out, height, width]')),
  depthwiseConv2d: both(images, kernel('kernels [height, width, in, multiplier]', 'weights [in·multiplier, 1, height, width]')),
  lstm: both(gates('i, f, g, o', 'i, f, g, o, with two biases'), recurrent),
  gru: both(gates('z, r, h', 'r, z, n, with two biases'), recurrent, ({ resetAfter }) => (resetAfter === false
    ? [{ ours: 'the reset before the product', theirs: 'the reset after it', remedy: 'gru with resetAfter' }] : [])),
  simpleRnn: both(gates('one', 'one, with two biases'), recurrent),
  batchNormalization: ({ momentum, epsilon, unbiased }) => [
    {
      ours: `momentum ${showValue(momentum)}: how much stays`,
      theirs: `momentum: how much comes in${typeof momentum === 'number' ? `, ${1 - momentum} for the same` : ''}`,
      remedy: 'torch.batchNorm'
    },
    ...(unbiased === true ? []
      : [{ ours: 'the biased moving variance', theirs: 'the unbiased one, n/(n − 1) of it', remedy: 'torch.batchNorm' }]),
    ...epsilonRule('torch.batchNorm')({ epsilon })
  ],
  layerNormalization: epsilonRule('torch.layerNorm'),
  groupNormalization: epsilonRule('epsilon 1e-5'),
  sgd: ({ momentum }) => (momentum === undefined ? []
    : [{ ours: 'sgd: a velocity that holds η', theirs: 'a velocity without η: another one once η changes', remedy: 'torch.sgd' }]),
  ...form('rmsprop', 'ε beside the root', 'torch.rmsprop'), ...form('adagrad', 'ε beside the root', 'torch.adagrad'),
  ...form('adam', 'ε beside the corrected root', 'torch.adam'),
  ...form('adamw', 'ε beside the corrected root, decay of all', 'torch.adamW'),
  torchAdamW: ({ where }) => (isKind(where, 'everything') ? []
    : [{ ours: 'decay of kernels', theirs: 'decay of all parameters, biases too', remedy: 'torch.adamW' }])
}
