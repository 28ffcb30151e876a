/** Several terms in one turn of a loop, in the order in which they are written. */
import type { Writer } from './assemble.js'
import { f4, i32, v, type I, type V } from './instructions.js'

/** A value that is asked for by two operations more. */
const later = (x: V): V => f4.sqrt(f4.sqrt(x))

/**
 * Ends a term of a loop that has several. V8 orders a block from its end: an operation comes just before the last that asks for its
 * result, and loads keep their order. Sums are asked for at the end of the turn only, so all that it loads would come first, and spill. A
 * seam asks for them, in a branch that is never taken, because no `address` is odd: V8 then places group after group of sums, each with
 * what is loaded for it, all products before the additions, as multipliers and adders like it best. No two seams of a function have the
 * same number.
 */
export const seam = (w: Writer, number: number, address: I, groups: readonly (readonly V[])[]): void => {
  w.when(i32.equal(address, 2 * number + 1), () => {
    w.store(address, 0, groups.map((sums) => sums.reduce(v.and)).reduce((before, sums) => v.and(sums, later(before))))
  })
}
