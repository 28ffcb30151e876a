/** The projection that `maxNorm`, `unitNorm`, `minMaxNorm` and `l2Ball` share: onto vectors whose length lies between two bounds. */
import { mul, sub } from '../expr/arithmetic.js'
import { countOver, keepAxes } from '../expr/broadcast.js'
import { abs, greater, max, min, select } from '../expr/compare.js'
import { isInvalid, type Scalar } from '../expr/node.js'
import { polar } from './norms.js'
import { leeway } from './rounding.js'
import type { PerUnit } from './units.js'

/**
 * For each vector v over the incoming axes the nearest point with low ≤ ‖v‖₂ ≤ high: v itself, or v·(bound/‖v‖₂); every point of length
 * low is equally near to 0, and the one with equal elements is taken. Lengths within the `leeway` of a bound count as allowed (n = 1 is
 * exact).
 */
export const ontoShell = (low: Scalar, high: Scalar): PerUnit => (incoming) => (w) => {
  if (isInvalid(w)) return w
  const n = countOver(w.shape, incoming)
  const { size, direction } = polar(w, incoming)
  const bound = min(max(size, low), high)
  const beyond = greater(abs(sub(size, bound)), mul(leeway(n, size), bound))
  const wide = (e: typeof w) => keepAxes(e, w.shape, incoming)
  return select(wide(beyond), mul(wide(bound), select(wide(greater(size, 0)), direction, 1 / Math.sqrt(n))), w)
}
