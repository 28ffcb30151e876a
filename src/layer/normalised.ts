/** What normalising layers share: which axes they mean, and the learned scale and offset γ·x̂ + β. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { keepAxes } from '../expr/broadcast.js'
import type { Expr } from '../expr/node.js'
import { mean } from '../expr/reduce.js'
import { reshape } from '../expr/reshape.js'
import { axisSize, normalAxes, type Shape } from '../expr/shape.js'
import { sqrt } from '../expr/transcendental.js'
import type { Constraint } from '../constraints/constraint.js'
import { ones, zeros } from '../initializers/constant.js'
import type { Initializer } from '../initializers/initializer.js'
import { issuesOf } from '../part/checks.js'
import type { Issue } from '../part/issue.js'
import type { Role } from '../part/role.js'
import type { Spec } from '../part/spec.js'
import { regularizerSpec, type Regularizer } from '../regularizers/regularizer.js'
import type { Declaration } from './layer.js'
import { misfit, ofRankAtLeast, type Given, type ShapeRule } from './rule.js'

/** The shape is kept, and there is an axis to normalise by. */
export interface NormalisedRule<Kind extends string> extends ShapeRule {
  readonly output?: Given<this['input'], readonly [number, ...Shape], this['input'], `${Kind} needs an input of rank 1 or more`>
}

/** The rule of a layer that means given axes; they are counted with the batch, which is axis 0 and cannot be meant. */
export const normalisedRule = <Kind extends string>(kind: Kind, axes: readonly number[]): NormalisedRule<Kind> => ({
  check: (example) => {
    const rank = example.length + 1
    const there = (axis: number): boolean => Number.isInteger(axis) && axis !== 0 && axis < rank && axis > -rank
    return ofRankAtLeast(1, `${kind} needs an input of rank 1 or more`)(example) ?? (axes.length > 0 && axes.every(there) ? undefined
      : misfit(`${kind} needs axes of an example (axis 0 is the batch), given [${axes.join(', ')}]`, example))
  }
})

/** Options of a learned scale and offset; names are Keras's. */
export interface AffineOptions {
  /** Whether there is an offset β; yes unless told. */
  readonly center?: boolean
  /** Whether there is a scale γ; yes unless told. */
  readonly scale?: boolean
  /** `zeros` unless told. */
  readonly betaInitializer?: Initializer
  /** `ones` unless told. */
  readonly gammaInitializer?: Initializer
  readonly betaRegularizer?: Regularizer
  readonly gammaRegularizer?: Regularizer
  readonly betaConstraint?: Constraint
  readonly gammaConstraint?: Constraint
}

/** A learned scale and offset along some axes of a tensor. */
interface Affine {
  readonly options: Readonly<Record<string, boolean | Spec | undefined>>
  readonly issues: readonly Issue[]
  readonly parameters: (x: Shape) => { readonly gamma?: Declaration; readonly beta?: Declaration }
  /** γ·x + β. */
  readonly of: (x: Expr, weights: { readonly gamma?: Expr; readonly beta?: Expr }) => Expr
}

/** The values of some axes of `shape`, in order, so that they broadcast against it. */
export const along = (values: Expr, shape: Shape, axes: readonly number[]): Expr =>
  reshape(values, shape.map((d, a) => (normalAxes(axes, shape.length).includes(a) ? d : 1)))

/** The learned scale and offset along axes that options ask for. */
export const affine = (axes: readonly number[], options: AffineOptions): Affine => {
  const { center = true, scale = true, betaInitializer = zeros, gammaInitializer = ones } = options
  const { betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint } = options
  const declared = (
    shape: Shape, role: Role, { initial }: Initializer, regularizer: Regularizer | undefined, constraint: Constraint | undefined
  ): Declaration => ({ shape, role, initial: initial(shape), incoming: [], regularizer, constraint })
  return {
    options: {
      center, scale, betaInitializer: betaInitializer.spec, gammaInitializer: gammaInitializer.spec,
      betaRegularizer: regularizerSpec(betaRegularizer), gammaRegularizer: regularizerSpec(gammaRegularizer),
      betaConstraint: betaConstraint?.spec, gammaConstraint: gammaConstraint?.spec
    },
    issues: issuesOf({ betaInitializer, gammaInitializer }),
    parameters: (x) => {
      const shape = normalAxes(axes, x.length).map((a) => axisSize(x, a))
      return {
        ...(scale ? { gamma: declared(shape, 'scale', gammaInitializer, gammaRegularizer, gammaConstraint) } : {}),
        ...(center ? { beta: declared(shape, 'offset', betaInitializer, betaRegularizer, betaConstraint) } : {})
      }
    },
    of: (x, { gamma, beta }) => {
      const scaled = gamma === undefined ? x : mul(x, along(gamma, x.shape, axes))
      return beta === undefined ? scaled : add(scaled, along(beta, x.shape, axes))
    }
  }
}

/** (x − mean)/√(variance + ε) over axes. */
export const standardised = (x: Expr, axes: readonly number[], epsilon: number): Expr => {
  const centred = sub(x, keepAxes(mean(x, axes), x.shape, axes))
  return div(centred, sqrt(add(keepAxes(mean(mul(centred, centred), axes), x.shape, axes), epsilon)))
}
