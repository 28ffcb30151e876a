/** A constraint is a projection: after every update, weights go to the nearest point that is allowed. */
import type { Expr } from '../expr/node.js'
import type { Issue } from '../part/issue.js'
import type { Spec } from '../part/spec.js'

/** A projection of a parameter. `incoming` are the axes over which one unit's incoming weights lie; the layer knows them. */
export interface Constraint {
  readonly _tag: 'Constraint'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly project: (incoming: readonly number[]) => (w: Expr) => Expr
}
