/**
 * Bounds for laws about random draws: each is the deviation that a correct subject exceeds with at most the stated probability,
 * computed from the number of draws. NaN where n or the probability makes no sense, so that a law with a wrong bound fails.
 */
const twoSided = (n: number, errorProbability: number): number =>
  n >= 1 && errorProbability > 0 && errorProbability < 1 ? Math.log(2 / errorProbability) : NaN

/**
 * How far the mean of n independent draws from an interval of the given width may be from its expectation: t = width·√(ln(2/δ) / (2n)).
 *
 * P(|mean − E| ≥ t) ≤ δ. Needs no variance. Hoeffding 1963, theorem 2.
 *
 * @param n the number of draws
 * @param width the length of the interval that holds every draw
 * @param errorProbability δ, in (0, 1)
 * @example
 * ```ts
 * import { hoeffding } from 'tikhonov/laws'
 *
 * hoeffding(10_000, 1, 1e-9) // => 0.03272
 * hoeffding(0, 1, 1e-9) // => NaN
 * ```
 */
export const hoeffding = (n: number, width: number, errorProbability: number): number =>
  width * Math.sqrt(twoSided(n, errorProbability) / (2 * n))

/**
 * The same for draws of known variance, narrower when that is far below width²/4: t = (b·L/3 + √((b·L/3)² + 2n·variance·L)) / n with
 * L = ln(2/δ).
 *
 * P(|mean − E| ≥ t) ≤ δ for draws with |draw − E| ≤ b. Bernstein 1924.
 *
 * @param n the number of draws
 * @param variance the variance of one draw
 * @param furthest b, the farthest that one draw can be from its expectation
 * @param errorProbability δ, in (0, 1)
 * @example
 * ```ts
 * import { bernstein, hoeffding } from 'tikhonov/laws'
 *
 * const rate = 0.01
 * bernstein(10_000, rate * (1 - rate), 1 - rate, 1e-9) // => 0.00726
 * hoeffding(10_000, 1, 1e-9) // => 0.03272
 * ```
 */
export const bernstein = (n: number, variance: number, furthest: number, errorProbability: number): number => {
  const l = twoSided(n, errorProbability)
  const linear = (furthest * l) / 3
  return (linear + Math.sqrt(linear ** 2 + 2 * n * variance * l)) / n
}

/**
 * How far the mean of n independent normal draws may be from its expectation: t = σ·√(2·ln(2/δ) / n).
 *
 * P(|mean − E| ≥ t) ≤ δ, by the Chernoff bound on the normal tail; it holds for every σ-sub-Gaussian draw.
 *
 * @param n the number of draws
 * @param deviation σ, the standard deviation of one draw
 * @param errorProbability δ, in (0, 1)
 * @example
 * ```ts
 * import { normalMean } from 'tikhonov/laws'
 *
 * normalMean(10_000, 1, 1e-9) // => 0.06545
 * ```
 */
export const normalMean = (n: number, deviation: number, errorProbability: number): number =>
  deviation * Math.sqrt((2 * twoSided(n, errorProbability)) / n)

/**
 * How far the mean square of n independent normal draws of mean 0 may be from σ²: t = σ²·(2·√(x/n) + 2x/n), x = ln(2/δ).
 *
 * P(|mean of squares − σ²| ≥ t) ≤ δ. Laurent & Massart 2000, lemma 1.
 *
 * @param n the number of draws
 * @param deviation σ, the standard deviation of one draw
 * @param errorProbability δ, in (0, 1)
 * @example
 * ```ts
 * import { normalVariance } from 'tikhonov/laws'
 *
 * normalVariance(10_000, 1, 1e-9) // => 0.09684
 * ```
 */
export const normalVariance = (n: number, deviation: number, errorProbability: number): number => {
  const x = twoSided(n, errorProbability)
  return deviation ** 2 * (2 * Math.sqrt(x / n) + (2 * x) / n)
}

/**
 * How far the empirical distribution function of n independent draws may be from theirs, anywhere: t = √(ln(2/δ) / (2n)).
 *
 * P(sup |Fₙ − F| > t) ≤ δ. Dvoretzky, Kiefer & Wolfowitz 1956, with the constant of Massart 1990.
 *
 * @param n the number of draws
 * @param errorProbability δ, in (0, 1)
 * @example
 * ```ts
 * import { distribution } from 'tikhonov/laws'
 *
 * distribution(10_000, 1e-9) // => 0.03272
 * ```
 */
export const distribution = (n: number, errorProbability: number): number => hoeffding(n, 1, errorProbability)
