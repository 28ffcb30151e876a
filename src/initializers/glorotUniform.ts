/** Glorot's uniform initialiser. */
import { mul, sub } from '../expr/arithmetic.js'
import { draws } from '../random/draws.js'
import { spec } from '../part/spec.js'
import { fans, type Initializer } from './initializer.js'

/** U(−a, a) with a = √(6/(fanIn + fanOut)). Glorot & Bengio 2010. */
export const glorotUniform: Initializer = {
  _tag: 'Initializer',
  spec: spec('glorotUniform'),
  issues: [],
  initial: (shape) => (path) => {
    const { fanIn, fanOut } = fans(shape)
    return mul(Math.sqrt(6 / (fanIn + fanOut)), sub(mul(2, draws('initial', path).uniform('glorotUniform', shape)), 1))
  }
}
