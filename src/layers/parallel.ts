/** Branches over one input. */
import { invalid, isInvalid } from '../expr/node.js'
import { showShape, type Shape } from '../expr/shape.js'
import type { Layer, Output } from '../layer/layer.js'
import type { Merge, Merged } from '../layer/merge.js'
import type { RowOutput } from '../layer/row.js'
import type { ShapeRule, Unapplied } from '../layer/rule.js'
import { run } from '../layer/run.js'
import { shapeAfter } from '../layer/shapeAfter.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { issue } from '../part/issue.js'
import { joinPath } from '../part/path.js'
import { spec } from '../part/spec.js'

/** A layer, or layers in a row; none in a row hand the input on. */
export type Branch = Layer | readonly Layer[]

type Outputs<S extends Shape, B> = { readonly [K in keyof B]: RowOutput<S, B[K] extends readonly unknown[] ? B[K] : readonly [B[K]]> }
type OrSentence<M extends Merge, T extends readonly unknown[]> =
  [Extract<T[number], string>] extends [never] ? Merged<M, T> : Extract<T[number], string>

/** What the merge makes of the shapes that the branches make of one; else the sentence of what does not fit. */
export interface ParallelRule<B extends readonly unknown[], M extends Merge> extends ShapeRule {
  readonly output?: this['input'] extends Shape ? OrSentence<M, Outputs<this['input'], B>> : Unapplied<readonly [B, M]>
}

const rowOf = (branch: Branch): readonly Layer[] => ('_tag' in branch ? [branch] : branch)

const folded = (outputs: readonly Output[]): Omit<Output, 'y'> => ({
  parameters: Object.assign({}, ...outputs.map((o) => o.parameters)) as Output['parameters'],
  state: Object.assign({}, ...outputs.map((o) => o.state)) as Output['state'],
  penalties: Object.assign({}, ...outputs.map((o) => o.penalties)) as Output['penalties'],
  issues: outputs.flatMap((o) => o.issues)
})

/**
 * y = merge(f₁(x), f₂(x), …): branches over one input, each a layer or layers in a row, whose results become one by `concatenate(axis)`,
 * `add`, `multiply`, `average`, `maximum`, or a `Merge` of your own. A branch `[]` hands x on.
 *
 * Paths of inner layers begin with the number of their branch: `parallel/0/branch/1/dense/0/kernel`. A model with several inputs is a
 * `parallel` over their concatenation. Errors: no branches, branches that do not take the input, results that do not merge (compile
 * errors where sizes are literal). Szegedy et al. 2015. Laws: `parallelLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { add, dense, parallel, relu } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * const shortcut = parallel([[dense(16, { activation: relu }), dense(4)], dense(4)], add)
 * F.pipe(sequential([8], shortcut), E.map((m) => m.output)) // => E.right([4])
 * parallel([dense(3), []], add).rule.check([8]) // => 'add needs branches of one shape, found [3] and [8]'
 * ```
 */
export const parallel = <const B extends readonly Branch[], M extends Merge>(branches: B, merge: M): Layer<ParallelRule<B, M>> => {
  const rows = branches.map(rowOf)
  return wrapper<ParallelRule<B, M>>({
    spec: spec('parallel', { branches: rows.map((row) => row.map(specOf)), merge: merge.spec }),
    issues: rows.length > 0 ? [] : [issue('branches', 'none', 'at least one')],
    rule: {
      check: (s) => {
        const shapes = rows.map((row) => shapeAfter(row, s))
        const whole = shapes.flatMap((shape) => (typeof shape === 'string' ? [] : [shape]))
        return shapes.find((shape) => typeof shape === 'string') ?? (whole.length === 0 ? 'parallel needs branches' : merge.check(whole))
      }
    },
    narrowing: {
      _tag: 'Rows',
      rows: Object.fromEntries(rows.map((row, i) => [joinPath('branch', i), row])),
      of: (by) => parallel(rows.map((_, i) => by[joinPath('branch', i)]), merge)
    },
    apply: ({ path, mode }) => (x) => {
      const outputs = rows.map((row, i) => run(row)({ path: joinPath(path, 'branch', i), mode })(x))
      const declared = folded(outputs)
      const results = outputs.map(({ y }) => y)
      if (results.length === 0 || results.some(isInvalid)) return { ...declared, y: invalid(undefined, results) }
      const misfit = merge.check(results.map((y) => y.shape.slice(1)))
      return misfit === undefined ? { ...declared, y: merge.of(results) } : {
        ...declared,
        y: invalid(undefined, results),
        issues: [...declared.issues, issue(path, `an input of shape ${showShape(x.shape.slice(1))}`, misfit)]
      }
    }
  })
}
