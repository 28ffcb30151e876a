/** An initializer gives a parameter's first values: a function of its shape and of its address, never of what else is in the model. */
import type { Expr } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import type { Issue } from '../part/issue.js'
import type { Path } from '../part/path.js'
import type { Spec } from '../part/spec.js'

/** First values of a parameter of a shape, at a path. Laws: `initializerLaws`. */
export interface Initializer {
  readonly _tag: 'Initializer'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly initial: (shape: Shape) => (path: Path) => Expr
}

/** How many inputs and outputs a unit has, at least 1 each. */
export interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}

/**
 * How many inputs and outputs a unit of this shape has: the last axis is output, the one before it input, the rest is the receptive field,
 * which counts for both. A vector of n counts n of each.
 * @example
 * ```ts
 * import { fans } from 'tikhonov/initializers'
 * fans([60, 30]) // => { fanIn: 60, fanOut: 30 }
 * fans([3, 3, 8, 16]) // => { fanIn: 72, fanOut: 144 }
 * ```
 */
export const fans = (shape: Shape): Fans => {
  const receptive = sizeOf(shape.slice(0, -2))
  const [fanIn, fanOut] = shape.length === 0 ? [1, 1] : shape.length === 1 ? [shape[0], shape[0]] : shape.slice(-2)
  return { fanIn: Math.max(1, fanIn * receptive), fanOut: Math.max(1, fanOut * receptive) }
}
