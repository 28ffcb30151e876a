/** Word dropout. */
import { add } from '../expr/arithmetic.js'
import { gather } from '../expr/gather.js'
import { constant } from '../expr/leaf.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { sameShape, showShape } from '../expr/shape.js'
import type { Layer, Output } from '../layer/layer.js'
import type { ShapeRule } from '../layer/rule.js'
import { run } from '../layer/run.js'
import type { Scope } from '../layer/scope.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { rate as rateCheck } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { spec } from '../part/spec.js'
import { decided, type Decided } from './decided.js'
import { dropoutWith } from './dropout.js'

/** What is wrong with a layer that is to look words up by number. */
const lookupIssues = (scope: Scope, kind: string, words: number | undefined, x: Expr, { y }: Output): readonly Issue[] =>
  words === undefined ? [issue(scope.path, kind, 'a layer with an embedding [words, features]')]
  : sameShape(y.shape.slice(0, -1), x.shape) ? []
  : [issue(scope.path, `${kind}: ${showShape(x.shape)} → ${showShape(y.shape)}`, 'a layer […positions] → […positions, features]')]

/** m[example, word] at the word of each position: numbers [batch, …positions] → [batch, …positions, 1]. */
const ofWord = (mask: Expr, numbers: Expr): Expr => {
  const [batch, words] = mask.shape
  const first = constant(Array.from({ length: batch }, (_, row) => row * words), [batch, ...numbers.shape.slice(1).map(() => 1)])
  return reshape(gather(reshape(mask, [batch * words]), add(numbers, first)), [...numbers.shape, 1])
}

/**
 * An embedding that drops whole words: y[t] = E[w(t)]·m[w(t)]/(1 − rate), m ~ Bernoulli(1 − rate) for each word of the vocabulary and each
 * example, so that a word which occurs twice in a sequence is dropped at both places or at none; the embedding itself in inference.
 * `tokenDropout` decides for each position instead.
 *
 * A decision is addressed by the example and the word's number: 1 draw for each word of the vocabulary and example. It wraps a layer that
 * looks rows of a parameter of role `embedding`, [words, features], up by number. `rate` is the probability of DROPPING, 0 ≤ rate < 1; at
 * rate 0 the layer is as it was and nothing is drawn. Errors: a rate outside its range; a layer that looks nothing up; those of the layer.
 * Gal & Ghahramani 2016 (embedding dropout). Laws: `wordDropoutLaws`.
 * @example
 * ```ts
 * import { wordDropout } from 'tikhonov/dropout'
 * import { infer, showIssue } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * import { variable } from 'tikhonov/expr'
 * const none = wordDropout(0.1, dense(3)).apply({ path: 'wordDropout/0', mode: infer })(variable('x', [2, 5]))
 * none.issues.map(showIssue) // => ['wordDropout/0: found dense, allowed: a layer with an embedding [words, features]']
 * ```
 */
export const wordDropout = <R extends ShapeRule>(rate: Scalar, layer: Layer<R>): Layer<R> & Decided<'word of an example', 'example'> =>
  decided('word of an example', 'example')(wrapper({
    spec: spec('wordDropout', { rate, layer: specOf(layer) }),
    rule: layer.rule,
    issues: rateCheck('rate', rate),
    apply: (scope) => (x) => {
      const output = run([layer])(scope)(x)
      if (isInvalid(output.y)) return output
      const words = Object.values(output.parameters).find(({ role }) => role === 'embedding')?.shape[0]
      const issues = lookupIssues(scope, layer.spec.kind, words, x, output)
      if (words === undefined || issues.length > 0) return { ...output, issues: [...output.issues, ...issues] }
      if (scope.mode._tag === 'Infer' || rate === 0) return output
      const mask = scope.mode.random.perExample.bernoulli('mask', rate, [x.shape[0], words])
      return { ...output, y: dropoutWith(output.y, ofWord(mask, x), rate) }
    }
  }))
