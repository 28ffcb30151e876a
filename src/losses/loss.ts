/** A loss says how far a prediction is from what was wanted, example by example; the program takes the weighted mean, once. */
import type { Range } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Issue } from '../part/issue.js'
import type { Spec } from '../part/spec.js'

/** What a loss allows as wanted values. A batch that holds others is not learned from: its first such row is named. */
export interface Wanted {
  /** The shape of the wanted values of one batch, from that of the predictions (axis 0 is the batch). */
  readonly shape: Shape
  readonly range: Range
  /** Whether only whole numbers are allowed. */
  readonly whole?: boolean
  /** The only numbers that are allowed, where they are few: −1 and 1 for `hinge`. */
  readonly only?: readonly number[]
}

/**
 * One value an example, shape [batch]: the mean over its outputs, so that a loss does not grow with their number. Losses of your own come
 * from `lossOf`; `lossLaws` checks them.
 */
export interface Loss {
  readonly _tag: 'Loss'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  /** What `each` wants beside predictions of this shape. */
  readonly wanted: (predicted: Shape) => Wanted
  /** The loss of each example, from predictions [batch, …] and what was wanted. */
  readonly each: (predicted: Expr, wanted: Expr) => Expr
  /** From the output of the model to what `predictions` gives and metrics see; the identity unless the loss takes logits. */
  readonly link?: (output: Expr) => Expr
}
