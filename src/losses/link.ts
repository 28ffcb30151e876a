/**
 * Losses see logits. The logarithm of a probability that was computed from a logit is computed from that logit: ln sigmoid(z) =
 * −softplus(−z) is exact where sigmoid(z) has long been 0 or 1. The link is recognised on the graph, when the loss is built.
 */
import { neg, sub } from '../expr/arithmetic.js'
import { max, min } from '../expr/compare.js'
import type { Expr } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { log, softplus } from '../expr/transcendental.js'

/** How near to 0 and 1 a probability without a known link may come before its logarithm is taken: Keras's epsilon. */
const epsilon = 1e-7

/** Through reshapes, which move no value, to a node that a rule knows. */
const seen = (rule: (e: Expr) => Expr | undefined) => (p: Expr): Expr | undefined => {
  if (p.primitive.name !== 'reshape') return rule(p)
  const below = seen(rule)(p.args[0])
  return below === undefined ? undefined : reshape(below, p.shape)
}

/**
 * ln p where it is known from how p was computed: z for eᶻ, −softplus(−z) for sigmoid(z); else `undefined`.
 * @example
 * ```ts
 * import { exp, sigmoid, variable } from 'tikhonov/expr'
 * import { logOf } from 'tikhonov/losses'
 * const z = variable('z', [2])
 * logOf(exp(z)) === z // => true
 * logOf(sigmoid(z))?.primitive.name // => 'neg'
 * logOf(z) // => undefined
 * ```
 */
export const logOf: (p: Expr) => Expr | undefined = seen(({ primitive, args: [z] }) =>
  primitive.name === 'exp' ? z : primitive.name === 'sigmoid' ? neg(softplus(neg(z))) : undefined)

/**
 * ln(1 − p) where it is known from how p was computed: −softplus(z) for sigmoid(z); else `undefined`.
 * @example
 * ```ts
 * import { constant, evaluate, sigmoid } from 'tikhonov/expr'
 * import { logOneMinus } from 'tikhonov/losses'
 * const known = logOneMinus(sigmoid(constant([1000])))
 * known && evaluate(known) // => [-1000]
 * ```
 */
export const logOneMinus: (p: Expr) => Expr | undefined = seen(({ primitive, args: [z] }) =>
  primitive.name === 'sigmoid' ? neg(softplus(z)) : undefined)

/** p within [ε, 1 − ε]; where that moved it, nothing is learned (derivative 0). */
export const clipped = (p: Expr): Expr => max(min(p, 1 - epsilon), epsilon)

/** ln p and ln(1 − p): from the logit where p is a sigmoid, else of the clipped p. */
export const logs = (p: Expr): readonly [Expr, Expr] => {
  const [yes, no] = [logOf(p), logOneMinus(p)]
  return yes !== undefined && no !== undefined ? [yes, no] : [log(clipped(p)), log(sub(1, clipped(p)))]
}
