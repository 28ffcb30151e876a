/** What is not in PyTorch as it is here. Of kinds that have no rule there is nothing in PyTorch. */
import { showValue } from '../part/spec.js'
import {
  always, averageOfWeights, both, drawing, each, isKind, masks, misplaced, plain, same, varying, type Rule, type Rules, type Words
} from './difference.js'

const layout = (here: string, there: string): Words => ({ ours: here, theirs: there, remedy: 'transpose weights that are carried over' })

/** Kernels lie the other way round, and begin elsewhere. */
const kernel = (here: string, there: string): Rule => ({ kernelInitializer, depthwiseInitializer }) => [
  layout(here, there),
  ...(isKind(kernelInitializer ?? depthwiseInitializer, 'glorotUniform') ? [{
    ours: 'kernels by glorotUniform, biases 0', theirs: 'kernels and biases uniform within 1/√(inputs of a unit)',
    remedy: 'randomUniform of that range as initializers'
  }] : [])
]

const steps = layout('series [time, channels]', 'series [channels, time]')
const pixels = layout('images [height, width, channels]', 'images [channels, height, width]')

const moving = (of: Words): Rule => ({ padding, strides }) => [
  of,
  ...(padding === 'same' && Array.isArray(strides) && strides.some((s) => s !== 1)
    ? [{ ours: 'same padding with strides above 1', theirs: 'an error', remedy: 'pad there by hand, the odd row at the end' }] : []),
  ...(padding === 'causal' ? [{ ours: 'causal padding', theirs: 'none', remedy: 'pad there by hand, at the beginning' }] : [])
]

const pooled = (of: Words): Rule => ({ padding }) => [
  of,
  ...(padding === 'same'
    ? [{ ours: 'same padding, of real cells only', theirs: 'as much on both sides', remedy: 'pad there by hand, more at the end' }] : [])
]
const penalty = (kind: string): Rule => always(kind, 'no penalties of its own', 'add it to the loss there')

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

/** torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm that it divides by. */
const clipped = (kind: string): Rule =>
  always(`${kind}: the nearest point of the ball`, 'clip_grad_norm_: divides by 1e-6 + ‖d‖', 'none: a part in 10⁶ of the norm')

const probabilities: Rule = ({ fromLogits }) => (fromLogits === true ? []
  : [{ ours: 'probabilities', theirs: 'CrossEntropyLoss of logits', remedy: 'fromLogits, and a last layer without softmax' }])

const byHand = (kind: string): Rule => always(kind, 'no scheduler of the kind', 'LambdaLR there')

