/** DropConnect. */
import type { Scalar } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import { reparametrised } from '../layer/reparametrised.js'
import type { ShapeRule } from '../layer/rule.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { rate as rateCheck } from '../part/checks.js'
import type { Role } from '../part/role.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'
import { dropoutWith } from './dropout.js'

/** Options of `dropConnect`. */
export interface DropConnectOptions {
  /**
   * The roles of the weights that are dropped: kernels unless told. `['recurrent']` drops the weights between the states of a recurrent
   * layer, one mask for all times (Merity, Keskar & Socher 2018).
   */
  readonly roles?: readonly Role[]
}

/**
 * A layer whose weights are dropped one by one: W becomes W∘M/(1 − rate), M ~ Bernoulli(1 − rate) for each weight, in training; the layer
 * itself, with the mean weights, in inference.
 *
 * One mask is drawn for each step and weight, addressed by the step and the path of the weight; the examples of a step share it (Wan et al.
 * draw one for each example, which is the same at a batch of 1). Biases are kept; penalties and constraints see W. `rate` is the
 * probability of DROPPING, 0 ≤ rate < 1; at rate 0 the layer is as it was and nothing is drawn. Errors: a rate outside its range; a layer
 * without such a weight; those of the layer. Wan, Zeiler, Zhang, LeCun & Fergus 2013. Laws: `dropConnectLaws`.
 * @example
 * ```ts
 * import { dropConnect } from 'tikhonov/dropout'
 * import { dense } from 'tikhonov/layers'
 * const layer = dropConnect(0.5, dense(30))
 * layer.decision // => { of: 'weight', by: 'step' }
 * layer.spec.kind // => 'dropConnect'
 * ```
 */
export const dropConnect = <R extends ShapeRule>(
  rate: Scalar, layer: Layer<R>, { roles = ['kernel'] }: DropConnectOptions = {}
): Layer<R> & Decided<'weight', 'step'> =>
  decided('weight', 'step')(wrapper({
    spec: spec('dropConnect', { rate, layer: specOf(layer), roles }),
    rule: layer.rule,
    issues: rateCheck('rate', rate),
    apply: (scope) => reparametrised({
      roles,
      rewrite: (w, { shape }, path) => ({
        weight: scope.mode._tag === 'Infer' || rate === 0 ? w
          : dropoutWith(w, scope.mode.random.perStep.bernoulli(path.slice(scope.path.length), rate, shape), rate)
      })
    }, layer)(scope)
  }))
