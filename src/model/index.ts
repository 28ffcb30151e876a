/** Models. */
export { andThen, sequential, type Part } from './sequential.js'
export { declarations, initialValues, type Declared } from './values.js'
export { forward, type Model, type ModelError } from './model.js'
export { predict } from './predict.js'
export { predictSamples } from './predictSamples.js'
export type { Probabilities, ProbabilityOptions, SampledProbabilities, Samples, SamplesOptions } from './sampled.js'
export { showSummary, summary, type Summary, type SummaryRow } from './summary.js'
