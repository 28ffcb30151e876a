/** Sparse activity: units that are seldom on. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { max, min } from '../expr/compare.js'
import type { Expr, Scalar } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { sizeOf } from '../expr/shape.js'
import { log } from '../expr/transcendental.js'
import type { Layer } from '../layer/layer.js'
import { penalised, type RowRule, type Work } from '../layer/penalised.js'
import { nonNegative, within } from '../part/checks.js'

/** Options of `sparseActivity`. */
export interface SparseActivityOptions {
  /** λ of the sum over the units. */
  readonly lambda: Scalar
  /** ρ: how much a unit is to be on in the mean, 0 < ρ < 1: .05 unless told. */
  readonly rate?: number
}

/** How near 0 and 1 a mean is taken at most: a logarithm of 0 ends a run. */
const edge = 1e-7

/** The mean of each unit (last axis) over the examples that are there and whatever axes lie between. */
const meanActivity = ({ y, present }: Work): Expr => {
  const units = y.shape[y.shape.length - 1]
  const between = sizeOf(y.shape.slice(1, -1))
  const rows = reshape(y, [y.shape[0], between, units])
  return div(sum(mul(rows, reshape(present, [y.shape[0], 1, 1])), [0, 1]), mul(between, max(sum(present), 1)))
}

/**
 * Layers in a row whose units, last axis of what they give, are drawn to be on at a rate ρ: λ·Σ KL(ρ‖ρ̂), where ρ̂ is the mean of a unit
 * over the batch and KL(ρ‖ρ̂) = ρ·ln(ρ/ρ̂) + (1 − ρ)·ln((1 − ρ)/(1 − ρ̂)), 0 at ρ̂ = ρ. For activations between 0 and 1, such as sigmoid;
 * a mean outside of 10⁻⁷ … 1 − 10⁻⁷ counts as there. It depends on the batch as a whole, and so on its size. Reported as
 * `sparseActivity/0/penalty`. Errors: a λ below 0 or not finite, a rate outside its range, and the layers' own. Ng 2011.
 * Laws: `sparseActivityLaws`, `activityLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { activation, linear, sparseActivity } from 'tikhonov/layers'
 * const seldom = sparseActivity({ lambda: 2, rate: 0.25 }, activation(linear))
 * const { penalties } = run([seldom])({ path: '', mode: infer })(constant([0.5, 0, 0.5, 0.5], [2, 2]))
 * evaluate(penalties['sparseActivity/0/penalty']) // => [2 * (0.25 * Math.log(0.5) + 0.75 * Math.log(1.5))]
 * ```
 */
export const sparseActivity = <const L extends readonly Layer[]>(
  { lambda, rate = 0.05 }: SparseActivityOptions, ...layers: L
): Layer<RowRule<L>> => penalised('sparseActivity', {
  name: 'penalty', options: { lambda, rate },
  issues: [...nonNegative('lambda', lambda), ...within({ min: 0, max: 1, open: 'both' })('rate', rate)],
  penalty: (work) => {
    const found = min(max(meanActivity(work), edge), 1 - edge)
    const on = mul(rate, sub(Math.log(rate), log(found)))
    const off = mul(1 - rate, sub(Math.log(1 - rate), log(sub(1, found))))
    return mul(lambda, sum(add(on, off)))
  }
}, ...layers)
