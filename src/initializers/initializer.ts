/** An initializer gives a parameter's first values: a function of its shape and of its address, never of what else is in the model. */
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Issue } from '../part/issue.js'
import type { Path } from '../part/path.js'
import type { Spec } from '../part/spec.js'

/** First values of a parameter of a shape, at a path. */
export interface Initializer {
  readonly _tag: 'Initializer'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly initial: (shape: Shape) => (path: Path) => Expr
}

/** How many inputs and outputs a unit of this shape has: the last axis is output, the one before it input, the rest is the receptive field. */
export const fans = (shape: Shape): { readonly fanIn: number; readonly fanOut: number } => {
  const receptive = shape.slice(0, -2).reduce((n, d) => n * d, 1)
  const [fanIn, fanOut] = shape.length === 0 ? [1, 1] : shape.length === 1 ? [shape[0], shape[0]] : shape.slice(-2)
  return { fanIn: fanIn * receptive, fanOut: fanOut * receptive }
}
