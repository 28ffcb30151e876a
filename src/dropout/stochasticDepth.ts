/** Stochastic depth. */
import { add } from '../expr/arithmetic.js'
import { invalid, isInvalid, type Scalar } from '../expr/node.js'
import { sameShape, showShape, type Shape } from '../expr/shape.js'
import type { Layer, Output } from '../layer/layer.js'
import type { RowOutput } from '../layer/row.js'
import { misfit, type Fits, type Misfit, type ShapeRule, type Show, type Unapplied } from '../layer/rule.js'
import { run } from '../layer/run.js'
import { shapeAfter } from '../layer/shapeAfter.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { rate as rateCheck } from '../part/checks.js'
import { issue } from '../part/issue.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'
import { dropoutWith } from './dropout.js'

/** S where the layers keep it, else why not. */
type Kept<S, O> =
  S extends Shape
    ? O extends Shape ? Fits<O, S> extends true ? S : Misfit<`stochasticDepth needs layers that keep the shape ${Show<S>}`, O> : O
    : never

/** Layers L that keep the shape of their input. */
export interface StochasticDepthRule<L extends readonly unknown[]> extends ShapeRule {
  readonly output?: this['input'] extends Shape ? Kept<this['input'], RowOutput<this['input'], L>> : Unapplied<L>
}

const needs = (s: Shape): string => `stochasticDepth needs layers that keep the shape ${showShape(s)}`

/** Why what the layers make of a shape does not add to it, or `undefined`. */
const changed = (s: Shape, made: Shape): string | undefined => (sameShape(made, s) ? undefined : misfit(needs(s), made))

const stochasticDepthRule = <L extends readonly Layer[]>(layers: L): StochasticDepthRule<L> => ({
  check: (s) => {
    const made = shapeAfter(layers, s)
    return typeof made === 'string' ? made : changed(s, made)
  }
})

/**
 * A residual branch that whole examples skip: y = x + m·f(x)/(1 − rate), m ~ Bernoulli(1 − rate) for each example, f the layers in a row;
 * y = x + f(x) in inference, its mean.
 *
 * The paper scales in inference instead, by the probability to survive; in expectation this is the same. One decision for an example,
 * shared over all its values, addressed by the example. `rate` is the probability of DROPPING the branch, 0 ≤ rate < 1; at rate 0 nothing
 * is drawn. `depthRates` raises it linearly with depth. Errors: a rate outside its range; layers that do not keep the shape of their
 * input; those of the layers. Huang, Sun, Liu, Sedra & Weinberger 2016. Laws: `stochasticDepthLaws`.
 * @example
 * ```ts
 * import { stochasticDepth } from 'tikhonov/dropout'
 * import { dense, relu } from 'tikhonov/layers'
 * const block = stochasticDepth(0.2, dense(8, { activation: relu }), dense(8))
 * block.decision // => { of: 'example', by: 'example' }
 * block.rule.check([4]) // => 'stochasticDepth needs layers that keep the shape [4], found [8]'
 * ```
 */
export const stochasticDepth = <const L extends readonly Layer[]>(
  rate: Scalar, ...layers: L
): Layer<StochasticDepthRule<L>> & Decided<'example', 'example'> =>
  decided('example', 'example')(wrapper({
    spec: spec('stochasticDepth', { rate, layers: layers.map(specOf) }),
    rule: stochasticDepthRule(layers),
    issues: rateCheck('rate', rate),
    narrowing: { _tag: 'Rows', rows: { '': layers }, of: ({ '': row }) => stochasticDepth(rate, ...row) },
    apply: (scope) => (x): Output => {
      const output = run(layers)(scope)(x)
      if (isInvalid(output.y) || isInvalid(x)) return output
      const misfits = changed(x.shape.slice(1), output.y.shape.slice(1))
      if (misfits !== undefined) {
        const wrong = issue(scope.path, `an input of shape ${showShape(x.shape.slice(1))}`, misfits)
        return { ...output, y: invalid(undefined, [output.y]), issues: [...output.issues, wrong] }
      }
      const each = [x.shape[0], ...x.shape.slice(1).map(() => 1)]
      const branch = scope.mode._tag === 'Infer' || rate === 0 ? output.y
        : dropoutWith(output.y, scope.mode.random.perExample.bernoulli('mask', rate, each), rate)
      return { ...output, y: add(x, branch) }
    }
  }))

/**
 * Rates that rise linearly with depth: block l of L is dropped at l/L·last, as the paper advises: early blocks serve all later ones.
 * @example
 * ```ts
 * import { depthRates } from 'tikhonov/dropout'
 * depthRates(4, 0.5) // => [0.125, 0.25, 0.375, 0.5]
 * ```
 */
export const depthRates = (blocks: number, last: number): readonly number[] =>
  Array.from({ length: blocks }, (_, l) => ((l + 1) / blocks) * last)
