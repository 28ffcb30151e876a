/** Penalties, and the norms they are made of. */
export { l1 } from './l1.js'
export { l1l2 } from './l1l2.js'
export { l1Norm, l2Norm, lInfNorm, lpNorm, type Norm } from './norms.js'
export { l2 } from './l2.js'
export { exact, proximal, separable, softThreshold, type Proximal, type Separable } from './readings.js'
export {
  none, penaltyOf, plus, regularizer, regularizerMonoid, type Exact, type Operator, type Regularizer, type Term
} from './regularizer.js'
export { ridge } from './ridge.js'
export { scale } from './scale.js'
