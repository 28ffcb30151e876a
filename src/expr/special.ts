/**
 * The error function and its inverse on numbers, to float64 accuracy: the positive series where it converges fast, Lentz's
 * continued fraction beyond (Abramowitz & Stegun 1964, 7.1.6 and 7.1.14).
 */
import { foldTo } from './tabulate.js'

/** erfc(x)·exp(x²) for x ≥ 2 by the continued fraction, evaluated from its tail. */
const scaledErfc = (x: number): number => 1 / (Math.sqrt(Math.PI) * foldTo(60, x, (tail, k) => x + (60 - k) / 2 / tail))

/** erf(x) = 2/√π ∫₀ˣ exp(−t²) dt. */
export const erfOf = (x: number): number => {
  const a = Math.abs(x)
  if (a > 6) return Math.sign(x)
  if (a >= 2) return Math.sign(x) * (1 - scaledErfc(a) * Math.exp(-a * a))
  const series = foldTo(64, 1, (rest, k) => 1 + ((2 * x * x) / (2 * (63 - k) + 3)) * rest)
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * series
}

/** The inverse of erf: a rational start (Winitzki 2008), then two steps of Halley's method; ±∞ at ±1, NaN outside. */
export const erfinvOf = (y: number): number => {
  if (!(Math.abs(y) < 1)) return Math.abs(y) === 1 ? y * Infinity : Number.NaN
  if (y === 0) return y
  const l = Math.log1p(-y * y)
  const p = 2 / (Math.PI * 0.147) + l / 2
  const start = Math.sign(y) * Math.sqrt(Math.sqrt(p * p - l / 0.147) - p)
  return foldTo(2, start, (x) => {
    const a = Math.abs(x)
    const error = a < 2 ? erfOf(x) - y : Math.sign(x) * (1 - Math.abs(y) - scaledErfc(a) * Math.exp(-a * a))
    const newton = error / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x))
    return x - newton / (1 + x * newton)
  })
}

/** log(1 + exp(x)) without overflow. */
export const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** 1 / (1 + exp(−x)) without overflow. */
export const sigmoidOf = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

