/** What recurrent layers make of their input, as a type and as a check. */
import type { Shape } from '../../expr/shape.js'
import type { Times } from '../../layer/product.js'
import { ofRank, type Given, type ShapeRule, type SizeAt } from '../../layer/rule.js'

/** The sentence of a misfit. */
export type RecurrentNeeds<Kind extends string> = `${Kind} needs an input of rank 2 [time, features]`

/** Which output a recurrent layer gives: the last one, one for each time step, or its states after the last, side by side. */
export type Returns = 'last' | 'sequences' | 'state'

/** What the options ask for. */
export type ReturnsOf<Sequences extends boolean, State extends boolean> =
  Sequences extends true ? 'sequences' : State extends true ? 'state' : 'last'

/** [time, features] becomes [units], [time, units] or [states·units]. */
export interface RecurrentRule<Kind extends string, U extends number, States extends number, R extends Returns> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, number], Returned<this['input'], U, States, R>, RecurrentNeeds<Kind>>
}

/** The shape of each output; of either, where the compiler does not know which. */
type Returned<S, U extends number, States extends number, R extends Returns> =
  [R] extends ['last'] ? readonly [U]
    : [R] extends ['sequences'] ? readonly [SizeAt<S, 0>, U]
      : [R] extends ['state'] ? readonly [Times<U, States>] : Shape

/** The check of `RecurrentRule`. */
export const recurrentRule = <Kind extends string, U extends number, States extends number, R extends Returns>(
  kind: Kind
): RecurrentRule<Kind, U, States, R> => ({ check: ofRank(2, `${kind} needs an input of rank 2 [time, features]`) })
