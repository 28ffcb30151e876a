/** The dropout family, and noise. */
export { alphaDropout, alphaDropoutWith, alphaPrime } from './alphaDropout.js'
export { dropout, dropoutWith } from './dropout.js'
export { gaussianDropout, gaussianDropoutWith } from './gaussianDropout.js'
export { gaussianNoise } from './gaussianNoise.js'
export { trainingOnly, type TrainingOnly } from './trainingOnly.js'
export { type MaskOptions } from './noiseShape.js'
