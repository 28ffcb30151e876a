/** Penalties on the derivative of what layers give by what they are given. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { broadcast, sum } from '../expr/broadcast.js'
import { max } from '../expr/compare.js'
import { pullback } from '../expr/gradient.js'
import { constant } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { sizeOf } from '../expr/shape.js'
import type { Layer } from '../layer/layer.js'
import { penalised, type RowRule, type Work } from '../layer/penalised.js'
import { count, finite, nonNegative } from '../part/checks.js'
import { l2Norm, polar } from '../regularizers/norms.js'

/** The mean over the examples that are there. */
const meanOver = (present: Expr, each: Expr): Expr => div(sum(mul(present, each)), max(sum(present), 1))

/** vᵀ·∂y/∂x for each example, [batch, size of x], v [batch or 1, size of y]. */
const pulled = ({ x, y }: Work, v: Expr): Expr => {
  const rows = x.shape[0]
  const flat = reshape(y, [rows, sizeOf(y.shape.slice(1))])
  const [dx] = pullback(flat, broadcast(v, flat.shape), [x])
  return reshape(dx, [rows, sizeOf(x.shape.slice(1))])
}

const squares = (rows: Expr): Expr => sum(mul(rows, rows), [1])

/** ‖∂y/∂x‖²_F for each example, row by row of the Jacobian. */
const exactly = (work: Work): Expr => {
  const outputs = sizeOf(work.y.shape.slice(1))
  const unit = (k: number) => constant(Array.from({ length: outputs }, (_, i) => (i === k ? 1 : 0)), [1, outputs])
  return Array.from({ length: outputs }, (_, k) => squares(pulled(work, unit(k)))).reduce((a, b) => add(a, b), constant(0))
}

/** Options of `jacobian`. */
export interface JacobianOptions {
  /** λ of ½λ·‖∂y/∂x‖². */
  readonly lambda: Scalar
  /** How many directions of y are drawn for each example of a step: all of them, in turn and exactly, unless told. */
  readonly projections?: number
}

/**
 * Layers in a row, under ½λ·‖∂y/∂x‖²_F, a mean over the examples: how far their output moves with a small change of the input. The second
 * derivatives that training needs come from the graph. Each output costs a backward pass; with `projections: n` a step takes n directions v
 * for each example, uniform on the sphere and addressed by the example, whose K·‖vᵀ·∂y/∂x‖² is ‖∂y/∂x‖² in the mean, K the number of
 * outputs; inference takes all. Reported as `jacobian/0/penalty`. Layers whose examples see each other (batch normalisation in training)
 * add how they do. Errors: a λ below 0 or not finite, projections not a whole number ≥ 1, and the layers' own.
 * Drucker & Le Cun 1992; Hoffman, Roberts & Yaida 2019. Laws: `jacobianLaws`, `activityLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { dense, jacobian } from 'tikhonov/layers'
 * const { penalties } = run([jacobian({ lambda: 2 }, dense(2))])({ path: '', mode: infer })(constant([1, 1], [1, 2]))
 * evaluate(penalties['jacobian/0/penalty'], { 'jacobian/0/dense/0/kernel': [1, 2, 3, 0], 'jacobian/0/dense/0/bias': [0, 0] }) // => [14]
 * ```
 */
export const jacobian = <const L extends readonly Layer[]>({ lambda, projections }: JacobianOptions, ...layers: L): Layer<RowRule<L>> =>
  penalised('jacobian', {
    name: 'penalty', options: { lambda, projections },
    issues: [...nonNegative('lambda', lambda), ...(projections === undefined ? [] : count('projections', projections))],
    penalty: (work) => {
      const { y, present, mode } = work
      const outputs = sizeOf(y.shape.slice(1))
      const drawn = (i: number, random: Extract<typeof mode, { readonly _tag: 'Train' }>['random']) =>
        squares(pulled(work, polar(random.perExample.normal(`direction/${i}`, [y.shape[0], outputs]), [1]).direction))
      const each = mode._tag !== 'Train' || projections === undefined ? exactly(work)
        : mul(outputs / projections, Array.from({ length: projections }, (_, i) => drawn(i, mode.random)).reduce((a, b) => add(a, b)))
      return mul(0.5, lambda, meanOver(present, each))
    }
  }, ...layers)

/** Options of `gradientPenalty`. */
export interface GradientPenaltyOptions {
  /** λ of λ·(‖∂Σy/∂x‖ − target)². */
  readonly lambda: Scalar
  /** The length that the gradient is drawn to: 1 unless told. */
  readonly target?: number
}

/**
 * Layers in a row, under λ·(‖∂Σy/∂x‖₂ − target)², a mean over the examples: what they give, added up where it is more than one number, is
 * drawn to a slope. With target 1 (unless told) the penalty of Wasserstein GANs on a critic, at the examples themselves (the paper takes
 * points between real and made ones: give those to the critic); with target 0 the one-sided smoothness of Roth et al. 2017. Reported as
 * `gradientPenalty/0/penalty`. Errors: a λ below 0 or not finite, a target that is not finite, and the layers' own.
 * Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017. Laws: `gradientPenaltyLaws`, `activityLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { dense, gradientPenalty } from 'tikhonov/layers'
 * const critic = gradientPenalty({ lambda: 10 }, dense(1, { useBias: false }))
 * const { penalties } = run([critic])({ path: '', mode: infer })(constant([1, 1], [1, 2]))
 * evaluate(penalties['gradientPenalty/0/penalty'], { 'gradientPenalty/0/dense/0/kernel': [3, 4] }) // => [160]
 * ```
 */
export const gradientPenalty = <const L extends readonly Layer[]>(
  { lambda, target = 1 }: GradientPenaltyOptions, ...layers: L
): Layer<RowRule<L>> => penalised('gradientPenalty', {
  name: 'penalty', options: { lambda, target }, issues: [...nonNegative('lambda', lambda), ...finite('target', target)],
  penalty: (work) => {
    const off = sub(l2Norm(pulled(work, constant(1)), [1]), target)
    return mul(lambda, meanOver(work.present, mul(off, off)))
  }
}, ...layers)
