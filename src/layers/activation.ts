/** Activations: functions of an expression, and the layer that applies one. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { abs, greater, max, min, select } from '../expr/compare.js'
import type { Expr } from '../expr/node.js'
import { logSoftmax } from '../expr/softmax.js'
import { erf, exp, sigmoid as logistic, softplus as smooth, tanh as hyperbolic } from '../expr/transcendental.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { actsAlone, each } from '../layer/narrowing.js'
import { same, type SameRule } from '../layer/rule.js'
import { finite, nonNegative } from '../part/checks.js'
import type { Issue } from '../part/issue.js'
import { spec, type Spec } from '../part/spec.js'

/** A function of a whole tensor, element by element or along its last axis. */
export interface Activation {
  readonly _tag: 'Activation'
  readonly spec: Spec
  readonly issues: readonly Issue[]
  readonly of: (x: Expr) => Expr
}

/**
 * An activation of your own, from an expression; its gradient comes by derivation.
 * @example
 * ```ts
 * import { constant, evaluate, mul, softplus, tanh } from 'tikhonov/expr'
 * import { activationOf } from 'tikhonov/layers'
 * const mish = activationOf('mish', (x) => mul(x, tanh(softplus(x))))
 * evaluate(mish.of(constant([0]))) // => [0]
 * ```
 */
export const activationOf = (
  kind: string,
  of: (x: Expr) => Expr,
  options: Readonly<Record<string, number>> = {},
  issues: readonly Issue[] = []
): Activation => ({ _tag: 'Activation', spec: spec(kind, options), issues, of })

/**
 * y = x.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { linear } from 'tikhonov/layers'
 * evaluate(linear.of(constant([-2, 3]))) // => [-2, 3]
 * ```
 */
export const linear: Activation = activationOf('linear', (x) => x)

/**
 * max(x, 0), with derivative 0 at 0. Nair & Hinton 2010.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { relu } from 'tikhonov/layers'
 * evaluate(relu.of(constant([-2, 0, 3]))) // => [0, 0, 3]
 * ```
 */
export const relu: Activation = activationOf('relu', (x) => max(x, 0))

/**
 * x where x > 0, else slope·x. Maas, Hannun & Ng 2013. Slope .3 unless told (Keras 2; Keras 3 says negative_slope .3, PyTorch .01).
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { leakyRelu } from 'tikhonov/layers'
 * evaluate(leakyRelu(0.1).of(constant([-2, 3]))) // => [-0.2, 3]
 * ```
 */
export const leakyRelu = (slope = 0.3): Activation =>
  activationOf('leakyRelu', (x) => select(greater(x, 0), x, mul(slope, x)), { slope }, nonNegative('slope', slope))

/**
 * x where x > 0, else α(eˣ − 1). Clevert, Unterthiner & Hochreiter 2016. α = 1 unless told. At 0 the derivative is α.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { elu } from 'tikhonov/layers'
 * evaluate(elu().of(constant([-Infinity, 0, 3]))) // => [-1, 0, 3]
 * ```
 */
export const elu = (alpha = 1): Activation =>
  activationOf('elu', (x) => {
    const above = greater(x, 0)
    return select(above, x, mul(alpha, sub(exp(select(above, 0, x)), 1)))
  }, { alpha }, finite('alpha', alpha))

/**
 * λ·elu(α), with λ = 1.0507…, α = 1.6733… that keep mean 0 and variance 1. Klambauer, Unterthiner, Mayr & Hochreiter 2017.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { selu } from 'tikhonov/layers'
 * evaluate(selu.of(constant([-Infinity, 0, 1]))) // => [-1.758099, 0, 1.050701]
 * ```
 */
export const selu: Activation = activationOf('selu', (x) => mul(seluScale, elu(seluAlpha).of(x)))

/**
 * λ of `selu`.
 * @example
 * ```ts
 * import { seluScale } from 'tikhonov/layers'
 * seluScale // => 1.0507
 * ```
 */
