/** Layers under a penalty that sees what goes into them and what comes out. */
import { broadcast } from '../expr/broadcast.js'
import { isInvalid, type Expr, type Scalar } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Issue } from '../part/issue.js'
import { joinPath } from '../part/path.js'
import { spec, type SpecValue } from '../part/spec.js'
import type { Layer } from './layer.js'
import type { RowOutput } from './row.js'
import type { ShapeRule, Unapplied } from './rule.js'
import { run } from './run.js'
import type { Mode } from './scope.js'
import { shapeAfter } from './shapeAfter.js'
import { specOf } from './specOf.js'
import { wrapper } from './wrapper.js'

/** What layers in a row make of a shape. */
export interface RowRule<L extends readonly unknown[]> extends ShapeRule {
  readonly output?: this['input'] extends Shape ? RowOutput<this['input'], L> : Unapplied<Shape>
}

/** What a penalty sees of the layers it is on. */
export interface Work {
  readonly x: Expr
  readonly y: Expr
  /** [batch]: 1 for an example, 0 for padding. */
  readonly present: Expr
  readonly mode: Mode
}

/** A penalty on what layers do: its name among the penalties, the options its spec tells, and its value, a scalar expression. */
export interface WorkPenalty {
  readonly name: string
  readonly options: Readonly<Record<string, SpecValue | Scalar | undefined>>
  readonly issues?: readonly Issue[]
  readonly penalty: (work: Work) => Expr
}

/**
 * Layers in a row as they are, with a penalty that sees their input and output, so that it may ask for derivatives of one by the other; it
 * stands in the objective and in reports under `<path>/<name>`. Around all layers of a model it is a penalty on the model. Padding counts
 * in x and y, not in `present`. Errors: those given, and the layers' own.
 * @example
 * ```ts
 * import { constant, evaluate, mul, sub, sum } from 'tikhonov/expr'
 * import { infer, penalised, run, type Work } from 'tikhonov/layer'
 * import { activation, relu } from 'tikhonov/layers'
 * const change = { name: 'change', options: {}, penalty: ({ x, y }: Work) => sum(mul(sub(y, x), sub(y, x))) }
 * const { y, penalties } = run([penalised('still', change, activation(relu))])({ path: '', mode: infer })(constant([1, -2], [1, 2]))
 * evaluate(y) // => [1, 0]
 * Object.entries(penalties).map(([path, e]) => [path, evaluate(e)[0]]) // => [['still/0/change', 4]]
 * ```
 */
export const penalised = <const L extends readonly Layer[]>(
  kind: string, { name, options, issues = [], penalty }: WorkPenalty, ...layers: L
): Layer<RowRule<L>> => wrapper<RowRule<L>>({
  spec: spec(kind, { ...options, layers: layers.map(specOf) }),
  rule: {
    check: (s) => {
      const after = shapeAfter(layers, s)
      return typeof after === 'string' ? after : undefined
    }
  },
  issues,
  apply: (scope) => (x) => {
    const { path, mode } = scope
    const output = run(layers)(scope)(x)
    if (isInvalid(output.y) || issues.length > 0) return output
    const present = mode._tag === 'Train' ? mode.present : broadcast(1, [x.shape[0]])
    return { ...output, penalties: { ...output.penalties, [joinPath(path, name)]: penalty({ x, y: output.y, present, mode }) } }
  }
})
