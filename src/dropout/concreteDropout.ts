/** Concrete dropout. */
import { add, div, mul, neg, reciprocal, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { constant, variable } from '../expr/leaf.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { axisSize } from '../expr/shape.js'
import { log, sigmoid, softplus } from '../expr/transcendental.js'
import type { Declaration, Layer, Output } from '../layer/layer.js'
import type { ShapeRule } from '../layer/rule.js'
import { run } from '../layer/run.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { nonNegative, positive, within } from '../part/checks.js'
import { joinPath, type ByPath } from '../part/path.js'
import { weightRoles } from '../part/role.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'

/** Options of `concreteDropout`. */
export interface ConcreteDropoutOptions {
  /** p before training, 0 < p < 1: .1 unless told. */
  readonly initialRate?: number
  /** t of the relaxed mask, > 0: .1 unless told. Near 0 a mask is nearly 0 or 1, and the rate's gradient wild. */
  readonly temperature?: Scalar
  /** λ of Σ W²/(1 − p), ≥ 0: 1e-6 unless told. In the paper l²/(N·τ): prior length scale, examples, precision. */
  readonly weightRegularizer?: Scalar
  /** λ of −K·H(p), ≥ 0: 1e-5 unless told. In the paper 2/(N·τ) for regression, 1/N for classification. */
  readonly dropoutRegularizer?: Scalar
}

/**
 * x·z/(1 − p) for uniform noise u, z = 1 − sigmoid((logit p + logit u)/t), from p's logit: what `concreteDropout` does with the noise that
 * it draws. z < ½ with probability p exactly, whatever the temperature.
 * @example
 * ```ts
 * import { concreteDropoutWith } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(concreteDropoutWith(constant([3, 3]), constant([0.25, 0.75]), 0, 0.1)) // => [5.9999, 0.0001]
 * ```
 */
export const concreteDropoutWith = (x: Expr, u: Expr, logit: Scalar, temperature: Scalar): Expr => {
  const z = sigmoid(neg(div(add(logit, sub(log(u), log(sub(1, u)))), temperature)))
  return mul(x, z, reciprocal(sigmoid(neg(logit))))
}

/** −H(p) = p·ln p + (1 − p)·ln(1 − p), from p's logit. */
const negativeEntropy = (logit: Expr): Expr =>
  neg(add(mul(sigmoid(logit), softplus(neg(logit))), mul(sigmoid(neg(logit)), softplus(logit))))

/** Σ W²/(1 − p) over the weights of a layer. */
const weightTerm = (parameters: ByPath<Declaration>, logit: Expr): Expr => {
  const weights = Object.entries(parameters).filter(([, { role }]) => weightRoles.includes(role))
  const squares = weights.map(([path, { shape }]) => variable(path, shape)).map((w) => sum(mul(w, w)))
  return div(squares.reduce((a, b) => add(a, b), constant(0)), sigmoid(neg(logit)))
}

/**
 * A layer whose input is dropped at a rate p that is learned: in training the layer sees x·z/(1 − p) with the relaxed mask
 * z = 1 − sigmoid((logit p + logit u)/t), u uniform for each element of each example; in inference the layer itself.
 *
 * The parameter `logit` (a scalar of role `rate`) is p in logit space. Penalties, each reported under its path: `weights`
 * λ₁·Σ W²/(1 − p), `entropy` λ₂·K·(p·ln p + (1 − p)·ln(1 − p)) with K the size of the input's last axis; they stand in the objective beside
 * the layer's own, which are best left out. Decisions are addressed by the example. Mask and mean are relaxed: E[z] is 1 − p only as t → 0.
 * Errors: a rate, temperature or λ outside its range; those of the layer. Gal, Hron & Kendall 2017. Laws: `concreteDropoutLaws`.
 * @example
 * ```ts
 * import { concreteDropout } from 'tikhonov/dropout'
 * import { variable } from 'tikhonov/expr'
 * import { infer } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * const { parameters, penalties } = concreteDropout(dense(1)).apply({ path: 'c', mode: infer })(variable('x', [2, 5]))
 * Object.keys(parameters) // => ['c/dense/0/kernel', 'c/dense/0/bias', 'c/logit']
 * Object.keys(penalties) // => ['c/weights', 'c/entropy']
 * ```
 */
export const concreteDropout = <R extends ShapeRule>(
  layer: Layer<R>, options: ConcreteDropoutOptions = {}
): Layer<R> & Decided<'element of an example', 'example'> => {
  const { initialRate = 0.1, temperature = 0.1, weightRegularizer = 1e-6, dropoutRegularizer = 1e-5 } = options
  return decided('element of an example', 'example')(wrapper({
    spec: spec('concreteDropout', { initialRate, temperature, weightRegularizer, dropoutRegularizer, layer: specOf(layer) }),
    rule: layer.rule,
    issues: [
      ...within({ min: 0, max: 1, open: 'both' })('initialRate', initialRate), ...positive('temperature', temperature),
      ...nonNegative('weightRegularizer', weightRegularizer), ...nonNegative('dropoutRegularizer', dropoutRegularizer)
    ],
    apply: (scope) => (x): Output => {
      const { path, mode } = scope
      const at = joinPath(path, 'logit')
      const logit = variable(at, [])
      const seen = mode._tag === 'Infer' || isInvalid(x) ? x
        : concreteDropoutWith(x, mode.random.perExample.uniform('noise', x.shape), logit, temperature)
      const output = run([layer])(scope)(seen)
      const declared: Declaration =
        { shape: [], role: 'rate', initial: () => constant(Math.log(initialRate / (1 - initialRate))), incoming: [] }
      return {
        ...output,
        parameters: { ...output.parameters, [at]: declared },
        penalties: isInvalid(output.y) ? output.penalties : {
          ...output.penalties,
          [joinPath(path, 'weights')]: mul(weightRegularizer, weightTerm(output.parameters, logit)),
          [joinPath(path, 'entropy')]: mul(dropoutRegularizer, axisSize(x.shape, -1), negativeEntropy(logit))
        }
      }
    }
  }))
}
