/** Dropout. */
import { div, mul, sub } from '../expr/arithmetic.js'
import { isInvalid, type Scalar } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import { layer } from '../layer/build.js'
import type { Layer } from '../layer/layer.js'
import { same, type SameRule } from '../layer/rule.js'
import { rate as rateCheck } from '../part/checks.js'
import { spec } from '../part/spec.js'

/** Options of `dropout`. */
export interface DropoutOptions {
  /** The shape of one example's mask; sizes of 1 share a decision along that axis. The shape of the example unless told. */
  readonly noiseShape?: Shape
}

/**
 * Inverted dropout: y = x·m/(1 − rate), m ~ Bernoulli(1 − rate) for each element of each example; y = x in inference.
 * `rate` is the probability of DROPPING, 0 ≤ rate < 1; rate 0 is the identity. Masks are drawn per example, by its position in the
 * stream: they depend on nothing else. Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014. Laws: `dropoutLaws`.
 * @example
 * ```ts
 * import { dropout } from 'tikhonov/dropout'
 * dropout(0.4).spec // => { kind: 'dropout', options: { rate: 0.4 } }
 * ```
 */
export const dropout = (rate: Scalar, { noiseShape }: DropoutOptions = {}): Layer<SameRule> =>
  layer({
    spec: spec('dropout', { rate, noiseShape }),
    rule: same,
    issues: rateCheck('rate', rate),
    apply: (_, { mode }) => (x) =>
      mode._tag === 'Infer' || rate === 0 || isInvalid(x) ? x
      : mul(x, div(mode.random.perExample.bernoulli('mask', rate, noiseShape === undefined ? x.shape : [x.shape[0], ...noiseShape]), sub(1, rate)))
  })
