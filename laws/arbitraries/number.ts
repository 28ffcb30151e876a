import fc from 'fast-check'

/**
 * Dyadic rationals n/64: numbers whose algebra is exact in float32 as in float64, so that an equation can be asked to hold bit for bit.
 *
 * Between `min` and `max`, both included (default −4 and 4); never −0. A product of two of the default range is a multiple of 2⁻¹² up to
 * 2⁴, so a sum of up to 256 such products is exact in float32 (24 bits). Shrinks towards 0, through integers by the way.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.dyadic(), 200).every((x) => Number.isInteger(64 * x) && Math.abs(x) <= 4) // => true
 * fc.sample(arbitrary.dyadic({ min: 0, max: 1 }), 200).every((x) => x >= 0 && x <= 1) // => true
 * ```
 */
export const dyadic = ({ min = -4, max = 4 }: { readonly min?: number; readonly max?: number } = {}): fc.Arbitrary<number> =>
  // + 0 makes a bound of −0 a 0
  fc.integer({ min: Math.ceil(min * 64) + 0, max: Math.floor(max * 64) + 0 }).map((n) => n / 64)

/**
 * Floats of moderate size: 0, or of either sign with `smallest` ≤ |x| ≤ `largest` (default 2⁻¹⁰ and 2⁶), every binade as likely as
 * another, 0 once in a dozen.
 *
 * No NaN, no infinity, no subnormal, no 1e-44: what overflows or cancels in a law is then the law's own doing. Shrinks to dyadic
 * rationals where one of them fails too.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * const isModerate = (x: number) => x === 0 || (Math.abs(x) >= 2 ** -10 && Math.abs(x) <= 64)
 * fc.sample(arbitrary.real(), 200).every(isModerate) // => true
 * ```
 */
export const real = ({ smallest = 2 ** -10, largest = 2 ** 6 }: { readonly smallest?: number; readonly largest?: number } = {}) => {
  const plain = dyadic({ min: -largest, max: largest }).filter((x) => x === 0 || Math.abs(x) >= smallest)
  const sized = fc.tuple(fc.constantFrom(1, -1), fc.double({ min: smallest, max: largest, noNaN: true, noDefaultInfinity: true }))
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: plain, weight: 3 },
    { arbitrary: fc.constant(0), weight: 1 },
    { arbitrary: sized.map(([sign, x]) => sign * x), weight: 8 }
  )
}

/**
 * Small floats of either sign: `smallest` ≤ |x| ≤ `largest` (default 2⁻²⁷ and 2⁻⁶), every binade as likely as another: where most
 * weights of a network lie once it is trained, and most gradients. Never 0.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.small(), 200).every((x) => Math.abs(x) >= 2 ** -27 && Math.abs(x) <= 2 ** -6) // => true
 * ```
 */
export const small = ({ smallest = 2 ** -27, largest = 2 ** -6 }: { readonly smallest?: number; readonly largest?: number } = {}) =>
  fc.tuple(fc.constantFrom(1, -1), fc.double({ min: smallest, max: largest, noNaN: true, noDefaultInfinity: true }))
    .map(([sign, x]) => sign * x)

/**
 * The same as `real`, rounded to float32, for what is stored in single precision.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.single(), 200).every((x) => Object.is(Math.fround(x), x)) // => true
 * ```
 */
export const single = (range: { readonly smallest?: number; readonly largest?: number } = {}): fc.Arbitrary<number> =>
  real(range).map(Math.fround)

/**
 * Positive floats of moderate size, `smallest` ≤ x ≤ `largest` (default 2⁻¹⁰ and 2⁶): penalties' λ, radii, learning rates. Shrinks
 * towards 1.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.positive({ largest: 2 }), 200).every((x) => x >= 2 ** -10 && x <= 2) // => true
 * ```
 */
export const positive = ({ smallest = 2 ** -10, largest = 2 ** 6 }: { readonly smallest?: number; readonly largest?: number } = {}) => {
  const plain = [1, 2, 0.5, 0.25].filter((x) => x >= smallest && x <= largest)
  const any = fc.double({ min: smallest, max: largest, noNaN: true, noDefaultInfinity: true })
  return plain.length === 0
    ? any
    : fc.oneof({ withCrossShrink: true }, { arbitrary: fc.constantFrom(...plain), weight: 1 }, { arbitrary: any, weight: 3 })
}

/**
 * Dropout rates: k/64 from 0 up to 63/64, the probabilities of dropping that a model accepts and that both precisions hold exactly.
 * Shrinks towards 0.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.rate(), 200).every((p) => p >= 0 && p < 1) // => true
 * ```
 */
export const rate = (): fc.Arbitrary<number> => dyadic({ min: 0, max: 63 / 64 })
