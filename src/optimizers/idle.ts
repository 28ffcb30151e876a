/** What steps without a gradient make of a parameter, in closed form: what lets rows of a kernel wait for an example. */
import type { Expr } from '../expr/node.js'
import type { ByPath } from '../part/path.js'

/**
 * The closed form of any number of steps, one or more, in which a parameter had no gradient: steps of decay, of truncation, of a mean
 * gradient that fades. A step adds `pass`, a scalar, 1 unless told, to the time that has passed; `after` makes of the time since a weight
 * was last looked at, of its value and of its slots (variables of their paths, all as they are now) what dense steps would have made of
 * them. Slots that it does not name stay. Laws: `idleLaws`.
 */
export interface Idle {
  readonly pass?: Expr
  readonly after: (elapsed: Expr) => { readonly value: Expr; readonly slots?: ByPath<Expr> }
}
