/** A loss says how far a prediction is from what was wanted, example by example; the program takes the weighted mean, once. */
import type { Range } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Issue } from '../part/issue.js'
import type { Spec } from '../part/spec.js'

/** What a loss allows as wanted values. */
export interface Wanted {
  /** The shape of the wanted values of one batch, from that of the predictions (axis 0 is the batch). */
  readonly shape: Shape
  readonly range: Range
  /** Whether only whole numbers are allowed. */
  readonly whole?: boolean
}

/** One value an example, shape [batch]. */
export interface Loss {
  readonly _tag: 'Loss'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly wanted: (predicted: Shape) => Wanted
  readonly each: (predicted: Expr, wanted: Expr) => Expr
  /** From the output of the model to what `predict` gives and metrics see; the identity unless the loss takes logits. */
  readonly link?: (output: Expr) => Expr
}
