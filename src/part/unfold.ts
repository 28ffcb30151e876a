/** The dual of a fold: a lazy sequence from a first state. */
import { option as O } from 'fp-ts'

/**
 * The values that `next` gives, each with the state for the one after it, until it gives none. Nothing is computed before it is asked
 * for, and each iteration begins anew.
 */
export const unfold = <S, A>(first: S, next: (state: S) => O.Option<readonly [A, S]>): Iterable<A> => ({
  * [Symbol.iterator]() {
    for (let found = next(first); O.isSome(found); found = next(found.value[1])) yield found.value[0]
  }
})
