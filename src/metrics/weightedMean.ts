/** The one mean of evaluation. */

/** Σ w·v / Σ w; NaN where the weights add up to 0. */
export const weightedMean = (values: ArrayLike<number>, weight: ArrayLike<number>): number => {
  const total = Array.from(weight).reduce((a, b) => a + b, 0)
  return Array.from(values).reduce((sum, v, i) => sum + v * weight[i], 0) / total
}
