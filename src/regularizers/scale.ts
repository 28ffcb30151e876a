/** Multiples of penalties. */
import { mul } from '../expr/arithmetic.js'
import type { Scalar } from '../expr/node.js'
import { nonNegative } from '../part/checks.js'
import { under } from '../part/issue.js'
import { spec } from '../part/spec.js'
import { radiusOf, type Bounded, type Proximal } from './readings.js'
import type { Operator, Regularizer } from './regularizer.js'

/** An operator whose amount is multiplied: prox of c·R by a step is prox of R by c steps. */
const multiplied = (factor: Scalar, of: Operator): Operator => (amount, axes) => of(mul(factor, amount), axes)

/** The projection onto {c·R ≤ bound} is that onto {R ≤ bound/c}. */
const divided = (factor: Scalar, of: Operator): Operator => (bound, axes) => of(radiusOf(bound, factor), axes)

/**
 * (c · R)(w) = c · R(w), for c ≥ 0, term by term; it has the readings that R has. Errors: another c.
 * Laws: `regularizerMonoidLaws`, `scaledLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { l1, penaltyOf, scale } from 'tikhonov/regularizers'
 * evaluate(penaltyOf(scale(0.5, l1(1)))(constant([-2, 4]))) // => [3]
 * evaluate(scale(0.5, l1(1)).proximal(1)(constant([-2, 4]))) // => [-1.5, 3.5]
 * evaluate(scale(0.5, l1(1)).onto(1)(constant([-2, 1]))) // => [-1.5, 0.5]
 * ```
 */
export const scale = <R extends Regularizer & Partial<Proximal & Bounded>>(factor: Scalar, penalty: R): R => ({
  ...penalty,
  terms: penalty.terms.map((t) =>
    ({ ...t, spec: spec('scale', { factor, term: t.spec }), penalty: (w, axes) => mul(factor, t.penalty(w, axes)) })),
  issues: [...under('scale', nonNegative('factor', factor)), ...penalty.issues],
  exact: penalty.exact.map((e) => ({ ...e, spec: spec('scale', { factor, term: e.spec }), proximal: multiplied(factor, e.proximal) })),
  ...(penalty.proximal === undefined ? {} : { proximal: multiplied(factor, penalty.proximal) }),
  ...(penalty.onto === undefined ? {} : { onto: divided(factor, penalty.onto) })
})
