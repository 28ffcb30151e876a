/** Powers: 2^(b·log₂|a|) in float64, so that the exponent keeps the bits that the result needs; then the cases of ECMAScript. */
import type { Writer } from './assemble.js'
import { f4, f8, i8, v, type V } from './instructions.js'
import { narrowed, series, widened } from './doubles.js'
import { parts } from './functions.js'

/** log₂ m = Σ 2/((2k + 1)·ln 2)·s^(2k + 1) with s = (m − 1)/(m + 1), |s| ≤ .172: to 2⁻⁴⁴. */
const logarithm = Array.from({ length: 8 }, (_, k) => 2 / ((15 - 2 * k) * Math.LN2))

/** 2^f = Σ (f·ln 2)ᵏ/k! for |f| ≤ ½: to 2⁻³⁶. */
const exponential = Array.from({ length: 10 }, (_, i) => 9 - i).map((k) =>
  Array.from({ length: k }, (_, i) => Math.LN2 / (i + 1)).reduce((a, b) => a * b, 1))

/** 1.5·2⁵²: a float64 added to it becomes whole, and its lowest bits are that whole number. */
const whole = 6755399441055744

/** aᵇ as Math.pow has it: 1 for b = 0, NaN for |a| = 1 and b = ±∞, the sign of a for odd b, NaN for a < 0 and b not whole. */
export const pow4 = (w: Writer, a: V, b: V): V => {
  const x = w.keep(f4.abs(a))
  const { m, e } = parts(w, x)
  const exponent = v.select(f4.equal(x, w.all(0)), w.all(-Infinity), v.select(f4.less(x, w.all(Infinity)), e, x))
  const [mantissas, exponents, powers] = [widened(w, m), widened(w, exponent), widened(w, b)]
  const half = (i: 0 | 1): V => {
    const s = w.keep(f8.div(f8.sub(mantissas[i], w.both(1)), f8.add(mantissas[i], w.both(1))))
    const log = f8.add(f8.mul(series(w, w.keep(f8.mul(s, s)), logarithm), s), exponents[i])
    const t = w.keep(f8.maxOr(f8.minOr(f8.mul(powers[i], log), w.both(300)), w.both(-300)))
    const shifted = w.keep(f8.add(t, w.both(whole)))
    const f = w.keep(f8.sub(t, f8.sub(shifted, w.both(whole))))
    return w.keep(f8.mul(series(w, f, exponential), i8.add(i8.shiftLeft(shifted, 52), w.both(1))))
  }
  const size = narrowed(w, [half(0), half(1)])
  const halved = w.keep(f4.mul(b, w.all(0.5)))
  const isWhole = w.keep(f4.equal(f4.floor(b), b))
  const odd = v.and(isWhole, f4.differ(f4.floor(halved), halved))
  const signed = v.xor(size, v.and(v.and(a, odd), w.allInt(-0x80000000)))
  const undefinedThere = v.and(v.and(f4.less(a, w.all(0)), f4.greater(a, w.all(-Infinity))), v.not(isWhole))
  return w.keep(v.select(f4.equal(b, w.all(0)), w.all(1), v.select(undefinedThere, w.all(Number.NaN), signed)))
}
