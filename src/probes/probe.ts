/** A probe looks at a parameter in a step and reports a number: how many weights are 0, how far from optimal they are. */
import type { Constraint } from '../constraints/constraint.js'
import type { Expr } from '../expr/node.js'
import type { Axes } from '../part/axes.js'
import type { ByPath, Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import { spec, type Spec, type SpecValue } from '../part/spec.js'
import type { Regularizer } from '../regularizers/regularizer.js'

/** A parameter in a step. */
export interface Seen {
  readonly path: Path
  readonly role: Role
  readonly axes: Axes
  /** Before the step. */
  readonly value: Expr
  /** After the step: what the next one begins with. */
  readonly next: Expr
  /** Before the constraint, after everything else; `value` where the optimizer left the parameter as it is. */
  readonly unconstrained: Expr
  /** Of the weighted mean loss and all penalties but the exact ones, at `value`. */
  readonly gradient: Expr
  readonly regularizer?: Regularizer | undefined
  readonly constraint?: Constraint | undefined
  /** The values of its penalties at `value`, by the path that they are reported under. */
  readonly penalties: ByPath<Expr>
}

/** What is reported of each parameter that it has something to say of. */
export interface Probe {
  readonly _tag: 'Probe'
  readonly spec: Spec
  readonly of: (seen: Seen) => Expr | undefined
}

/**
 * A probe of your own: of each parameter a scalar expression, or `undefined` where it has nothing to say. A trainer with `probes` reports
 * it at each step, as `report.probes`, by the path of the parameter and its kind: `dense/0/kernel/zeros`. It changes nothing that is
 * learned. Errors, when a trainer is made: what is no scalar, or does not fit inside. A number that is not finite ends the run as any does.
 * @example
 * ```ts
 * import { constant, evaluate, reduceMax, abs } from 'tikhonov/expr'
 * import { probe } from 'tikhonov/probes'
 * const largest = probe('largest', {}, ({ next }) => reduceMax(abs(next)))
 * largest.spec // => { kind: 'largest', options: {} }
 * ```
 */
export const probe = (
  kind: string, options: Readonly<Record<string, SpecValue | undefined>>, of: (seen: Seen) => Expr | undefined
): Probe => ({ _tag: 'Probe', spec: spec(kind, options), of })
