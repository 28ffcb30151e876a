/** Layers whose weights are something else than what is learned: masked, normalised, factored. */
import { substitute } from '../expr/graph.js'
import { variable } from '../expr/leaf.js'
import { isInvalid, type Expr } from '../expr/node.js'
import { sameShape, showShape, type Shape } from '../expr/shape.js'
import type { Cell } from '../part/cell.js'
import { issue, type Issue } from '../part/issue.js'
import { misfits } from '../part/misfit.js'
import type { ByPath, Path } from '../part/path.js'
import { weightRoles, type Role } from '../part/role.js'
import type { Declaration, Layer, Output } from './layer.js'
import { run } from './run.js'
import type { Scope } from './scope.js'

/** What a weight is made of. Paths are whole: `joinPath(path, 'g')` stands beside the weight. */
export interface Rewritten {
  /** What the layer reads in the weight's place, of its shape. */
  readonly weight: Expr
  /** What is declared in the weight's place; the weight itself unless told. Penalties and constraints hit what is declared. */
  readonly parameters?: ByPath<Declaration>
  readonly state?: ByPath<Cell>
  readonly penalties?: ByPath<Expr>
  readonly issues?: readonly Issue[]
}

/** Which weights are meant, and what each becomes. */
export interface Reparametrisation {
  /** Parameters of these roles; kernels, recurrent kernels and embeddings unless told. */
  readonly roles?: readonly Role[]
  /** From the leaf that the layer reads, its declaration and its path. */
  readonly rewrite: (weight: Expr, declared: Declaration, path: Path) => Rewritten
}

const shapeIssues = (path: Path, shape: Shape, weight: Expr): readonly Issue[] =>
  isInvalid(weight) ? misfits(path, [weight])
  : sameShape(weight.shape, shape) ? [] : [issue(path, `a weight of shape ${showShape(weight.shape)}`, showShape(shape))]

/**
 * Applies a layer with its weights rewritten, found by their role among what it declares: its result, the next values of its state and its
 * penalties are read with `weight` in place of each. Whatever else it declares stays as it is; names are `wrapper/0/dense/0/kernel`.
 * Errors: a layer without such a weight; a weight of another shape.
 * @example
 * ```ts
 * import { evaluate, mul, variable } from 'tikhonov/expr'
 * import { infer, reparametrised } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * const doubled = reparametrised({ rewrite: (w) => ({ weight: mul(2, w) }) }, dense(1))
 * const { y, parameters } = doubled({ path: 'twice/0', mode: infer })(variable('x', [1, 2]))
 * Object.keys(parameters) // => ['twice/0/dense/0/kernel', 'twice/0/dense/0/bias']
 * evaluate(y, { x: [3, 5], 'twice/0/dense/0/kernel': [1, 10], 'twice/0/dense/0/bias': [7] }) // => [113]
 * ```
 */
export const reparametrised = (how: Reparametrisation, layer: Layer) => (scope: Scope) => (x: Expr): Output => {
  const { roles = weightRoles, rewrite } = how
  const output = run([layer])(scope)(x)
  if (isInvalid(output.y)) return output
  const made = Object.entries(output.parameters).flatMap(([path, declared]): readonly (readonly [Path, Rewritten])[] =>
    roles.includes(declared.role) ? [[path, rewrite(variable(path, declared.shape), declared, path)]] : [])
  const rewritten: ByPath<Rewritten | undefined> = Object.fromEntries(made)
  const parts = made.map(([, part]) => part)
  const [cells, penalties] = [Object.entries(output.state), Object.entries(output.penalties)]
  const [y, ...read] = substitute(
    [output.y, ...cells.map(([, { next }]) => next), ...penalties.map(([, penalty]) => penalty)],
    Object.fromEntries(made.map(([path, { weight }]) => [path, weight]))
  )
  const found = made.length > 0 ? [] : [issue(scope.path, layer.spec.kind, `a layer with a weight (${roles.join(', ')})`)]
  return {
    y,
    parameters: Object.fromEntries(Object.entries(output.parameters).flatMap(([path, declared]) =>
      Object.entries(rewritten[path]?.parameters ?? { [path]: declared }))),
    state: Object.fromEntries([
      ...cells.map(([path, cell], i) => [path, { ...cell, next: read[i] }] as const),
      ...parts.flatMap(({ state = {} }) => Object.entries(state))
    ]),
    penalties: Object.fromEntries([
      ...penalties.map(([path], i) => [path, read[cells.length + i]] as const),
      ...parts.flatMap(({ penalties: own = {} }) => Object.entries(own))
    ]),
    issues: [...output.issues, ...found, ...made.flatMap(([path, part]) =>
      [...(part.issues ?? []), ...shapeIssues(path, output.parameters[path].shape, part.weight)])]
  }
}
