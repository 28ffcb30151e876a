/**
 * What an element-wise primitive is on four float32: the table that fusion draws on.
 */
import type { Writer } from './assemble.js'
import { f4, v, type V } from './instructions.js'
import { cos4, sin4 } from './angles.js'
import { erf4, erfinv4 } from './errorFunction.js'
import { exp4, log1p4, log4, sigmoid4, sign4, softplus4, tanh4 } from './functions.js'
import { pow4 } from './power.js'

/** An operation on registers. Arguments are locals or constants: they may be read more than once. */
export type Operation = (w: Writer, args: readonly V[]) => V

/** Greater of two where one is known to be 0: NaN passes, and −0 becomes 0. */
const atLeastZero = (w: Writer, a: V): V => f4.add(f4.maxOr(a, w.all(0)), w.all(0))

/** aᵇ, without the detour by logarithms where b is the same small number everywhere. */
const power = (w: Writer, a: V, b: V): V =>
  b === w.all(1) ? a : b === w.all(2) ? f4.mul(a, a) : b === w.all(-1) ? f4.div(w.all(1), a) : pow4(w, a, b)

const mask = (w: Writer, condition: V): V => v.and(condition, w.all(1))

/** By the name of the primitive. */
export const operations: Readonly<Record<string, Operation>> = {
  neg: (_, [a]) => f4.neg(a),
  abs: (_, [a]) => f4.abs(a),
  sign: (w, [a]) => sign4(w, a),
  exp: (w, [a]) => exp4(w, a),
  log: (w, [a]) => log4(w, a),
  log1p: (w, [a]) => log1p4(w, a),
  sqrt: (_, [a]) => f4.sqrt(a),
  tanh: (w, [a]) => tanh4(w, a),
  sigmoid: (w, [a]) => sigmoid4(w, a),
  softplus: (w, [a]) => softplus4(w, a),
  erf: (w, [a]) => erf4(w, a),
  erfinv: (w, [a]) => erfinv4(w, a),
  sin: (w, [a]) => sin4(w, a),
  cos: (w, [a]) => cos4(w, a),
  pow: (w, [a, b]) => power(w, a, b),
  reciprocal: (w, [a]) => f4.div(w.all(1), a),
  floor: (_, [a]) => f4.floor(a),
  stopGradient: (_, [a]) => a,
  add: (_, [a, b]) => f4.add(a, b),
  sub: (_, [a, b]) => f4.sub(a, b),
  mul: (_, [a, b]) => f4.mul(a, b),
  div: (_, [a, b]) => f4.div(a, b),
  max: (w, [a, b]) => (b === w.all(0) ? atLeastZero(w, a) : f4.max(a, b)),
  min: (_, [a, b]) => f4.min(a, b),
  greater: (w, [a, b]) => mask(w, f4.greater(a, b)),
  equal: (w, [a, b]) => mask(w, f4.equal(a, b)),
  select: (w, [c, a, b]) => v.select(f4.differ(c, w.all(0)), a, b)
}
