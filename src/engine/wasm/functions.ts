/**
 * Transcendental functions of four float32 at a time, with exact limits (0, ±∞, NaN). Range reduction after Cody & Waite 1980;
 * polynomials after Cephes (Moshier 1989). NaN and ∞ pass by arithmetic, not by branches, wherever they can.
 */
import type { Writer } from './assemble.js'
import { f4, i4, v, type V } from './instructions.js'

/** Pairs a + b·x of terms, lowest first. */
const paired = (w: Writer, x: V, [a, b, ...rest]: readonly V[]): readonly V[] =>
  a === undefined ? [] : [b === undefined ? a : w.keep(w.madd(b, x, a)), ...paired(w, x, rest)]

const estrin = (w: Writer, x: V, terms: readonly V[]): V =>
  terms.length === 1 ? terms[0] : estrin(w, w.keep(f4.mul(x, x)), paired(w, x, terms))

/** Σ cₖ·xᵏ, highest coefficient first, by Horner's rule: where terms cancel, or x may be ∞. */
export const horner = (w: Writer, x: V, [first, ...rest]: readonly number[]): V =>
  rest.reduce<V>((sum, c) => w.madd(sum, x, w.all(c)), w.all(first))

/** Σ cₖ·xᵏ, highest coefficient first, by Estrin's rule: its terms do not wait for each other as Horner's do. x is a local. */
export const polynomial = (w: Writer, x: V, coefficients: readonly number[]): V =>
  estrin(w, x, [...coefficients].reverse().map((c) => w.all(c)))

/** 1.5·2²³: a float32 added to it becomes whole, and its lowest bits are that whole number. */
export const rounding = 12582912

/** eˣ: 0 below −104, ∞ above 89, subnormals between; NaN passes. */
export const exp4 = (w: Writer, given: V): V => {
  const x = w.keep(f4.maxOr(f4.minOr(given, w.all(89)), w.all(-104.5)))
  const shifted = w.keep(w.madd(x, w.all(Math.LOG2E), w.all(rounding)))
  const n = w.keep(f4.sub(shifted, w.all(rounding)))
  const r = w.keep(w.madd(n, w.all(2.12194440e-4), w.madd(n, w.all(-0.693359375), x)))
  const series = polynomial(w, r, [
    1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1
  ])
  const p = f4.add(w.madd(w.keep(f4.mul(series, r)), r, r), w.all(1))
  // 2ⁿ in two factors, each of which is a normal number.
  const half = w.keep(i4.shiftLeft(i4.shiftRight(shifted, 1), 23))
  const one = w.all(1)
  return w.keep(f4.mul(f4.mul(p, i4.add(half, one)), i4.add(i4.sub(i4.shiftLeft(shifted, 23), half), one)))
}

/** A positive normal or subnormal number as m·2ᵉ with √½ ≤ m < √2; e is whole. Of 0, ∞ and NaN some m and e. */
export const parts = (w: Writer, x: V): { readonly m: V; readonly e: V } => {
  const small = w.keep(f4.less(x, w.all(1.17549435e-38)))
  const scaled = w.keep(v.select(small, f4.mul(x, w.all(2 ** 24)), x))
  // The exponent, counted from √½, still in its place among the bits.
  const exponent = w.keep(v.and(i4.sub(scaled, w.all(Math.SQRT1_2)), w.allInt(-0x800000)))
  return {
    m: w.keep(i4.sub(scaled, exponent)),
    e: w.keep(w.madd(f4.ofInt(exponent), w.all(2 ** -23), v.and(small, w.all(-24))))
  }
}

/** ln x: −∞ at 0, NaN below, ∞ at ∞. */
export const log4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const { m: mantissa, e } = parts(w, x)
  const m = w.keep(f4.sub(mantissa, w.all(1)))
  const z = w.keep(f4.mul(m, m))
  const p = polynomial(w, m, [
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1
  ])
  const tail = w.madd(e, w.all(-2.12194440e-4), w.madd(z, w.all(-0.5), f4.mul(f4.mul(p, m), z)))
  const y = w.keep(w.madd(e, w.all(0.693359375), f4.add(tail, m)))
  // Where x is 0, below 0, ∞ or NaN the bits above mean nothing.
  const finite = v.select(f4.equal(x, w.all(0)), w.all(-Infinity), v.select(f4.less(x, w.all(Infinity)), y, x))
  return w.keep(v.select(f4.less(x, w.all(0)), w.all(Number.NaN), finite))
}

/** 1/(1 + e⁻ˣ), from e^−|x|, which never overflows. */
export const sigmoid4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const e = exp4(w, f4.neg(f4.abs(x)))
  const s = w.keep(f4.div(w.all(1), f4.add(w.all(1), e)))
  return w.keep(v.select(f4.less(x, w.all(0)), f4.mul(e, s), s))
}

/** tanh x: a polynomial within ±.625, 1 − 2/(e^2|x| + 1) with the sign of x outside. */
export const tanh4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const a = w.keep(f4.abs(x))
  const z = w.keep(f4.mul(x, x))
  const series = polynomial(w, z, [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1])
  const near = w.madd(w.keep(f4.mul(series, z)), x, x)
  const far = f4.sub(w.all(1), f4.div(w.all(2), f4.add(exp4(w, f4.add(a, a)), w.all(1))))
  const sign = v.and(x, w.allInt(-0x80000000))
  return w.keep(v.or(v.and(v.select(f4.less(a, w.all(0.625)), near, far), w.allInt(0x7fffffff)), sign))
}

/** ln(1 + x), with the rounding error of 1 + x put back. */
export const log1p4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const u = w.keep(f4.add(w.all(1), x))
  const lost = f4.div(f4.sub(x, f4.sub(u, w.all(1))), u)
  const y = w.keep(f4.add(log4(w, u), lost))
  const itself = v.or(f4.equal(u, w.all(1)), f4.equal(x, w.all(Infinity)))
  return w.keep(v.select(itself, x, v.select(f4.equal(u, w.all(0)), w.all(-Infinity), y)))
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + t) with t = e^−|x|, of which ln(1 + t) = 2·artanh(t/(2 + t)). */
export const softplus4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  const t = exp4(w, f4.neg(f4.abs(x)))
  const s = w.keep(f4.div(t, f4.add(t, w.all(2))))
  const z = w.keep(f4.mul(s, s))
  const series = polynomial(w, z, [0.11612191, 0.10853281, 0.1429618, 0.19999853, 0.33333334])
  const half = w.madd(w.keep(f4.mul(series, z)), s, s)
  return w.keep(f4.add(f4.maxOr(x, w.all(0)), f4.add(half, half)))
}

/** −1, 0 or 1, with 0, −0 and NaN as they are. */
export const sign4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  return v.select(f4.greater(x, w.all(0)), w.all(1), v.select(f4.less(x, w.all(0)), w.all(-1), x))
}
