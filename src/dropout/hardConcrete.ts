/** L0 by hard concrete gates. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { broadcast, countOver, keepAxes, sum } from '../expr/broadcast.js'
import { max, min } from '../expr/compare.js'
import { variable } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import { normalAxes } from '../expr/shape.js'
import { log, sigmoid } from '../expr/transcendental.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { reparametrised, type Rewritten } from '../layer/reparametrised.js'
import type { ShapeRule } from '../layer/rule.js'
import type { Mode } from '../layer/scope.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { axesOf } from '../part/axes.js'
import { nonNegative, positive, within } from '../part/checks.js'
import { joinPath, type Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import { spec } from '../part/spec.js'
import type { Groups } from '../regularizers/groups.js'
import { decided, type Decided } from './decided.js'

/** The interval γ … ζ that gates are stretched to before they are cut off at 0 and 1, as in the paper. */
const [gamma, zeta] = [-0.1, 1.1]

/** Options of `hardConcrete`. */
export interface HardConcreteOptions {
  /** λ ≥ 0 of the expected number of weights that are not 0. */
  readonly lambda: Scalar
  /** What a gate opens: each weight unless told, or a group of them as one. */
  readonly groups?: 'weights' | Groups
  /** About how likely a gate is to be below ½ before training, 0 < rate < 1: .5 unless told. */
  readonly initialRate?: number
  /** β > 0, how soft gates are: ⅔ unless told. */
  readonly temperature?: number
  /** Parameters of these roles have gates: kernels unless told. */
  readonly roles?: readonly Role[]
}

/**
 * Gates z = min(1, max(0, s·(ζ − γ) + γ)), s = sigmoid((logit u + ln α)/β), γ = −.1, ζ = 1.1, for uniform noise u: what `hardConcrete` does
 * with the noise that it draws. Without noise (u = ½ and β = 1) that is the gate of inference.
 * @example
 * ```ts
 * import { hardConcreteWith } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(hardConcreteWith(constant([0.01, 0.5, 0.99]), constant(0), 2 / 3)) // => [0, 0.5, 1]
 * ```
 */
export const hardConcreteWith = (u: Expr, logAlpha: Expr, temperature: number): Expr => {
  const s = sigmoid(div(add(sub(log(u), log(sub(1, u))), logAlpha), temperature))
  return min(max(add(mul(s, zeta - gamma), gamma), 0), 1)
}

const gated = ({ lambda, groups = 'weights', initialRate = 0.5, temperature = 2 / 3 }: HardConcreteOptions, mode: Mode, from: Path) =>
  (w: Expr, declared: Declaration, path: Path): Rewritten => {
    const { shape } = declared
    const over = groups === 'weights' ? [] : normalAxes(axesOf(shape, declared)[groups], shape.length)
    const gates = shape.filter((_, axis) => !over.includes(axis))
    const at = joinPath(path, 'logAlpha')
    const logAlpha = variable(at, gates)
    const z = mode._tag === 'Infer' ? min(max(add(mul(sigmoid(logAlpha), zeta - gamma), gamma), 0), 1)
      : hardConcreteWith(mode.random.perStep.uniform(path.slice(from.length), gates), logAlpha, temperature)
    const open = sigmoid(sub(logAlpha, temperature * Math.log(-gamma / zeta)))
    return {
      weight: mul(w, keepAxes(z, shape, over)),
      parameters: {
        [path]: declared,
        [at]: { shape: gates, role: 'rate', incoming: [], initial: () => broadcast(Math.log((1 - initialRate) / initialRate), gates) }
      },
      penalties: { [joinPath(path, 'l0')]: mul(lambda, countOver(shape, over), sum(open)) }
    }
  }

/**
 * A layer whose weights are w·z under gates z that are learned, with λ times the expected number of weights whose gate is not 0: L0, the
 * count of weights, made smooth. In training each gate is a hard concrete variable, 0 or 1 with some probability and between them else,
 * drawn anew at each step and shared by its examples; in inference it is min(1, max(0, sigmoid(ln α)·(ζ − γ) + γ)), exactly 0 or 1 where
 * training has decided.
 *
 * Beside the weight stands `kernel/logAlpha` (role `rate`: no decay), one number a gate; the penalty λ·Σ sigmoid(ln α − β·ln(−γ/ζ)), times
 * the size of a group where groups have a gate in common, is reported as `kernel/l0`. `groups: 'outgoing'` gives each input one gate, as
 * the paper does, `'incoming'` each unit. Other penalties and constraints see w. Errors: a λ, rate or temperature outside its range; a
 * layer without such a weight; those of the layer. Louizos, Welling & Kingma 2018. Laws: `hardConcreteLaws`.
 * @example
 * ```ts
 * import { hardConcrete } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * const sparse = hardConcrete(dense(1, { useBias: false }), { lambda: 0.1, groups: 'outgoing' })
 * const { y, parameters } = run([sparse])({ path: '', mode: infer })(constant([1, 10], [1, 2]))
 * Object.keys(parameters) // => ['hardConcrete/0/dense/0/kernel', 'hardConcrete/0/dense/0/kernel/logAlpha']
 * const at = 'hardConcrete/0/dense/0/kernel'
 * evaluate(y, { [at]: [3, 4], [`${at}/logAlpha`]: [9, -9] }) // => [3]
 * ```
 */
export const hardConcrete = <R extends ShapeRule>(
  layer: Layer<R>, options: HardConcreteOptions
): Layer<R> & Decided<'weight', 'step'> => {
  const { lambda, groups = 'weights', initialRate = 0.5, temperature = 2 / 3, roles = ['kernel'] } = options
  return decided('weight', 'step')(wrapper({
    spec: spec('hardConcrete', { lambda, groups, initialRate, temperature, roles, layer: specOf(layer) }),
    rule: layer.rule,
    issues: [
      ...nonNegative('lambda', lambda), ...within({ min: 0, max: 1, open: 'both' })('initialRate', initialRate),
      ...positive('temperature', temperature)
    ],
    apply: (scope) => reparametrised({ roles, rewrite: gated(options, scope.mode, scope.path) }, layer)(scope)
  }))
}
