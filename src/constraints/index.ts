/** Constraints. */
export { constraint, type Constraint } from './constraint.js'
export { kerasMaxNorm, kerasMinMaxNorm, kerasUnitNorm } from './keras.js'
export { maxNorm } from './maxNorm.js'
export { minMaxNorm, type MinMaxNormOptions } from './minMaxNorm.js'
export { nonNegative } from './nonNegative.js'
export { unitNorm } from './unitNorm.js'
