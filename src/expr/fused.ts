/** The fused sequence, neighbours drawn to each other: found by walking over knots, which is no formula, with its loops. */
import { lift } from './leaf.js'
import { node, type Expr, type Fill, type Primitive, type Scalar, type Values } from './node.js'

/**
 * Row by row, by dynamic programming (Johnson 2013). The derivative f of the least cost of u₀ … uᵢ, as a function of uᵢ, rises and is made
 * of straight pieces: it is kept as its knots, each with the change of slope and offset there. The next one is clip(f, −t, t) + u − yᵢ₊₁:
 * what lies beyond ±t goes, and the two places where f meets them become its outer knots, `low` and `high`. The last u is where its f is
 * 0; on the way back uᵢ = clip(uᵢ₊₁, low, high), so that neighbours that fuse are equal, bit for bit.
 */
const fusedRows = (x: Values, strength: Values, length: number): Fill => {
  const [knots, slopes, offsets] = [0, 1, 2].map(() => new Float64Array(2 * length))
  const [low, high] = [new Float64Array(length), new Float64Array(length)]
  return (out) => {
    for (let row = 0; row < out.length; row += length) {
      let size = 0
      for (let i = 0; i < length; i++) size += Math.abs(x[row + i])
      // By so much all fuse: a t that is larger would leave its rounding only.
      const t = Math.min(strength[0], size)
      let [left, right] = [length, length - 1]
      let last = 0
      for (let i = 0; i < length; i++) {
        const [y, edge] = [x[row + i], i === 0 ? 0 : t]
        /** From the left end to the piece on which f reaches a level. */
        const reach = (level: number) => {
          let [at, slope, offset] = [left, 1, -edge - y]
          for (; at <= right && slope * knots[at] + offset <= level; at++) {
            slope += slopes[at]
            offset += offsets[at]
          }
          return { at, slope, offset }
        }
        const root = reach(0)
        last = -root.offset / root.slope
        const first = reach(-t)
        let [at, slope, offset] = [right, 1, edge - y]
        for (; at >= first.at && slope * knots[at] + offset >= t; at--) {
          slope -= slopes[at]
          offset -= offsets[at]
        }
        left = first.at - 1
        knots[left] = low[i] = (-t - first.offset) / first.slope
        slopes[left] = first.slope
        offsets[left] = first.offset + t
        right = at + 1
        knots[right] = high[i] = (t - offset) / slope
        slopes[right] = -slope
        offsets[right] = t - offset
      }
      for (let i = length - 1; i >= 0; i--) out[row + i] = last = Math.max(Math.min(last, high[i]), low[i])
    }
  }
}

const fusedPrimitive: Primitive<undefined> = {
  name: 'fused',
  shape: ([x, t]) => (x.length === 0 ? 'wants an axis: rank 1 or more' : t.length > 0 ? 'wants one strength' : x),
  evaluate: ([x, t], { shape }) => fusedRows(x, t, shape[shape.length - 1]),
  adjoint: () => [undefined, undefined]
}

/**
 * argmin over u of t·Σ|uᵢ₊₁ − uᵢ| + ½Σ(uᵢ − xᵢ)² along the last axis, for t ≥ 0: the proximal operator of total variation, exactly. It is
 * made of levels, the elements of which are equal, bit for bit. It counts as constant to `gradient`. Johnson 2013; Condat 2013.
 * @example
 * ```ts
 * import { constant, evaluate, fused } from 'tikhonov/expr'
 * evaluate(fused(constant([1, 3, 2, 10]), 1)) // => [2, 2.5, 2.5, 9]
 * evaluate(fused(constant([1, 3, 2, 10]), 100)) // => [4, 4, 4, 4]
 * ```
 */
export const fused = (x: Expr, t: Scalar): Expr => node(fusedPrimitive, [x, lift(t)], undefined)