export const torchRules: Rules = {
  ...plain, ...varying,
  dense: kernel('kernels [in, out]', 'weights [out, in]'),
  conv1d: both(moving(steps), kernel('kernels [steps, in, out]', 'weights [out, in, steps]')),
  conv2d: both(moving(pixels), kernel('kernels [height, width, in, out]', 'weights [out, in, height, width]')),
  conv2dTranspose: both(moving(pixels), kernel('kernels [height, width, out, in]', 'weights [in, out, height, width]')),
  depthwiseConv2d: both(moving(pixels), kernel('kernels [height, width, in, multiplier]', 'weights [in·multiplier, 1, height, width]')),
  separableConv2d: both(moving(pixels), kernel('kernels [height, width, in, …]', 'weights [out, in, height, width] of two layers, Conv2d')),
  ...each(['averagePooling1d', 'maxPooling1d'], () => pooled(steps)),
  ...each(['averagePooling2d', 'maxPooling2d'], () => pooled(pixels)),
  ...each(['globalAveragePooling1d', 'globalMaxPooling1d'], () => () => [steps]),
  ...each(['globalAveragePooling2d', 'globalMaxPooling2d'], () => () => [pixels]),
  embedding: ({ embeddingsInitializer }) => (isKind(embeddingsInitializer, 'randomUniform')
    ? [{ ours: 'rows by randomUniform', theirs: 'rows of N(0, 1)', remedy: 'randomNormal({ stddev: 1 }) as initializer' }] : []),
  lstm: both(gates('i, f, g, o', 'i, f, g, o, with two biases'), recurrent),
  gru: both(gates('z, r, h', 'r, z, n, with two biases'), recurrent, ({ resetAfter }) => (resetAfter === false
    ? [{ ours: 'the reset before the product', theirs: 'the reset after it', remedy: 'gru with resetAfter' }] : [])),
  simpleRnn: both(gates('one', 'one, with two biases'), recurrent),
  masking: always('time steps of one value are padding', 'lengths of sequences', 'pack_padded_sequence there'),
  variational: () => [sequenceMask],
  eachTimeStep: () => [masks('eachTimeStep')],
  bidirectional: ({ backward, mergeMode }) => (backward === undefined && mergeMode === 'concat' ? []
    : [{ ours: 'any layer backwards, any merge', theirs: 'two alike, side by side', remedy: 'two layers there' }]),
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
  ...same('weightNormalization'),
  spectralNormalization: always('σ by the iterations of training steps', 'σ by 15 iterations more, at first', 'none: the same before long'),
  ...each([...drawing, 'featureAlphaDropout'], (kind) => () => [masks(kind)]),

  ...same('ridge'),
  ...each(['l1l2', 'orthogonal', 'kerasOrthogonal'], penalty),
  l1: always('l1(λ)', 'no penalties of its own', 'add λ·Σ|w| to the loss there'),
  l2: always(
    'l2(λ), whose gradient is 2λw', 'weight_decay = λ, whose gradient is λw, of all parameters', 'ridge(λ), or weight_decay = 2λ there'
  ),

  nonNegative: always('nonNegative', 'no constraints; clamp_(min=0) by hand', 'clamp there after each step'),
  ...each(['maxNorm', 'unitNorm', 'minMaxNorm', 'kerasMaxNorm', 'kerasUnitNorm', 'kerasMinMaxNorm'], constraint),

  ...same('torchSgd', 'torchRmsprop', 'torchAdagrad', 'torchAdam', 'before', 'swa'),
  sgd: ({ momentum }) => (momentum === undefined ? []
    : [{ ours: 'sgd: a velocity that holds η', theirs: 'a velocity without η: another one once η changes', remedy: 'torch.sgd' }]),
  ...form('rmsprop', 'ε beside the root', 'torch.rmsprop'), ...form('adagrad', 'ε beside the root', 'torch.adagrad'),
  ...form('adam', 'ε beside the corrected root', 'torch.adam'),
  ...form('adamw', 'ε beside the corrected root, decay of all', 'torch.adamW'),
  torchAdamW: ({ where }) => (isKind(where, 'everything') ? []
    : [{ ours: 'decay of kernels', theirs: 'decay of all parameters, biases too', remedy: 'torch.adamW' }]),
  addDecay: ({ where }) => (isKind(where, 'everything') ? []
    : [{ ours: 'decay of kernels', theirs: 'decay of all parameters of a group', remedy: 'torch.weightDecay, or groups there' }]),
  decoupledDecay: always('w ← (1 − ηλ)·w beside any optimizer', 'decay apart from the gradient in AdamW only', 'torch.adamW'),
  after: misplaced('after', ['addDecay', 'clipByValue', 'clipByNorm', 'clipByGlobalNorm'], 'changes of gradients, none of steps'),
  clipByNorm: clipped('clipByNorm'), clipByGlobalNorm: clipped('clipByGlobalNorm'),
  freeze: always('parameters by path or role', 'requires_grad = False, of tensors', 'set it there'),
  emaOfWeights: averageOfWeights('AveragedModel with get_ema_multi_avg_fn'),

  binaryCrossEntropy: ({ labelSmoothing }) => (labelSmoothing === 0 ? []
    : [{ ours: 'smoothing of labels', theirs: 'none for two classes', remedy: 'smooth the labels there' }]),
  categoricalCrossEntropy: probabilities, sparseCategoricalCrossEntropy: probabilities,

  ...same('piecewise', 'ramp', 'warmup'),
  kerasPiecewise: always('a boundary belongs to what was before', 'MultiStepLR: a boundary belongs to what comes', 'piecewise'),
  cosine: always('the last value stays', 'CosineAnnealingLR: the cosine goes on, up again', 'steps no longer there than decaySteps'),
  cosineRestarts: ({ mMul }) => (mMul === 1 ? []
    : [{ ours: 'restarts at other heights', theirs: 'CosineAnnealingWarmRestarts: all at one', remedy: 'mMul 1, or LambdaLR there' }]),
  inverseTime: byHand('inverseTime'),
  polynomial: ({ end }) => (end === 0 ? []
    : [{ ours: 'a polynomial to any end', theirs: 'PolynomialLR: to 0', remedy: 'end 0, or LambdaLR there' }])
}
