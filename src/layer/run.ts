/** Layers in a row, applied one after the other: the composition that models and residual blocks share. */
import { invalid, isInvalid, type Expr } from '../expr/node.js'
import { issue, under, type Issue } from '../part/issue.js'
import { misfits } from '../part/misfit.js'
import { joinPath, type Path } from '../part/path.js'
import { pureOutput, type Layer, type Output } from './layer.js'
import { modeAt, type Scope } from './scope.js'

/** The name of each layer among its siblings: its own, or its kind and number (`dense/0`). */
export const layerPaths = (layers: readonly Layer[]): readonly Path[] =>
  layers.map((l, i) => {
    const before = layers.slice(0, i).filter((m) => m.name === undefined && m.spec.kind === l.spec.kind)
    return l.name ?? joinPath(l.spec.kind, before.length)
  })

/** A name that is wrong says nothing of the place: that is the layer's kind, and its number among all of its kind, named or not. */
const nameIssues = (layers: readonly Layer[]): readonly Issue[] =>
  layers.flatMap(({ name, spec: { kind } }, i) => {
    const before = layers.slice(0, i)
    const place = joinPath(kind, before.filter((m) => m.spec.kind === kind).length, 'name')
    return name === undefined ? []
    : !/^[A-Za-z]\w*$/.test(name) ? [issue(place, `'${name}'`, 'a name that matches /^[A-Za-z]\\w*$/')]
    : before.some((m) => m.name === name || m.spec.kind === name) ? [issue(place, `'${name}' twice`, 'a name that no sibling has')]
    : []
  })

/**
 * Applies layers in order; outputs are folded, each layer under its own path.
 * @example
 * ```ts
 * import { variable } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * const both = run([dense(3), dense(1, { useBias: false })])({ path: 'block', mode: infer })(variable('x', [4, 2]))
 * Object.keys(both.parameters) // => ['block/dense/0/kernel', 'block/dense/0/bias', 'block/dense/1/kernel']
 * ```
 */
export const run = (layers: readonly Layer[]) => ({ path, mode }: Scope) => (x: Expr): Output => {
  const paths = layerPaths(layers)
  return layers.reduce<Output>((before, l, i) => {
    const at = joinPath(path, paths[i])
    const { y, parameters, state, penalties, issues } = l.apply({ path: at, mode: modeAt(mode, at) })(before.y)
    const known = issues.length > 0 || isInvalid(before.y) ? issues : misfits(at, [y])
    return {
      y: known.length > 0 ? invalid(undefined, [before.y]) : y,
      parameters: { ...before.parameters, ...parameters },
      state: { ...before.state, ...state },
      penalties: { ...before.penalties, ...penalties },
      issues: [...before.issues, ...known]
    }
  }, { ...pureOutput(x), issues: under(path, nameIssues(layers)) })
}
