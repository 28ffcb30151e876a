/** Penalties, and the norms they are made of. */
export { l1 } from './l1.js'
export { l2 } from './l2.js'
export { l1Norm } from './norms.js'
export { none, penaltyOf, plus, regularizer, scale, type Regularizer, type Term } from './regularizer.js'
