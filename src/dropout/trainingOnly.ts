/** What dropout and noise have in common: they do something in training only, and nothing where their level is 0. */
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { each } from '../layer/narrowing.js'
import { same, type SameRule, type ShapeRule } from '../layer/rule.js'
import type { Issue } from '../part/issue.js'
import type { Spec } from '../part/spec.js'
import type { Draws } from '../random/draws.js'

/** A layer that perturbs its input in training. */
export interface TrainingOnly<R extends ShapeRule = SameRule> {
  readonly spec: Spec
  /** How much: a rate, a standard deviation. At the number 0 the layer is the identity and nothing is drawn. */
  readonly level: Scalar
  readonly issues?: readonly Issue[]
  /** What it asks of its input; nothing unless told. The output has the shape of the input. */
  readonly rule?: R
  /** The perturbed input, from draws that belong to each example and the input, whose axis 0 is the batch. */
  readonly perturb: (draws: Draws, x: Expr) => Expr
}

/**
 * A dropout or noise of your own: y = perturb(draws, x) in training, y = x in inference and where `level` is the number 0; then the
 * program holds no trace of it. Laws: `perturbationLaws`.
 * @example
 * ```ts
 * import { add, mul, sub } from 'tikhonov/expr'
 * import { trainingOnly } from 'tikhonov/dropout'
 * import { nonNegative, spec } from 'tikhonov/layer'
 * const uniformNoise = (width: number) => trainingOnly({
 *   spec: spec('uniformNoise', { width }), level: width, issues: nonNegative('width', width),
 *   perturb: (draws, x) => add(x, mul(width, sub(draws.uniform('noise', x.shape), 0.5)))
 * })
 * uniformNoise(0.1).spec // => { kind: 'uniformNoise', options: { width: 0.1 } }
 * ```
 */
export function trainingOnly<R extends ShapeRule>(of: TrainingOnly<R> & { readonly rule: R }): Layer<R>
export function trainingOnly(of: TrainingOnly): Layer<SameRule>
export function trainingOnly({ spec, level, issues = [], rule = same, perturb }: TrainingOnly<ShapeRule>): Layer {
  return layer({
    spec, rule, issues, narrowing: each(),
    apply: (_, { mode }) => (x) => (mode._tag === 'Infer' || level === 0 || isInvalid(x) ? x : perturb(mode.random.perExample, x))
  })
}
