/** Transformations before and after those of an optimizer. */
import { spec } from '../part/spec.js'
import { chain } from './chain.js'
import type { Optimizer } from './optimizer.js'
import type { GradientTransform } from './transform.js'

/**
 * The optimizer, with a transformation of the gradient before it: clipping, freezing, weight decay that counts as a penalty.
 * Its slots stay where they were. Laws: `chainLaws`, `optimizerLaws`.
 * @example
 * ```ts
 * import { adam, before, clipByGlobalNorm } from 'tikhonov/optimizers'
 * before(clipByGlobalNorm(1), adam(0.01)).learningRate // => 0.01
 * ```
 */
export const before = (transform: GradientTransform, optimizer: Optimizer): Optimizer => ({
  ...optimizer,
  spec: spec('before', { transform: transform.spec, optimizer: optimizer.spec }),
  transform: chain(transform, optimizer.transform)
})

/**
 * The optimizer, with a transformation of its step after it: `decoupledDecay`, a bound on the length of steps.
 * Its slots stay where they were. Laws: `chainLaws`, `optimizerLaws`.
 * @example
 * ```ts
 * import { after, decoupledDecay, rmsprop } from 'tikhonov/optimizers'
 * after(decoupledDecay(0.004), rmsprop(0.01)).transform.spec.kind // => 'chain'
 * ```
 */
export const after = (transform: GradientTransform, optimizer: Optimizer): Optimizer => ({
  ...optimizer,
  spec: spec('after', { transform: transform.spec, optimizer: optimizer.spec }),
  transform: chain(optimizer.transform, transform)
})
