/**
 * Gradient transformations (Optax's idea): a transformation takes the gradient of every parameter and gives the change that is added
 * to it, with what it wants to remember. An optimizer is a chain of them.
 */
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import type { Cell } from '../part/cell.js'
import type { Issue } from '../part/issue.js'
import { mapByPath, type ByPath, type Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import type { Spec } from '../part/spec.js'
import type { Idle } from './idle.js'

/** A parameter as an optimizer sees it. `incoming` are the axes over which the incoming weights of one unit lie. */
export interface Weight {
  readonly value: Expr
  /** Its value before the first step, which slots may begin with; 0 where nobody tells. */
  readonly initial?: Expr
  readonly role: Role
  readonly incoming: readonly number[]
}

/** What goes from one transformation to the next: a direction for each parameter. A parameter without one stays as it is. */
export interface Updated {
  readonly delta: ByPath<Expr>
  readonly slots: ByPath<Cell>
  /** What does not fit the parameters, such as a path that none of them has. */
  readonly issues?: readonly Issue[]
  /**
   * What this transformation makes, in the long run, of a constant direction of 1, by parameter: a scalar, or a number for each weight. The
   * product over a chain is the step of `exact` penalties, which are refused where a transformation does not tell.
   */
  readonly pace?: ByPath<Expr>
  /**
   * What steps without a gradient make of parameters, by path; one that is not named stays as it is, its slots too. Where a transformation
   * does not tell, rows of a kernel cannot wait (`sparseTrainer`). In a chain only the last one may move what had no gradient.
   */
  readonly idle?: ByPath<Idle>
}

/** The gradient of the step, penalties but the exact ones included, with parameters replaced by what stands at their paths. */
export type GradientAt = (at: ByPath<Expr>) => ByPath<Expr>

/**
 * What a transformation does, given the place under which its slots live: from directions (the gradient, for the first of a chain), all
 * parameters and the learning rate to other directions. It may leave a direction out, it does not add one. It may ask for the gradient
 * elsewhere, under the same draws; where nobody tells, the gradient is the same everywhere.
 */
export type Update = (place: Path) =>
  (delta: ByPath<Expr>, weights: ByPath<Weight>, learningRate: Scalar, gradientAt?: GradientAt) => Updated

/** One transformation. Laws: `transformLaws`. */
export interface GradientTransform {
  readonly _tag: 'GradientTransform'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly update: Update
}

/**
 * A transformation of your own; `remember` makes its slots, `stateless` is for those without. Check it with `transformLaws`.
 * @example
 * ```ts
 * import { add, mul } from 'tikhonov/expr'
 * import { spec } from 'tikhonov/layer'
 * import { gradientTransform, remember } from 'tikhonov/optimizers'
 * const average = gradientTransform(spec('average'), (place) => (delta) => {
 *   const mean = remember(place, 'mean', delta, (before, d) => add(mul(0.5, before), mul(0.5, d)))
 *   return { delta: mean.now, slots: mean.slots }
 * })
 * average.spec // => { kind: 'average', options: {} }
 * ```
 */
export const gradientTransform = (s: Spec, update: Update, issues: readonly Issue[] = []): GradientTransform =>
  ({ _tag: 'GradientTransform', spec: s, issues, update })

/**
 * A transformation without memory. Whoever tells its pace, of a direction of 1 in the long run, lets `exact` penalties be used with it, and
 * says that where there is no direction there is no step.
 * @example
 * ```ts
 * import { constant, evaluate, sign } from 'tikhonov/expr'
 * import { spec } from 'tikhonov/layer'
 * import { stateless } from 'tikhonov/optimizers'
 * const signs = stateless(spec('signs'), (delta) => Object.fromEntries(Object.entries(delta).map(([path, d]) => [path, sign(d)])))
 * evaluate(signs.update('')({ w: constant([3, -4]) }, {}, 1).delta.w) // => [1, -1]
 * ```
 */
export const stateless = (
  s: Spec,
  delta: (delta: ByPath<Expr>, weights: ByPath<Weight>, learningRate: Scalar) => ByPath<Expr>,
  issues: readonly Issue[] = [],
  pace?: (delta: ByPath<Expr>, learningRate: Scalar) => ByPath<Expr>
): GradientTransform => gradientTransform(s, () => (d, w, eta) =>
  ({ delta: delta(d, w, eta), slots: {}, ...(pace === undefined ? {} : { pace: pace(d, eta), idle: {} }) }), issues)

/**
 * The pace of what changes no step in the long run: 1.
 * @example
 * ```ts
 * import { evaluate, variable } from 'tikhonov/expr'
 * import { unchanged } from 'tikhonov/optimizers'
 * evaluate(unchanged({ w: variable('w', [3]) }).w) // => [1]
 * ```
 */
export const unchanged = (delta: ByPath<Expr>): ByPath<Expr> => mapByPath(delta, () => constant(1))
