/** Four float32 worked on in float64, where single precision would lose the result: a range reduction, a power. */
import type { Writer } from './assemble.js'
import { f4, f8, v, type V } from './instructions.js'

/** Two halves of a vector, in float64. */
export type Doubles = readonly [low: V, high: V]

/** The lower two and the upper two of four float32. */
export const widened = (w: Writer, given: V): Doubles => {
  const x = w.keep(given)
  return [w.keep(f4.promoteLow(x)), w.keep(f4.promoteLow(v.shuffle(x, x, [2, 3, 2, 3])))]
}

/** Rounded to four float32. */
export const narrowed = (w: Writer, [low, high]: Doubles): V => w.keep(v.shuffle(f4.demote(low), f4.demote(high), [0, 1, 4, 5]))

/** The same to both halves. */
export const each = (w: Writer, of: (x: V, y: V) => V, [a, b]: Doubles, [c, d]: Doubles = [a, b]): Doubles =>
  [w.keep(of(a, c)), w.keep(of(b, d))]

/** Σ cₖ·xᵏ in float64, highest coefficient first. */
export const series = (w: Writer, x: V, [first, ...rest]: readonly number[]): V =>
  rest.reduce<V>((sum, c) => f8.add(f8.mul(sum, x), w.both(c)), w.both(first))
