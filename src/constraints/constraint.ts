/** A constraint is a projection: after every update, weights go to the nearest point that is allowed. */
import type { Expr, Scalar } from '../expr/node.js'
import { kindIssues } from '../part/checks.js'
import { under, type Issue } from '../part/issue.js'
import { spec, type Spec, type SpecValue } from '../part/spec.js'

/**
 * What is known of a set besides its projection, so that `intersection` and `whole` may be exact. `elementwise`: an interval for each
 * weight by itself. `orthant`: all v ≥ 0, and these only. `positive`: within the orthant. `solid`: with v all u with |u| ≤ |v|, weight by
 * weight. `cone`: convex, of each unit by itself, and with v all t·v for t ≥ 0. `round`: a ball ‖v‖₂ ≤ r of each unit. `whole`: of the
 * whole tensor, however its units lie.
 */
export type Trait = 'elementwise' | 'orthant' | 'positive' | 'solid' | 'cone' | 'round' | 'whole'

/**
 * A projection of a parameter onto what is allowed. `incoming` are the axes over which one unit's incoming weights lie; the layer knows
 * them ([0] for a dense kernel, the columns of which are units; [] for a bias, each element of which is a unit of its own).
 */
export interface Constraint {
  readonly _tag: 'Constraint'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly traits: readonly Trait[]
  readonly project: (incoming: readonly number[]) => (w: Expr) => Expr
}

/**
 * A constraint of your own, from an expression. Options are what the spec says of it; a bound may be a `hyper`. The value has the shape
 * of what it projects, is a point that is allowed, the nearest one, and a point that is allowed stays where it is, bit for bit: check it
 * with `projectionLaws` of `tikhonov/laws`. Traits, where some hold, make intersections with it exact. Errors, when a model is built: a
 * name that is none, those given (`positive` and its kin make them), another shape, and shapes inside that do not fit, each with the path
 * of the parameter.
 * @example
 * ```ts
 * import { constraint } from 'tikhonov/constraints'
 * import { constant, evaluate, max, min, neg } from 'tikhonov/expr'
 * import { positive } from 'tikhonov/layer'
 * const box = (bound: number) =>
 *   constraint('box', { bound }, () => (w) => max(min(w, bound), neg(bound)), positive('bound', bound))
 * evaluate(box(1).project([0])(constant([-2, 0.5, 3]))) // => [-1, 0.5, 1]
 * box(0).issues.map((i) => i.path) // => ['box/bound']
 * ```
 */
export const constraint = (
  kind: string,
  options: Readonly<Record<string, SpecValue | Scalar | undefined>>,
  project: (incoming: readonly number[]) => (w: Expr) => Expr,
  issues: readonly Issue[] = [],
  traits: readonly Trait[] = []
): Constraint => ({
  _tag: 'Constraint',
  spec: spec(kind, options),
  issues: [...kindIssues('constraint', kind), ...under(kind, issues)],
  traits,
  project
})
