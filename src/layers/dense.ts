/** The fully connected layer. */
import { add } from '../expr/arithmetic.js'
import { isInvalid, type Expr } from '../expr/node.js'
import { matmul } from '../expr/matmul.js'
import { reshape } from '../expr/reshape.js'
import { axisSize, sizeOf, type Shape } from '../expr/shape.js'
import type { Constraint } from '../constraints/constraint.js'
import { glorotUniform } from '../initializers/glorotUniform.js'
import { zeros } from '../initializers/constant.js'
import type { Initializer } from '../initializers/initializer.js'
import { layer } from '../layer/build.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { mixed } from '../layer/narrowing.js'
import { ofRankAtLeast, type Given, type ReplaceLast, type ShapeRule } from '../layer/rule.js'
import { count, issuesOf } from '../part/checks.js'
import { spec } from '../part/spec.js'
import { regularizerSpec, type Regularizer } from '../regularizers/regularizer.js'
import { linear, type Activation } from './activation.js'

const needs = 'dense needs an input of rank 1 or more'

/** The last axis becomes `U` long: […, features] → […, U]. */
export interface DenseRule<U extends number> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, ...Shape], ReplaceLast<this['input'], U>, typeof needs>
}

/** Options of `dense`; names are Keras's. */
export interface DenseOptions {
  /** Applied to the result; `linear` unless told. */
  readonly activation?: Activation
  /** Whether there is a bias; yes unless told. */
  readonly useBias?: boolean
  /** `glorotUniform` unless told. */
  readonly kernelInitializer?: Initializer
  /** `zeros` unless told. */
  readonly biasInitializer?: Initializer
  readonly kernelRegularizer?: Regularizer
  readonly biasRegularizer?: Regularizer
  /** A penalty on the output, divided by the number of examples. */
  readonly activityRegularizer?: Regularizer
  readonly kernelConstraint?: Constraint
  readonly biasConstraint?: Constraint
}

/** x·W over the last axis, whatever is before it. */
const project = (x: Expr, kernel: Expr): Expr => {
  if (isInvalid(x) || isInvalid(kernel)) return matmul(x, kernel)
  const flat = matmul(reshape(x, [sizeOf(x.shape.slice(0, -1)), axisSize(x.shape, -1)]), kernel)
  return reshape(flat, [...x.shape.slice(0, -1), axisSize(kernel.shape, -1)])
}

/**
 * y = activation(x·W + b) over the last axis: […, features] → […, units], W [features, units], b [units].
 * The kernel's constraint sees the incoming weights of a unit: a column of W (axis 0). Penalties hit what they are given for.
 * Errors: units not a whole number ≥ 1, an input of rank 0, and those of its parts. Laws: `layerLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { dense, relu } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * import { l2 } from 'tikhonov/regularizers'
 * E.isRight(sequential([60], dense(30, { activation: relu, kernelRegularizer: l2(0.001) }), dense(1))) // => true
 * ```
 */
export const dense = <const U extends number>(units: U, options: DenseOptions = {}): Layer<DenseRule<U>> => {
  const { activation = linear, useBias = true, kernelInitializer = glorotUniform, biasInitializer = zeros } = options
  const kernel = (features: number): Declaration => ({
    shape: [features, units], role: 'kernel', initial: kernelInitializer.initial([features, units]), incoming: [0],
    regularizer: options.kernelRegularizer, constraint: options.kernelConstraint
  })
  const bias: Declaration = {
    shape: [units], role: 'bias', initial: biasInitializer.initial([units]), incoming: [],
    regularizer: options.biasRegularizer, constraint: options.biasConstraint
  }
  return layer({
    spec: spec('dense', {
      units, activation: activation.spec, useBias, kernelInitializer: kernelInitializer.spec, biasInitializer: biasInitializer.spec,
      kernelRegularizer: regularizerSpec(options.kernelRegularizer), biasRegularizer: regularizerSpec(options.biasRegularizer),
      activityRegularizer: regularizerSpec(options.activityRegularizer),
      kernelConstraint: options.kernelConstraint?.spec, biasConstraint: options.biasConstraint?.spec
    }),
    rule: denseRule<U>(),
    issues: [...count('units', units), ...issuesOf({ activation, kernelInitializer, biasInitializer })],
    parameters: (x): { readonly kernel: Declaration; readonly bias?: Declaration } =>
      ({ kernel: kernel(axisSize(x, -1)), ...(useBias ? { bias } : {}) }),
    activityRegularizer: options.activityRegularizer,
    narrowing: mixed((count) => dense(count, options), activation),
    apply: ({ kernel, bias }) => (x) => activation.of(bias === undefined ? project(x, kernel) : add(project(x, kernel), bias))
  })
}

const denseRule = <U extends number>(): DenseRule<U> => ({ check: ofRankAtLeast(1, needs) })
