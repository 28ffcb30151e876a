/** Spectral normalisation. */
import { div } from '../expr/arithmetic.js'
import { greater, select } from '../expr/compare.js'
import { variable } from '../expr/leaf.js'
import { matmul } from '../expr/matmul.js'
import type { Expr } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { axisSize } from '../expr/shape.js'
import { stopGradient } from '../expr/stop.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { reparametrised, type Rewritten } from '../layer/reparametrised.js'
import type { ShapeRule } from '../layer/rule.js'
import type { Mode } from '../layer/scope.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { count } from '../part/checks.js'
import { joinPath, type Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import { draws } from '../random/draws.js'
import { polar } from '../regularizers/norms.js'
import { matrixOf } from '../regularizers/units.js'

/** Options of `spectralNormalization`. */
export interface SpectralNormalizationOptions {
  /** Power iterations at each training step, at least 1; 1 unless told. */
  readonly powerIterations?: number
}

/** v/‖v‖, or `instead` where v is 0. */
const unit = (v: Expr, instead: Expr): Expr => {
  const { size, direction } = polar(v)
  return select(greater(size, 0), direction, instead)
}

const divided = ({ powerIterations = 1 }: SpectralNormalizationOptions, mode: Mode) =>
  (w: Expr, { shape, incoming, ...declared }: Declaration, path: Path): Rewritten => {
    const at = joinPath(path, 'u')
    const matrix = matrixOf(w, incoming)
    const units = [axisSize(matrix.shape, 1), 1]
    const first = variable(at, units)
    const fixed = stopGradient(matrix)
    const left = (u: Expr): Expr => polar(matmul(fixed, u)).direction
    const again = (u: Expr): Expr => unit(matmul(fixed, left(u), { a: true }), u)
    const steps = mode._tag === 'Train' ? powerIterations : 0
    // The last iteration's own v, as Miyato et al. have it; where nothing is iterated, that of the u at hand.
    const before = Array.from({ length: Math.max(0, steps - 1) }).reduce<Expr>(again, first)
    const [v, u] = [left(before), steps > 0 ? again(before) : first]
    const sigma = reshape(matmul(stopGradient(v), matmul(matrix, stopGradient(u)), { a: true }), [])
    return {
      weight: div(w, select(greater(sigma, 0), sigma, 1)),
      parameters: { [path]: { shape, incoming, ...declared } },
      state: { [at]: { shape: units, next: u, initial: (p) => polar(draws('initial', p).normal('direction', units)).direction } }
    }
  }

/**
 * A layer whose kernels and recurrent kernels W are read as W/σ(W), σ the largest singular value of the matrix [incoming weights, units]:
 * what the layer stretches a difference of inputs by is at most about 1.
 *
 * σ is found by power iteration: each training step does `powerIterations` of v ← W·u/‖W·u‖, u ← Wᵀ·v/‖Wᵀ·v‖ and takes σ = vᵀ·W·u; u is
 * layer state (`kernel/u`), so that a slowly moving W is followed by one iteration a step. σ is never above the true one, so early steps
 * may divide by too little. In inference u stays as it is. The gradient goes through W in σ, and not through u and v.
 *
 * The kernel stays under its own name; its regularizer and constraint hit W itself. For a convolution the matrix is that of the filters,
 * as in the paper: not quite the norm of the convolution. A kernel of zeros stays as it is, and so does u.
 * Errors: powerIterations not a whole number ≥ 1, a layer without kernels, and the layer's own. Miyato, Kataoka, Koyama & Yoshida 2018.
 * Laws: `spectralNormalizationLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { dense, spectralNormalization } from 'tikhonov/layers'
 * const { y } = run([spectralNormalization(dense(2, { useBias: false }))])({ path: '', mode: infer })(constant([1, 1], [1, 2]))
 * const at = 'spectralNormalization/0/dense/0/kernel'
 * evaluate(y, { [at]: [4, 0, 0, 1], [`${at}/u`]: [1, 0] }) // => [1, 0.25]
 * ```
 */
export const spectralNormalization = <R extends ShapeRule>(layer: Layer<R>, options: SpectralNormalizationOptions = {}): Layer<R> => {
  const { powerIterations = 1 } = options
  return wrapper({
    spec: spec('spectralNormalization', { layer: specOf(layer), powerIterations }),
    rule: layer.rule,
    issues: count('powerIterations', powerIterations),
    apply: (scope) => reparametrised({ roles: ['kernel', 'recurrent'], rewrite: divided(options, scope.mode) }, layer)(scope)
  })
}
