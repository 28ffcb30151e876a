/** Residual connections. */
import { add } from '../expr/arithmetic.js'
import { invalid, isInvalid } from '../expr/node.js'
import { sameShape, showShape, type Shape } from '../expr/shape.js'
import type { Layer } from '../layer/layer.js'
import type { RowOutput } from '../layer/row.js'
import type { Fits, ShapeRule, Show, Unapplied } from '../layer/rule.js'
import { run } from '../layer/run.js'
import { shapeAfter } from '../layer/shapeAfter.js'
import { specOf } from '../layer/specOf.js'
import { wrapper } from '../layer/wrapper.js'
import { issue } from '../part/issue.js'
import { spec } from '../part/spec.js'

/** Layers that must give back the shape they are given; else the sentence of the first that does not fit. */
export interface ResidualRule<L extends readonly unknown[]> extends ShapeRule {
  readonly output?: this['input'] extends Shape ? Kept<this['input'], RowOutput<this['input'], L>> : Unapplied<L>
}
type Kept<S extends Shape, O> =
  O extends Shape ? Fits<O, S> extends true ? S : `residual needs layers that keep the shape ${Show<S>}, found ${Show<O>}` : O

const unlessKept = (before: Shape, after: Shape): string | undefined =>
  sameShape(before, after) ? undefined : `residual needs layers that keep the shape ${showShape(before)}, found ${showShape(after)}`

/**
 * y = x + f(x), where f is layers in a row. Their shape must be that of x: nothing is broadcast. For a shortcut that changes the shape,
 * `parallel([[…], dense(n)], add)`.
 *
 * Paths of inner layers begin with its own: `residual/0/dense/1/kernel`. Errors: layers that do not keep the shape (a compile error where
 * the sizes are literal), and theirs. He, Zhang, Ren & Sun 2016. Laws: `residualLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, relu, residual } from 'tikhonov/layers'
 * import { sequential, summary } from 'tikhonov/model'
 * const block = residual(dense(16, { activation: relu }), dense(8))
 * F.pipe(sequential([8], block, dense(1)), E.map((m) => summary(m).rows.map((r) => r.parameters))) // => E.right([280, 9])
 * residual(dense(4)).rule.check([8]) // => 'residual needs layers that keep the shape [8], found [4]'
 * ```
 */
export const residual = <const L extends readonly Layer[]>(...layers: L): Layer<ResidualRule<L>> =>
  wrapper<ResidualRule<L>>({
    spec: spec('residual', { layers: layers.map(specOf) }),
    rule: {
      check: (s) => {
        const after = shapeAfter(layers, s)
        return typeof after === 'string' ? after : unlessKept(s, after)
      }
    },
    narrowing: { _tag: 'Rows', rows: { '': layers }, of: ({ '': row }) => residual(...row) },
    apply: (scope) => (x) => {
      const f = run(layers)(scope)(x)
      if (isInvalid(f.y)) return f
      const [before, after] = [x.shape.slice(1), f.y.shape.slice(1)]
      const misfit = unlessKept(before, after)
      return misfit === undefined ? { ...f, y: add(x, f.y) }
        : { ...f, y: invalid(undefined, [f.y]), issues: [...f.issues, issue(scope.path, `an input of shape ${showShape(before)}`, misfit)] }
    }
  })
