/** What is not in Keras 3 as it is here. Of kinds that have no rule there is nothing in Keras. */
import {
  always, averageOfWeights, both, drawing, each, isKind, masks, misplaced, plain, same, varying, type Rule, type Rules
} from './difference.js'

const ball = (name: string): Rule => always(
  `${name}: the true projection of each unit, which leaves what is allowed`, 'divides by 1e-7 + ‖w‖, always, along an axis', `keras.${name}`
)

/** ε stands elsewhere in the forms of PyTorch. */
const form = (name: string) => (kind: string): Rule => always(`${kind}: PyTorch's form`, 'its own place for ε', `keras.${name}`)

const decay = (remedy: string): Rule => ({ where }) => (isKind(where, 'everything') ? []
  : [{ ours: 'decay of kernels, or those told', theirs: 'decay of all that exclude_from_weight_decay does not name', remedy }])

/** Dropouts of recurrent layers that are parts, with rules of their own; a bare rate has none. */
const dropouts = ['variational', 'eachTimeStep', 'withoutMemoryLoss', 'zoneout', 'weightDrop']

const bareRates: Rule = ({ dropout = 0, recurrentDropout = 0 }) =>
  [dropout, recurrentDropout].some((rate) => rate !== 0 && !dropouts.some((kind) => isKind(rate, kind))) ? [masks('variational')] : []

const recurrent: Rule = both(bareRates, ({ truncate, stateful, returnState }) => [
  ...(truncate === undefined ? [] : [{
    ours: 'gradients that reach back some time steps', theirs: 'gradients that reach back all', remedy: 'shorter sequences there, stateful'
  }]),
  ...(stateful === undefined || stateful === 0 ? [] : [{
    ours: 'states that go on in training', theirs: 'states that go on in prediction too', remedy: 'reset_states there before predictions'
  }]),
  ...(returnState === true
    ? [{ ours: 'the states side by side', theirs: 'the output, then each state', remedy: 'concatenate the states there' }] : [])
])

export const kerasRules: Rules = {
  ...plain, ...varying,
  ...same(
    'averagePooling1d', 'averagePooling2d', 'bidirectional', 'conv1d', 'conv2d', 'conv2dTranspose', 'dense', 'depthwiseConv2d',
    'globalAveragePooling1d', 'globalAveragePooling2d', 'globalMaxPooling1d', 'globalMaxPooling2d', 'groupNormalization',
    'layerNormalization', 'maxPooling1d', 'maxPooling2d', 'separableConv2d'
  ),
  ...each(['lstm', 'gru', 'simpleRnn'], () => recurrent),
  masking: always('padding told to one layer', 'a Masking layer, heeded by all that follow', 'Masking there, before the layer'),
  variational: ({ gates }) => [
    masks('variational'), ...(gates === 'each'
      ? [{ ours: 'a mask for each gate', theirs: 'one mask for all gates', remedy: 'variational(rate), whose gates share' }] : [])
  ],
  eachTimeStep: always('a mask for each time step', 'one mask for a sequence', 'variational(rate)'),
  embedding: ({ maskZero }) => (maskZero === true
    ? [{ ours: '0 is a vector of zeros', theirs: '0 is a row, masked for who heeds it', remedy: 'embedding without maskZero' }] : []),
  batchNormalization: ({ unbiased }) => (unbiased === true
    ? [{ ours: 'the unbiased moving variance', theirs: 'the biased one', remedy: 'batchNormalization without unbiased' }] : []),
  spectralNormalization: always(
    'kernels and recurrent kernels, read as W/σ(W)',
    'kernels and embeddings, overwritten by W/σ(W) at each training step; u begins as a small truncated normal',
    'none: the weights that are learned are others'
  ),
  ...each([...drawing, 'gaussianDropout', 'gaussianNoise'], (kind) => () => [masks(kind)]),

  ...same('l1', 'l2', 'l1l2', 'kerasOrthogonal'),
  exact: always('exact: the proximal operator, with exact zeros', 'penalties by their gradient, without', 'the penalty itself'),
  ridge: always('ridge(λ) = ½λΣw²', 'L2(λ) = λΣw²', 'l2(λ/2)'),
  orthogonal: always('orthogonal', 'OrthogonalRegularizer: another formula', 'keras.orthogonal'),

  ...same('nonNegative', 'kerasMaxNorm', 'kerasUnitNorm', 'kerasMinMaxNorm'),
  maxNorm: ball('maxNorm'), unitNorm: ball('unitNorm'), minMaxNorm: ball('minMaxNorm'),

  ...same('sgd', 'rmsprop', 'adagrad', 'adam', 'clipByNorm', 'clipByGlobalNorm'),
  torchSgd: ({ momentum }) => (momentum === undefined ? []
    : [{ ours: 'torchSgd: a velocity without η', theirs: 'a velocity that holds η: another one once η changes', remedy: 'keras.sgd' }]),
  torchRmsprop: form('rmsprop')('torchRmsprop'), torchAdagrad: form('adagrad')('torchAdagrad'),
  torchAdam: form('adam')('torchAdam'), torchAdamW: form('adamw')('torchAdamW'),
  adamw: decay('keras.adamw'), decoupledDecay: decay('keras.weightDecay'),
  addDecay: always('decay that goes through the optimizer', 'weight_decay beside it, w ← (1 − ηλ)·w', 'l2(λ/2), or keras.weightDecay'),
  before: misplaced('before', ['decoupledDecay'], 'decay by η·λ·w, which no optimizer scales'),
  after: misplaced('after', ['clipByValue', 'clipByNorm', 'clipByGlobalNorm'], 'clipping of gradients, none of steps'),
  freeze: always('parameters by path or role', 'trainable = False of a layer: batch normalisation infers then', 'set it there'),
  ftrl: always(
    'ftrl: sums begin at 0, z at −w₀·β/α; its penalty is of kernels, β is 1', 'Ftrl: sums begin at .1, z at 0; of all, β is 0',
    'initial_accumulator_value=0 and beta there: the same from zeros, with where: everything'
  ),
  emaOfWeights: averageOfWeights('use_ema'),

  ...same('hinge', 'logCosh', 'binaryCrossEntropy', 'categoricalCrossEntropy', 'sparseCategoricalCrossEntropy'),

  ...same('cosine', 'cosineRestarts', 'inverseTime', 'polynomial', 'kerasPiecewise'),
  piecewise: always('a boundary belongs to what comes', 'a boundary belongs to what was before', 'keras.piecewiseConstantDecay'),
  warmup: ({ then }) => (isKind(then, 'cosine') ? []
    : [{ ours: 'a warm-up of any schedule', theirs: 'a warm-up in CosineDecay only', remedy: 'warmup of cosine, or write it there' }])
}
