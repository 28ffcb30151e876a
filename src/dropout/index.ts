/** The dropout family, and noise. */
export { alphaDropout, alphaDropoutWith, alphaPrime } from './alphaDropout.js'
export { concreteDropout, concreteDropoutWith, type ConcreteDropoutOptions } from './concreteDropout.js'
export { type Decided } from './decided.js'
export { depthRates, stochasticDepth, type StochasticDepthRule } from './stochasticDepth.js'
export {
  dropBlock1d, dropBlock2d, dropBlockGamma, dropBlockWith, type DropBlock1dRule, type DropBlock2dRule, type DropBlockOptions
} from './dropBlock.js'
export { dropConnect, type DropConnectOptions } from './dropConnect.js'
export { dropout, dropoutWith } from './dropout.js'
export { featureAlphaDropout, type FeatureAlphaDropoutRule } from './featureAlphaDropout.js'
export { gaussianDropout, gaussianDropoutWith } from './gaussianDropout.js'
export { gaussianNoise } from './gaussianNoise.js'
export { hardConcrete, hardConcreteWith, type HardConcreteOptions } from './hardConcrete.js'
export {
  maxPoolExpected, maxPoolingDropout1d, maxPoolingDropout2d, maxPoolKept, type MaxPoolingDropoutOptions
} from './maxPoolingDropout.js'
export {
  spatialDropout1d, spatialDropout2d, spatialDropout3d,
  type SpatialDropout1dRule, type SpatialDropout2dRule, type SpatialDropout3dRule
} from './spatialDropout.js'
export { tokenDropout, type TokenDropoutRule } from './tokenDropout.js'
export { trainingOnly, type TrainingOnly } from './trainingOnly.js'
export { type MaskOptions } from './noiseShape.js'
export { wordDropout } from './wordDropout.js'
// What the types of these exports name, so that a user can name them from here.
export type { Expr, Scalar } from '../expr/node.js'
export type { PoolWindow } from '../expr/pool.js'
export type { Shape } from '../expr/shape.js'
export type { Pair, PooledImageRule, PooledSeriesRule } from '../layer/images.js'
export type { Layer } from '../layer/layer.js'
export type { SameRule, ShapeRule } from '../layer/rule.js'
