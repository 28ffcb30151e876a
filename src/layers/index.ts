/** Layers. */
export {
  activation, activationOf, elu, gelu, hardSigmoid, leakyRelu, linear, relu, selu, seluAlpha, seluScale, sigmoid, softmax, softplus,
  softsign, swish, tanh, type Activation
} from './activation.js'
export { batchNormalization, type BatchNormalizationOptions } from './batchNormalization.js'
export { dense, type DenseOptions, type DenseRule } from './dense.js'
export { flatten, type FlattenRule } from './flatten.js'
export { gru, gruCell, gruOver, type GruOptions, type GruRunning, type GruState } from './gru.js'
export { lstm, lstmCell, lstmOver, type LstmOptions, type LstmRunning, type LstmState } from './lstm.js'
export { groupNormalization, type GroupNormalizationOptions } from './groupNormalization.js'
export { layerNormalization, type LayerNormalizationOptions } from './layerNormalization.js'
export { reshape, type ReshapeRule } from './reshape.js'
export type { AffineOptions, NormalisedRule } from '../layer/normalised.js'
export {
  simpleRnn, simpleRnnCell, simpleRnnOver, type SimpleRnnOptions, type SimpleRnnRunning, type SimpleRnnState
} from './simpleRnn.js'
export {
  eachTimeStep, variational, weightDrop, withoutMemoryLoss, zoneout, type EachTimeStep, type InputDropout, type RecurrentDropout,
  type StateDropout, type Variational, type WeightDrop, type WithoutMemoryLoss, type Zoneout
} from './recurrent/dropout.js'
export type { RecurrentMasks } from './recurrent/masks.js'
export type { RecurrentOptions } from './recurrent/options.js'
export type { Masking, Ran, RecurrentWeights, Running } from './recurrent/over.js'
export type { RecurrentRule, Returns } from './recurrent/rule.js'
