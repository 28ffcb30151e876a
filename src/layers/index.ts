/** Layers. */
export {
  activation, activationOf, elu, gelu, hardSigmoid, leakyRelu, linear, relu, selu, seluAlpha, seluScale, sigmoid, softmax, softplus,
  softsign, swish, tanh, type Activation
} from './activation.js'
export { dense, type DenseOptions, type DenseRule } from './dense.js'
export { flatten, type FlattenRule } from './flatten.js'
export { reshape, type ReshapeRule } from './reshape.js'
