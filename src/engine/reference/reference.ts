/** The reference engine: float64, one primitive after the other. It is the meaning that other engines are held against. */
import { interpreter, type Precision } from '../../expr/evaluate.js'
import { simplify } from '../../expr/simplify.js'
import type { Engine } from '../engine.js'
import { executable } from '../executable.js'

/**
 * The reference engine; `float32` rounds after every primitive, which is the best that an engine in single precision may do.
 * @example
 * ```ts
 * import { reference } from 'tikhonov/engine'
 * reference().name // => 'reference'
 * ```
 */
export const reference = (precision: Precision = 'float64'): Engine => ({
  name: precision === 'float64' ? 'reference' : 'reference-float32',
  precision,
  compile: (program) => executable((roots) => interpreter(roots, precision), program),
  evaluate: (given) => {
    const roots = simplify(given)
    const bound = interpreter(roots, precision)
    return (run) => {
      bound.run(run)
      return roots.map(bound.values)
    }
  }
})
