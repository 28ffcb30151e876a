/** Groups of weights, and what is done to each as a vector. */
import { div, mul, sub } from '../expr/arithmetic.js'
import { countOver, keepAxes } from '../expr/broadcast.js'
import { greater, max, select } from '../expr/compare.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import type { Axes } from '../part/axes.js'
import { l2Norm } from './norms.js'
import { ontoSum } from './readings.js'

/**
 * What belongs together: the incoming weights of each unit (a column of a dense kernel, a filter, a gate's column), or the outgoing weights
 * of each input (a row of a dense kernel: a feature; all that reads a channel). Each element of a bias is a group of its own.
 */
export type Groups = 'incoming' | 'outgoing'

/** Options of penalties on groups. */
export interface GroupOptions {
  /** The incoming weights of each unit unless told. */
  readonly groups?: Groups
  /**
   * Whether λ is multiplied by √size of a group, as Yuan & Lin do, so that groups of parameters of any size weigh the same; no unless
   * told.
   */
  readonly weighted?: boolean
}

/** The axes over which a group lies, and the weight of one. */
export const groupsOf = (w: Expr, axes: Axes, { groups = 'incoming', weighted = false }: GroupOptions) => {
  const over = axes[groups]
  return { over, weight: weighted && !isInvalid(w) ? Math.sqrt(countOver(w.shape, over)) : 1 }
}

/** The nearest vectors over the axes whose lengths add up to no more than a radius: lengths projected, directions kept. */
export const ontoLengths = (radius: Scalar, over: readonly number[]) => (w: Expr): Expr => {
  if (isInvalid(w)) return w
  const size = l2Norm(w, over)
  const left = ontoSum(radius)(size)
  return mul(w, keepAxes(select(greater(size, left), div(left, select(greater(size, 0), size, 1)), 1), w.shape, over))
}

/** Each vector over the axes made shorter by t; 0, exactly, where it is no longer than t. The proximal operator of t·Σ‖v‖₂. */
export const shortened = (t: Scalar, over: readonly number[]) => (w: Expr): Expr => {
  if (isInvalid(w)) return w
  const size = l2Norm(w, over)
  const left = max(sub(1, div(t, select(greater(size, 0), size, 1))), 0)
  return mul(w, keepAxes(select(greater(size, 0), left, 1), w.shape, over))
}
