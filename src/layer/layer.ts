/** The contract of a layer: a pure function from an expression to an expression, with what it declares on the way. */
import type { Constraint } from '../constraints/constraint.js'
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Cell } from '../part/cell.js'
import type { Issue } from '../part/issue.js'
import type { ByPath, Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import type { Spec } from '../part/spec.js'
import type { Regularizer } from '../regularizers/regularizer.js'
import type { Narrowing } from './narrowing.js'
import type { ShapeRule } from './rule.js'
import type { Scope } from './scope.js'

/**
 * A parameter that a layer declares. `incoming` are the axes over which the incoming weights of one unit lie, `outgoing` those of the
 * outgoing weights of one input: all but the last of `incoming`, unless told.
 */
export interface Declaration {
  readonly shape: Shape
  readonly role: Role
  readonly initial: (path: Path) => Expr
  readonly incoming: readonly number[]
  readonly outgoing?: readonly number[]
  readonly regularizer?: Regularizer | undefined
  readonly constraint?: Constraint | undefined
}

/** What applying a layer gives: its output, and what it declared, by path. A writer. */
export interface Output {
  readonly y: Expr
  readonly parameters: ByPath<Declaration>
  readonly state: ByPath<Cell>
  readonly penalties: ByPath<Expr>
  readonly issues: readonly Issue[]
}

/**
 * An output that declares nothing.
 * @example
 * ```ts
 * import { constant } from 'tikhonov/expr'
 * import { pureOutput } from 'tikhonov/layer'
 * pureOutput(constant(1)).parameters // => {}
 * ```
 */
export const pureOutput = (y: Expr): Output => ({ y, parameters: {}, state: {}, penalties: {}, issues: [] })

/** A layer: data that say what it is, a rule for shapes, and how it is applied to a batch (axis 0). */
export interface Layer<out R extends ShapeRule = ShapeRule> {
  readonly _tag: 'Layer'
  readonly spec: Spec
  readonly rule: R
  readonly name?: string
  /** How `compact` may make it narrower; a layer that says nothing is left as it is. */
  readonly narrowing?: Narrowing | undefined
  readonly apply: (scope: Scope) => (x: Expr) => Output
}

/**
 * The same layer under a name of its own, so that its paths and its random draws do not depend on its place.
 * Names match /^[A-Za-z]\w*$/ and are unique among siblings; anything else is an issue of the model.
 * @example
 * ```ts
 * import { named } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * named('hidden', dense(30)).name // => 'hidden'
 * ```
 */
export const named = <R extends ShapeRule>(name: string, layer: Layer<R>): Layer<R> => ({ ...layer, name })
