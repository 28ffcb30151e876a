/** Two layers over a sequence, one in each direction. */
import { add, mul } from '../expr/arithmetic.js'
import { invalid, isInvalid, type Expr } from '../expr/node.js'
import { sameShape, type Shape } from '../expr/shape.js'
import { concat, reverse } from '../expr/view.js'
import { named, type Layer } from '../layer/layer.js'
import type { Times } from '../layer/product.js'
import type { Apply, ShapeRule, Unapplied } from '../layer/rule.js'
import { run } from '../layer/run.js'
import { wrapper } from '../layer/wrapper.js'
import { issue } from '../part/issue.js'
import { spec } from '../part/spec.js'

/** How the outputs of the two directions become one: side by side, or their sum, product or mean. */
export type MergeMode = 'concat' | 'sum' | 'mul' | 'ave'

/** What the forward layer makes of the input; with `concat` its last size and that of the backward layer together. */
export interface BidirectionalRule<F extends ShapeRule, B extends ShapeRule, M extends MergeMode> extends ShapeRule {
  readonly output?: this['input'] extends Shape
    ? Merged<Apply<F, this['input']>, Apply<B, this['input']>, M> : Unapplied<readonly [F, B, M]>
}

type Merged<F, B, M extends MergeMode> =
  F extends string ? F : B extends string ? B
    : [M] extends ['sum' | 'mul' | 'ave'] ? F
      : F extends readonly [...infer Head extends Shape, infer U extends number]
        ? B extends readonly [...Shape, infer V extends number] ? readonly [...Head, [U, V] extends [V, U] ? Times<U, 2> : number]
          : Shape
        : Shape

/** Options of `bidirectional`; names are Keras's. */
export interface BidirectionalOptions<B extends ShapeRule, M extends MergeMode> {
  /** The layer that reads from the end; one like the first, with weights of its own, unless told. */
  readonly backward?: Layer<B>
  /** `concat` unless told. */
  readonly mergeMode?: M
}

const merge = (mode: MergeMode, forward: Expr, backward: Expr): Expr => {
  if (isInvalid(forward) || isInvalid(backward)) return invalid(undefined, [forward, backward])
  if (mode === 'concat') return concat([forward, backward])
  if (!sameShape(forward.shape, backward.shape)) {
    const message = 'the two directions give outputs that differ in shape'
    return invalid({ _tag: 'ShapeProblem', operation: mode, shapes: [forward.shape, backward.shape], message })
  }
  return mode === 'mul' ? mul(forward, backward) : mode === 'sum' ? add(forward, backward) : mul(0.5, add(forward, backward))
}

/** A sequence of outputs [batch, time, …] is turned round, the output of a whole sequence [batch, units] is as it is. */
const aligned = (y: Expr): Expr => (isInvalid(y) || y.shape.length < 3 ? y : reverse(y, 1))

/**
 * A layer over the sequence and one over the sequence from its end, [time, features] → what they make of it, merged. Outputs of both
 * stand at the time step that they belong to.
 *
 *   y = merge(f(x), reverse(b(reverse(x))))
 *
 * `b` is `backward`, or a second layer like `f` with weights and masks of its own (`bidirectional/0/forward/kernel`,
 * `bidirectional/0/backward/kernel`). Any layer over sequences fits, a bidirectional one too. Errors: outputs that do not fit each other,
 * a layer that goes backwards already. Schuster & Paliwal 1997. Laws: `bidirectionalLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { bidirectional, lstm } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(
 *   sequential([10, 8], bidirectional(lstm(16, { returnSequences: true })), bidirectional(lstm(4), { mergeMode: 'ave' })),
 *   E.map((m) => m.output)
 * ) // => E.right([4])
 * ```
 */
export const bidirectional = <F extends ShapeRule, B extends ShapeRule = F, M extends MergeMode = 'concat'>(
  forward: Layer<F>, options: BidirectionalOptions<B, M> = {}
): Layer<BidirectionalRule<F, B, M>> => {
  const { mergeMode = 'concat' } = options
  const backward: Layer = options.backward ?? forward
  const turned = Object.entries({ forward, backward: options.backward }).flatMap(([name, l]) =>
    l?.spec.options.goBackwards === true
      ? [issue(`${name}/goBackwards`, 'true', 'a layer that goes forwards: it is turned round here')] : [])
  return wrapper({
    spec: spec('bidirectional', { forward: forward.spec, backward: options.backward?.spec, mergeMode }),
    rule: { check: (s) => forward.rule.check(s) ?? backward.rule.check(s) },
    issues: turned,
    apply: (scope) => (x) => {
      const ahead = run([named('forward', forward)])(scope)(x)
      const behind = run([named('backward', backward)])(scope)(isInvalid(x) || x.shape.length < 2 ? x : reverse(x, 1))
      return {
        y: merge(mergeMode, ahead.y, aligned(behind.y)),
        parameters: { ...ahead.parameters, ...behind.parameters },
        state: { ...ahead.state, ...behind.state },
        penalties: { ...ahead.penalties, ...behind.penalties },
        issues: [...ahead.issues, ...behind.issues]
      }
    }
  })
}
