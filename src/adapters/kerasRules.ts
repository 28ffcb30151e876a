/** What is not in Keras 3 as it is here. */
import { absent, always, drawing, each, isKind, ours, type Rule, type Rules } from './difference.js'

const ball = (name: string): Rule =>
  always(`${name}: the true projection, which leaves what is allowed`, 'divides by 1e-7 + ‖w‖, always', `keras.${name}`)

/** ε stands elsewhere in the forms of PyTorch. */
const form = (name: string) => (kind: string): Rule => always(`${kind}: PyTorch's form`, 'its own place for ε', `keras.${name}`)

export const kerasRules: Rules = {
  ...each(ours.filter((kind) => kind !== 'exact'), absent('Keras')),
  exact: always('exact: the proximal operator, with exact zeros', 'penalties by their gradient, without', 'the penalty itself'),
  eachTimeStep: always('a mask for each time step', 'one mask for a sequence', 'variational(rate)'),
  ridge: always('ridge(λ) = ½λΣw²', 'L2(λ) = λΣw²', 'l2(λ/2)'),
  orthogonal: always('orthogonal', 'OrthogonalRegularizer: another formula', 'keras.orthogonal'),
  maxNorm: ball('maxNorm'), unitNorm: ball('unitNorm'), minMaxNorm: ball('minMaxNorm'),
  ...each(drawing, (kind) =>
    always(`${kind}: masks by address`, 'masks of a generator with state', 'none: the same distribution, other masks')),
  variational: ({ gates }) => (gates === 'each'
    ? [{ ours: 'a mask for each gate', theirs: 'one mask for all gates', remedy: 'variational(rate), whose gates share' }] : []),
  batchNormalization: ({ unbiased }) => (unbiased === true
    ? [{ ours: 'the unbiased moving variance', theirs: 'the biased one', remedy: 'batchNormalization without unbiased' }] : []),
  adamw: ({ where }) => (isKind(where, 'everything') ? []
    : [{ ours: 'decay of kernels', theirs: 'decay of all parameters, biases too', remedy: 'keras.adamw' }]),
  torchSgd: form('sgd')('torchSgd'), torchRmsprop: form('rmsprop')('torchRmsprop'), torchAdagrad: form('adagrad')('torchAdagrad'),
  torchAdam: form('adam')('torchAdam'), torchAdamW: form('adamw')('torchAdamW')
}
