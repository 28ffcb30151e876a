/** Layers. */
export {
  activation, activationOf, elu, gelu, hardSigmoid, leakyRelu, linear, relu, selu, seluAlpha, seluScale, sigmoid, softmax, softplus,
  softsign, swish, tanh, type Activation
} from './activation.js'
export { averagePooling1d, type AveragePooling1dRule } from './averagePooling1d.js'
export { averagePooling2d, type AveragePooling2dRule } from './averagePooling2d.js'
export { batchNormalization, type BatchNormalizationOptions } from './batchNormalization.js'
export { conv1d, type Conv1dOptions, type Conv1dRule } from './conv1d.js'
export { conv2d, type Conv2dOptions, type Conv2dRule } from './conv2d.js'
export { conv2dTranspose, type Conv2dTransposeOptions, type Conv2dTransposeRule } from './conv2dTranspose.js'
export type { ConvolutionOptions, KernelOptions } from './convolution.js'
export { bidirectional, type BidirectionalOptions, type BidirectionalRule, type MergeMode } from './bidirectional.js'
export { dense, type DenseOptions, type DenseRule } from './dense.js'
export { depthwiseConv2d, type DepthwiseConv2dOptions, type DepthwiseConv2dRule } from './depthwiseConv2d.js'
export { embedding, type EmbeddingOptions, type EmbeddingRule } from './embedding.js'
export { flatten, type FlattenRule } from './flatten.js'
export { globalAveragePooling1d, type GlobalAveragePooling1dRule } from './globalAveragePooling1d.js'
export { globalAveragePooling2d, type GlobalAveragePooling2dRule } from './globalAveragePooling2d.js'
export { globalMaxPooling1d, type GlobalMaxPooling1dRule } from './globalMaxPooling1d.js'
export { globalMaxPooling2d, type GlobalMaxPooling2dRule } from './globalMaxPooling2d.js'
export { gru, gruCell, gruOver, type GruOptions, type GruRunning, type GruState } from './gru.js'
export { lstm, lstmCell, lstmOver, type LstmOptions, type LstmRunning, type LstmState } from './lstm.js'
export { groupNormalization, type GroupNormalizationOptions } from './groupNormalization.js'
export { gradientPenalty, jacobian, type GradientPenaltyOptions, type JacobianOptions } from './jacobian.js'
export { layerNormalization, type LayerNormalizationOptions } from './layerNormalization.js'
export { maxPooling1d, type MaxPooling1dRule } from './maxPooling1d.js'
export { maxPooling2d, type MaxPooling2dRule } from './maxPooling2d.js'
export { parallel, type Branch, type ParallelRule } from './parallel.js'
export { reshape, type ReshapeRule } from './reshape.js'
export { residual, type ResidualRule } from './residual.js'
export { sparseActivity, type SparseActivityOptions } from './sparseActivity.js'
export { spectralNormalization, type SpectralNormalizationOptions } from './spectralNormalization.js'
export { weightNormalization } from './weightNormalization.js'
export { separableConv2d, type SeparableConv2dOptions, type SeparableConv2dRule } from './separableConv2d.js'
export type {
  ImageNeeds, ImageRule, ImageToVectorRule, Pair, PooledImageRule, PooledSeriesRule, PoolingOptions, SeriesNeeds, SeriesRule,
  SeriesToVectorRule
} from '../layer/images.js'
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
export type { Masking, Ran, Running } from './recurrent/over.js'
export type { RecurrentWeights } from './recurrent/products.js'
export type { RecurrentRule, Returns } from './recurrent/rule.js'
export {
  add, average, concatenate, maximum, multiply, type AlikeMerge, type ConcatenateMerge, type Merge, type Merged
} from '../layer/merge.js'
// What the types of these exports name, so that a user can name them from here.
export type { Expr, Scalar } from '../expr/node.js'
export type { Shape } from '../expr/shape.js'
export type { Layer } from '../layer/layer.js'
export type { RowRule } from '../layer/penalised.js'
export type { SameRule, ShapeRule } from '../layer/rule.js'
export type { ReturnsOf } from './recurrent/rule.js'
export type { Issue } from '../part/issue.js'
