/**
 * Sine and cosine of any float32. The angle is brought within ±π/4 in float64: by Cody & Waite's two parts of π/2 up to 2²⁰, beyond by
 * the bits of 1/2π piece by piece (Payne & Hanek 1983), of which only the fraction of a turn is kept.
 */
import type { Writer } from './assemble.js'
import { f4, f8, i4, v, type V } from './instructions.js'
import { each, narrowed, widened, type Doubles } from './doubles.js'
import { polynomial, rounding } from './functions.js'

/** Up to here a count of quarter turns times 33 bits of π/2 is exact. */
const near = 2 ** 20

/** 33 bits of π/2, and the rest. */
const quarter = [1.57079632673412561417, 6.07710050650619224932e-11] as const

/** 2/π = Σ pₖ·2^(−24(k + 1)): 192 bits, so that for the largest float32 an error of 2⁻⁶⁴ turns is left. */
const bitsOfTwoOverPi = [0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041]

/** x − n·π/2 and n, for |x| ≤ 2²⁰. */
const nearby = (w: Writer, x: Doubles): { readonly n: Doubles; readonly r: Doubles } => {
  const n = each(w, (a) => f8.nearest(f8.mul(a, w.both(2 / Math.PI))), x)
  return { n, r: each(w, (a, k) => f8.sub(f8.sub(a, f8.mul(k, w.both(quarter[0]))), f8.mul(k, w.both(quarter[1]))), x, n) }
}

/**
 * The same for any x. Each product of x with 24 bits of 1/2π is exact, and so is its fraction; quarter turns are taken out at once, so
 * that what is left keeps its lowest bits.
 */
const faraway = (w: Writer, x: V): { readonly n: V; readonly r: V } => {
  const [turns, count] = [w.keep(w.both(0)), w.keep(w.both(0))]
  bitsOfTwoOverPi.forEach((bits, k) => {
    const p = w.keep(f8.mul(x, w.both(bits * 2 ** (-24 * (k + 1) - 2))))
    turns.set(f8.add(turns, f8.sub(p, f8.nearest(p))))
    const whole = w.keep(f8.nearest(f8.mul(turns, w.both(4))))
    turns.set(f8.sub(turns, f8.mul(whole, w.both(0.25))))
    count.set(f8.add(count, whole))
  })
  return { n: count, r: w.keep(f8.mul(turns, w.both(2 * Math.PI))) }
}

/** sin(|x| + phase·π/2). */
const wave = (w: Writer, given: V, phase: number): V => {
  const x = w.keep(f4.abs(given))
  const wide = widened(w, x)
  const reduced = nearby(w, wide)
  const [n, r] = [w.keep(narrowed(w, reduced.n)), w.keep(narrowed(w, reduced.r))]
  const large = w.keep(f4.greater(x, w.all(near)))
  w.when(v.any(large), () => {
    const [low, high] = wide.map((half) => faraway(w, half))
    n.set(v.select(large, narrowed(w, [low.n, high.n]), n))
    r.set(v.select(large, narrowed(w, [low.r, high.r]), r))
  })
  const z = w.keep(f4.mul(r, r))
  const sine = w.madd(w.keep(f4.mul(polynomial(w, z, [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]), z)), r, r)
  const cosine = f4.add(
    w.madd(
      w.keep(f4.mul(polynomial(w, z, [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]), z)), z, f4.mul(z, w.all(-0.5))
    ),
    w.all(1)
  )
  const count = w.keep(i4.add(f4.add(n, w.all(rounding)), w.allInt(phase)))
  const odd = i4.shiftRightSigned(i4.shiftLeft(count, 31), 31)
  const turned = i4.shiftLeft(i4.shiftRight(count, 1), 31)
  return v.xor(v.select(odd, cosine, sine), turned)
}

/** sin x: NaN at ±∞. */
export const sin4 = (w: Writer, given: V): V => {
  const x = w.keep(given)
  return w.keep(v.xor(wave(w, x, 0), v.and(x, w.allInt(-0x80000000))))
}

/** cos x: NaN at ±∞. */
export const cos4 = (w: Writer, given: V): V => w.keep(wave(w, w.keep(given), 1))
