/**
 * Gradient transformations (Optax's idea): a transformation takes the gradient of every parameter and gives the change that is added
 * to it, with what it wants to remember. An optimizer is a chain of them.
 */
import type { Expr, Scalar } from '../expr/node.js'
import type { Cell } from '../part/cell.js'
import type { Issue } from '../part/issue.js'
import { joinPath, type ByPath, type Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import { spec, type Spec } from '../part/spec.js'

/** A parameter as an optimizer sees it. `incoming` are the axes over which the incoming weights of one unit lie. */
export interface Weight {
  readonly value: Expr
  readonly role: Role
  readonly incoming: readonly number[]
}

/** What goes from one transformation to the next: a direction for each parameter. A parameter without one stays as it is. */
export interface Updated {
  readonly delta: ByPath<Expr>
  readonly slots: ByPath<Cell>
}

/** One transformation. `place` is the path under which its slots live; η is the learning rate. */
export interface GradientTransform {
  readonly _tag: 'GradientTransform'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly update: (place: Path) => (delta: ByPath<Expr>, weights: ByPath<Weight>, learningRate: Scalar) => Updated
}

/** A learning rate and a transformation whose result is added to the parameters. */
export interface Optimizer {
  readonly _tag: 'Optimizer'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly learningRate: Scalar
  readonly transform: GradientTransform
}

/** A transformation without memory. */
export const stateless = (s: Spec, delta: (delta: ByPath<Expr>, weights: ByPath<Weight>, learningRate: Scalar) => ByPath<Expr>, issues: readonly Issue[] = []): GradientTransform =>
  ({ _tag: 'GradientTransform', spec: s, issues, update: () => (d, w, eta) => ({ delta: delta(d, w, eta), slots: {} }) })

/** One transformation after the other; the first sees the gradient. Slots live under kind and place in the chain. */
export const chain = (...parts: readonly GradientTransform[]): GradientTransform => ({
  _tag: 'GradientTransform',
  spec: spec('chain', { parts: parts.map((p) => p.spec) }),
  issues: parts.flatMap((p) => p.issues),
  update: (place) => (delta, weights, learningRate) =>
    parts.reduce<Updated>((before, part, i) => {
      const after = part.update(joinPath(place, part.spec.kind, i))(before.delta, weights, learningRate)
      return { delta: after.delta, slots: { ...before.slots, ...after.slots } }
    }, { delta, slots: {} })
})
