/** The error function and its inverse of four float32 at a time; polynomials after Juffa (2016, 2018) and Giles (2012). */
import type { Writer } from './assemble.js'
import { f4, v, type V } from './instructions.js'
import { exp4, horner, log4, polynomial } from './functions.js'

/** erf x: x + x·p(x²) within ±.928, beyond 1 − e^q(|x|) with the sign of x; beyond ±4 nothing changes any more. */
export const erf4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const a = w.keep(f4.abs(x))
  const z = w.keep(f4.mul(x, x))
  const small = polynomial(w, z, [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1])
  const near = w.madd(small, x, x)
  const b = w.keep(f4.minOr(a, w.all(4)))
  const q = polynomial(w, b, [
    -1.72853470e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1
  ])
  const far = f4.sub(w.all(1), exp4(w, w.madd(q, b, f4.neg(b))))
  const sign = v.and(x, w.allInt(-0x80000000))
  return w.keep(v.select(f4.less(a, w.all(0.927734375)), near, v.or(v.and(far, w.allInt(0x7fffffff)), sign)))
}

/** The inverse: x·p(ln(1 − x²)), for the ends x·q(√−ln(1 − x²)); ±∞ at ±1, NaN outside. */
export const erfinv4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const t = log4(w, f4.mul(f4.sub(w.all(1), x), f4.add(w.all(1), x)))
  const ends = horner(w, w.keep(f4.sub(f4.sqrt(f4.neg(t)), w.all(3))), [
    -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3, 9.43887047e-3, 1.00167406, 2.83297682
  ])
  const middle = horner(w, t, [
    5.43877832e-9, 1.43286059e-7, 1.22775396e-6, 1.12962631e-7, -5.61531961e-5, -1.47697705e-4, 2.31468701e-3, 1.15392562e-2,
    -2.32015476e-1, 8.86226892e-1
  ])
  const slope = v.select(f4.less(t, w.all(-6.125)), v.select(f4.equal(t, w.all(-Infinity)), w.all(Infinity), ends), middle)
  return w.keep(f4.mul(x, slope))
}
