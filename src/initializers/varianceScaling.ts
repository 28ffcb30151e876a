/** First values of mean 0 whose variance depends on how many inputs and outputs a unit has. */
import { mul, sub } from '../expr/arithmetic.js'
import { spec } from '../part/spec.js'
import { draws, truncatedDeviation } from '../random/draws.js'
import { fans, type Fans, type Initializer } from './initializer.js'

/**
 * U(−a, a) with a = √(3·variance): uniform values of a variance that is a function of the fans.
 * @example
 * ```ts
 * import { scaledUniform } from 'tikhonov/initializers'
 * const small = scaledUniform('small', ({ fanIn }) => 0.01 / fanIn)
 * small.spec // => { kind: 'small', options: {} }
 * ```
 */
export const scaledUniform = (kind: string, variance: (of: Fans) => number): Initializer => ({
  _tag: 'Initializer',
  spec: spec(kind),
  issues: [],
  initial: (shape) => (path) => mul(Math.sqrt(3 * variance(fans(shape))), sub(mul(2, draws('initial', path).uniform(kind, shape)), 1))
})

/**
 * Normal values, kept within two standard deviations and widened so that what is left has the variance, a function of the fans: σ·t with
 * σ = √variance/.8796…, t ~ N(0, 1) given |t| ≤ 2. So Keras has it.
 * @example
 * ```ts
 * import { scaledNormal } from 'tikhonov/initializers'
 * const small = scaledNormal('small', ({ fanIn }) => 0.01 / fanIn)
 * small.spec // => { kind: 'small', options: {} }
 * ```
 */
export const scaledNormal = (kind: string, variance: (of: Fans) => number): Initializer => ({
  _tag: 'Initializer',
  spec: spec(kind),
  issues: [],
  initial: (shape) => (path) =>
    mul(Math.sqrt(variance(fans(shape))) / truncatedDeviation, draws('initial', path).truncatedNormal(kind, shape))
})
