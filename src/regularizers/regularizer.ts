/** A regularizer is a sum of terms: a value that grows with what is not wanted of a tensor. Sums stay visible term by term. */
import type { monoid } from 'fp-ts'
import { add } from '../expr/arithmetic.js'
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { axesOf, type Axes } from '../part/axes.js'
import { kindIssues } from '../part/checks.js'
import { under, type Issue } from '../part/issue.js'
import { spec, type Spec, type SpecValue } from '../part/spec.js'

/** One summand: the name it is reported under, what it is, and its value at a tensor: a scalar expression. */
export interface Term {
  readonly name: string
  readonly spec: Spec
  readonly penalty: (w: Expr, axes: Axes) => Expr
  /** Whether training treats it by an operator of `exact` rather than by its gradient; no unless told. */
  readonly exact?: boolean
}

/** What takes a tensor to another of its shape, by an amount: a step, a bound. Axes are those of `axesOf(shape)` unless told. */
export type Operator = (amount: Scalar, axes?: Axes) => (w: Expr) => Expr

/** How training treats terms that are `exact`. */
export interface Exact {
  readonly spec: Spec
  readonly proximal: Operator
  /** Whether each weight may have a step of its own. */
  readonly elementwise: boolean
  /** Whether one step of s + t is a step of s, then one of t. No unless told. */
  readonly composes?: boolean
}

/**
 * A penalty on a kernel, a bias or an activity; a monoid under `plus` with `none`. Penalties are added once to the mean loss of a
 * batch; on a kernel they do not depend on the batch, on an activity they are divided by the number of its examples.
 */
export interface Regularizer {
  readonly _tag: 'Regularizer'
  readonly terms: readonly Term[]
  readonly issues: readonly Issue[]
  /** The proximal operators of its exact terms; a parameter takes one at most. */
  readonly exact: readonly Exact[]
}

/**
 * A regularizer of your own, from an expression of the tensor it penalises, and of its axes where groups matter: its gradient comes by
 * derivation. Options are what the spec says of it; a λ may be a `hyper`. The value is one number, ≥ 0, and 0 at 0: check it with
 * `regularizerLaws` of `tikhonov/laws`. Errors, when a model is built: a name that is none, those given (`nonNegative` and its kin make
 * them), a value that is no scalar, and shapes inside that do not fit, each with the path of what it is on.
 * @example
 * ```ts
 * import { add, constant, evaluate, log, mul, sum } from 'tikhonov/expr'
 * import { nonNegative } from 'tikhonov/layer'
 * import { penaltyOf, regularizer } from 'tikhonov/regularizers'
 * const logSquare = (lambda: number) =>
 *   regularizer('logSquare', { lambda }, (w) => mul(lambda, sum(log(add(1, mul(w, w))))), nonNegative('lambda', lambda))
 * evaluate(penaltyOf(logSquare(0.5))(constant([0, 1, 3]))) // => [1.498]
 * logSquare(-1).issues.map((i) => i.path) // => ['logSquare/lambda']
 * ```
 */
export const regularizer = (
  kind: string,
  options: Readonly<Record<string, SpecValue | Scalar | undefined>>,
  penalty: (w: Expr, axes: Axes) => Expr,
  issues: readonly Issue[] = []
): Regularizer => ({
  _tag: 'Regularizer',
  terms: [{ name: kind, spec: spec(kind, options), penalty }],
  issues: [...kindIssues('regularizer', kind), ...under(kind, issues)],
  exact: []
})

/**
 * No penalty: the unit of `plus`. Laws: `regularizerMonoidLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { none, penaltyOf } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(none)(constant([1, 2]))) // => [0]
 * ```
 */
export const none: Regularizer = { _tag: 'Regularizer', terms: [], issues: [], exact: [] }

/**
 * (R + S + …)(w) = R(w) + S(w) + …; each part stays visible in reports. Laws: `regularizerMonoidLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { l1, penaltyOf, plus, ridge } from 'tikhonov/regularizers'
 * const both = plus(l1(0.5), ridge(1))
 * both.terms.map((t) => t.name) // => ['l1', 'ridge']
 * evaluate(penaltyOf(both)(constant([-2, 4]))) // => [13]
 * ```
 */
export const plus = (...parts: readonly Regularizer[]): Regularizer => ({
  _tag: 'Regularizer',
  terms: parts.flatMap((p) => p.terms),
  issues: parts.flatMap((p) => p.issues),
  exact: parts.flatMap((p) => p.exact)
})

/**
 * `plus` and `none` as a Monoid of fp-ts.
 * @example
 * ```ts
 * import { monoid } from 'fp-ts'
 * import { l1, l2, regularizerMonoid } from 'tikhonov/regularizers'
 * monoid.concatAll(regularizerMonoid)([l1(0.1), l2(0.1), l1(0.2)]).terms.length // => 3
 * ```
 */
export const regularizerMonoid: monoid.Monoid<Regularizer> = { concat: (first, second) => plus(first, second), empty: none }

/**
 * The value of the whole penalty at a tensor, a scalar expression: 0 + R₁(w) + R₂(w) + … Axes are those of `axesOf(shape)` unless told.
 * @example
 * ```ts
 * import { evaluate, gradient, variable } from 'tikhonov/expr'
 * import { l1, penaltyOf } from 'tikhonov/regularizers'
 * const w = variable('w', [3])
 * evaluate(gradient(penaltyOf(l1(0.5))(w), [w])[0], { w: [-2, 0, 3] }) // => [-0.5, 0, 0.5]
 * ```
 */
export const penaltyOf = ({ terms }: Regularizer, axes?: Axes) => (w: Expr): Expr =>
  terms.map((t) => t.penalty(w, axes ?? axesOf(w.shape))).reduce((a, b) => add(a, b), constant(0))

/** The spec of a regularizer: its one term, or the sum of several. */
export const regularizerSpec = (r: Regularizer | undefined): Spec | undefined =>
  r === undefined || r.terms.length === 0 ? undefined
  : r.terms.length === 1 ? r.terms[0].spec
  : spec('plus', { terms: r.terms.map((t) => t.spec) })
