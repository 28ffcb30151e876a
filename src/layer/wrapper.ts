/** Layers around layers. */
import type { Expr } from '../expr/node.js'
import { under, type Issue } from '../part/issue.js'
import type { Spec } from '../part/spec.js'
import type { Layer, Output } from './layer.js'
import type { Narrowing } from './narrowing.js'
import type { ShapeRule } from './rule.js'
import type { Scope } from './scope.js'

/** A layer as its author writes it who passes on what other layers declare. */
export interface Wrapping<R extends ShapeRule> {
  readonly spec: Spec
  readonly rule: R
  /** Findings about options, known without an input. */
  readonly issues?: readonly Issue[]
  readonly narrowing?: Narrowing | undefined
  /** What comes out, with what is declared, under whole paths: `run` and `reparametrised` give it. */
  readonly apply: (scope: Scope) => (x: Expr) => Output
}

/**
 * A layer around others: what they declare passes through, with the findings about its own options.
 * @example
 * ```ts
 * import { infer, run, same, showIssue, spec, wrapper } from 'tikhonov/layer'
 * import { constant } from 'tikhonov/expr'
 * import { dense } from 'tikhonov/layers'
 * const twice = wrapper({ spec: spec('twice'), rule: same, apply: (scope) => run([dense(3), dense(0)])(scope) })
 * twice.apply({ path: 'twice/0', mode: infer })(constant([1, 2, 3], [1, 3])).issues.map(showIssue)
 * // => ['twice/0/dense/1/units: found 0, allowed: a whole number ≥ 1']
 * ```
 */
export const wrapper = <R extends ShapeRule>({ spec, rule, issues = [], narrowing, apply }: Wrapping<R>): Layer<R> => ({
  _tag: 'Layer', spec, rule, narrowing,
  apply: (scope) => (x) => {
    const output = apply(scope)(x)
    return { ...output, issues: [...under(scope.path, issues), ...output.issues] }
  }
})