export const seluScale = 1.0507009873554804934193349852946

/**
 * α of `selu`.
 * @example
 * ```ts
 * import { seluAlpha } from 'tikhonov/layers'
 * seluAlpha // => 1.6733
 * ```
 */
export const seluAlpha = 1.6732632423543772848170429916717

/**
 * x·Φ(x) = x·½(1 + erf(x/√2)), exactly. Hendrycks & Gimpel 2016.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { gelu } from 'tikhonov/layers'
 * evaluate(gelu.of(constant([-1, 0, 1]))) // => [-0.158655, 0, 0.841345]
 * ```
 */
export const gelu: Activation = activationOf('gelu', (x) => mul(x, mul(0.5, add(1, erf(div(x, Math.SQRT2))))))

/**
 * Hyperbolic tangent.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { tanh } from 'tikhonov/layers'
 * evaluate(tanh.of(constant([-1000, 0, 1]))) // => [-1, 0, 0.761594]
 * ```
 */
export const tanh: Activation = activationOf('tanh', hyperbolic)

/**
 * 1/(1 + e⁻ˣ). As the last activation it is a link that binary cross-entropy knows: the loss is computed from the logit.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { sigmoid } from 'tikhonov/layers'
 * evaluate(sigmoid.of(constant([-1000, 0, 1000]))) // => [0, 0.5, 1]
 * ```
 */
export const sigmoid: Activation = activationOf('sigmoid', logistic)

/**
 * min(max(x/6 + ½, 0), 1), as Keras 3 has it.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { hardSigmoid } from 'tikhonov/layers'
 * evaluate(hardSigmoid.of(constant([-4, 0, 1.5, 4]))) // => [0, 0.5, 0.75, 1]
 * ```
 */
export const hardSigmoid: Activation = activationOf('hardSigmoid', (x) => min(max(add(div(x, 6), 0.5), 0), 1))

/**
 * ln(1 + eˣ). Dugas et al. 2001.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { softplus } from 'tikhonov/layers'
 * evaluate(softplus.of(constant([0, 1000]))) // => [Math.LN2, 1000]
 * ```
 */
export const softplus: Activation = activationOf('softplus', smooth)

/**
 * x·sigmoid(x). Ramachandran, Zoph & Le 2017; as SiLU, Elfwing, Uchibe & Doya 2018.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { swish } from 'tikhonov/layers'
 * evaluate(swish.of(constant([-1, 0, 1]))) // => [-0.268941, 0, 0.731059]
 * ```
 */
export const swish: Activation = activationOf('swish', (x) => mul(x, logistic(x)))

/**
 * x/(1 + |x|). Turian, Bergstra & Bengio 2009.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { softsign } from 'tikhonov/layers'
 * evaluate(softsign.of(constant([-3, 0, 1]))) // => [-0.75, 0, 0.5]
 * ```
 */
export const softsign: Activation = activationOf('softsign', (x) => div(x, add(1, abs(x))))

/**
 * Along the last axis, eˣ/Σ eˣ. As the last activation it is a link that cross-entropy knows: the loss is computed from the logits.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { softmax } from 'tikhonov/layers'
 * evaluate(softmax.of(constant([1000, 1000, -1000]))) // => [0.5, 0.5, 0]
 * ```
 */
export const softmax: Activation = activationOf('softmax', (x) => exp(logSoftmax(x)))

/**
 * The layer that applies an activation.
 * @example
 * ```ts
 * import { activation, relu } from 'tikhonov/layers'
 * activation(relu).spec.options.of // => { kind: 'relu', options: {} }
 * ```
 */
export const activation = (f: Activation): Layer<SameRule> =>
  layer({
    spec: spec('activation', { of: f.spec }), rule: same, issues: f.issues, narrowing: actsAlone(f.of) ? each() : undefined,
    apply: () => f.of
  })
