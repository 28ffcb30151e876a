/** Weight normalisation. */
import { mul } from '../expr/arithmetic.js'
import { keepAxes } from '../expr/broadcast.js'
import { variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { normalAxes } from '../expr/shape.js'
import { termPaths } from '../layer/build.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { reparametrised, type Rewritten } from '../layer/reparametrised.js'
import type { ShapeRule } from '../layer/rule.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { axesOf } from '../part/axes.js'
import { issue } from '../part/issue.js'
import { joinPath, type Path } from '../part/path.js'
import { showSpec, spec } from '../part/spec.js'
import { l2Norm, polar } from '../regularizers/norms.js'

/** w = g·v/‖v‖, where v begins as the weight would have and g as its length. */
const directed = (_: Expr, { shape, role, initial, incoming, regularizer, constraint }: Declaration, path: Path): Rewritten => {
  const lengths = shape.filter((__, axis) => !normalAxes(incoming, shape.length).includes(axis))
  const [v, g] = [joinPath(path, 'v'), joinPath(path, 'g')]
  const weight = mul(keepAxes(variable(g, lengths), shape, incoming), polar(variable(v, shape), incoming).direction)
  return {
    weight,
    parameters: {
      [v]: { shape, role, incoming, initial: () => initial(path) },
      [g]: { shape: lengths, role: 'scale', incoming: [], initial: () => l2Norm(initial(path), incoming) }
    },
    penalties: Object.fromEntries(termPaths(path, regularizer?.terms ?? []).map(([at, term]) =>
      [at, term.penalty(weight, axesOf(shape, { incoming }))])),
    issues: [
      ...(constraint === undefined ? []
        : [issue(joinPath(path, 'constraint'), showSpec(constraint.spec), 'no constraint: the length of a normalised weight is learned')]),
      ...(regularizer?.exact ?? []).map((e) => issue(path, showSpec(e.spec), 'penalties by their gradient: a normalised weight is made'))
    ]
  }
}

/**
 * A layer whose kernels and recurrent kernels are w = g·v/‖v‖₂ for the incoming weights of each unit (filter, gate column): direction and
 * length are learned apart, and ‖w‖ = |g|.
 *
 * In the place of `kernel` there are `kernel/v`, of its shape and role, and `kernel/g`, one number a unit, role `scale`; they begin as the
 * kernel would have and as its lengths, so that the layer begins as it would have without. The kernel's regularizer penalises w. Any
 * layer can be wrapped whose kernels say which axes are incoming: dense, convolutional, recurrent, layers in a `residual`.
 *
 * A v of length 0 has no direction: w is 0 there and stays so (a kernel that begins at zeros learns nothing). Decay of `kernel/v` changes
 * its length only, and with it how fast its direction turns; decay g too to shrink w.
 * Errors: a layer without kernels, a constraint on a kernel (w cannot be projected), and the layer's own. Salimans & Kingma 2016.
 * Laws: `weightNormalizationLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { dense, weightNormalization } from 'tikhonov/layers'
 * const { y } = run([weightNormalization(dense(1, { useBias: false }))])({ path: '', mode: infer })(constant([1, 10], [1, 2]))
 * const at = 'weightNormalization/0/dense/0/kernel'
 * evaluate(y, { [`${at}/v`]: [3, 4], [`${at}/g`]: [5] }) // => [43]
 * ```
 */
export const weightNormalization = <R extends ShapeRule>(layer: Layer<R>): Layer<R> =>
  wrapper({
    spec: spec('weightNormalization', { layer: specOf(layer) }),
    rule: layer.rule,
    apply: reparametrised({ roles: ['kernel', 'recurrent'], rewrite: directed }, layer)
  })
