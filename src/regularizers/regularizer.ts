/** A regularizer is a sum of terms: a value that grows with what is not wanted of a tensor. Sums stay visible term by term. */
import { add, mul } from '../expr/arithmetic.js'
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { under, type Issue } from '../part/issue.js'
import { spec, type Spec } from '../part/spec.js'

/** One summand: what it is called in reports, and its value at a tensor, a scalar expression. */
export interface Term {
  readonly spec: Spec
  readonly penalty: (w: Expr) => Expr
}

/** A penalty on a kernel, a bias or an activity; a monoid under `plus` with `none`. */
export interface Regularizer {
  readonly _tag: 'Regularizer'
  readonly terms: readonly Term[]
  readonly issues: readonly Issue[]
}

/**
 * A regularizer of your own, from an expression of the tensor it penalises: its gradient comes by derivation. Check it with
 * `regularizerLaws` of `tikhonov/laws`.
 * @example
 * ```ts
 * import { add, log, mul, sum } from 'tikhonov/expr'
 * import { penaltyOf, regularizer } from 'tikhonov/regularizers'
 * import { evaluate, constant } from 'tikhonov/expr'
 * const logSquare = regularizer('logSquare', { lambda: 0.5 }, (w) => mul(0.5, sum(log(add(1, mul(w, w))))))
 * evaluate(penaltyOf(logSquare)(constant([0, 0]))) // => [0]
 * ```
 */
export const regularizer = (
  kind: string,
  options: Readonly<Record<string, Scalar | undefined>>,
  penalty: (w: Expr) => Expr,
  issues: readonly Issue[] = []
): Regularizer => ({ _tag: 'Regularizer', terms: [{ spec: spec(kind, options), penalty }], issues: under(kind, issues) })

/** No penalty: the unit of `plus`. */
export const none: Regularizer = { _tag: 'Regularizer', terms: [], issues: [] }

/** The sum of penalties, each of which stays visible. */
export const plus = (...parts: readonly Regularizer[]): Regularizer => ({
  _tag: 'Regularizer',
  terms: parts.flatMap((p) => p.terms),
  issues: parts.flatMap((p) => p.issues)
})

/** c · R, for c ≥ 0. */
export const scale = (factor: Scalar, { terms, issues }: Regularizer): Regularizer => ({
  _tag: 'Regularizer',
  terms: terms.map((t) => ({ spec: spec('scale', { factor, term: t.spec }), penalty: (w) => mul(factor, t.penalty(w)) })),
  issues: [...under('scale', nonNegative('factor', factor)), ...issues]
})

/** The value of the whole penalty at a tensor. */
export const penaltyOf = ({ terms }: Regularizer) => (w: Expr): Expr =>
  terms.map((t) => t.penalty(w)).reduce((a, b) => add(a, b), constant(0))

/** The spec of a regularizer: its one term, or the sum of several. */
export const regularizerSpec = (r: Regularizer | undefined): Spec | undefined =>
  r === undefined || r.terms.length === 0 ? undefined : r.terms.length === 1 ? r.terms[0].spec : spec('plus', { terms: r.terms.map((t) => t.spec) })
