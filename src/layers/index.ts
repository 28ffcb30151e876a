/** Layers. */
export {
  activation, activationOf, elu, gelu, hardSigmoid, leakyRelu, linear, relu, selu, seluAlpha, seluScale, sigmoid, softmax, softplus,
  softsign, swish, tanh, type Activation
} from './activation.js'
export { batchNormalization, type BatchNormalizationOptions } from './batchNormalization.js'
export { dense, type DenseOptions, type DenseRule } from './dense.js'
export { flatten, type FlattenRule } from './flatten.js'
export { groupNormalization, type GroupNormalizationOptions } from './groupNormalization.js'
export { layerNormalization, type LayerNormalizationOptions } from './layerNormalization.js'
export { reshape, type ReshapeRule } from './reshape.js'
export type { AffineOptions, NormalisedRule } from '../layer/normalised.js'
