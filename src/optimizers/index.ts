/** Optimizers. */
export { descend, sgd } from './sgd.js'
export { chain, stateless, type GradientTransform, type Optimizer, type Updated, type Weight } from './transform.js'
