/** Stochastic gradient descent. */
import { mul, neg } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { mapByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { stateless, type GradientTransform, type Optimizer } from './transform.js'

/** delta ← −η·delta: the step downhill that ends most chains. */
export const descend: GradientTransform = stateless(spec('descend'), (delta, _, eta) => mapByPath(delta, (d) => neg(mul(eta, d))))

/**
 * w ← w − η·g. Robbins & Monro 1951.
 * @example
 * ```ts
 * import { sgd } from 'tikhonov/optimizers'
 * sgd(0.01).spec // => { kind: 'sgd', options: { learningRate: 0.01 } }
 * ```
 */
export const sgd = (learningRate: Scalar): Optimizer => ({
  _tag: 'Optimizer', spec: spec('sgd', { learningRate }), issues: nonNegative('learningRate', learningRate), learningRate, transform: descend
})
