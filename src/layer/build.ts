/** `layer` makes a layer from its equation and what it declares. */
import { div, mul } from '../expr/arithmetic.js'
import { broadcast, sum } from '../expr/broadcast.js'
import { max } from '../expr/compare.js'
import { variable } from '../expr/leaf.js'
import { invalid, isInvalid, type Expr } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import { showShape, type Shape } from '../expr/shape.js'
import { axesOf } from '../part/axes.js'
import type { Cell } from '../part/cell.js'
import { issue, under, type Issue } from '../part/issue.js'
import { joinPath, mapByPath, numbered, type ByPath, type Path } from '../part/path.js'
import { showSpec, type Spec } from '../part/spec.js'
import type { Regularizer, Term } from '../regularizers/regularizer.js'
import type { Declaration, Layer } from './layer.js'
import type { Narrowing } from './narrowing.js'
import type { ShapeRule } from './rule.js'
import type { Scope } from './scope.js'

/** A state that a layer declares; its next value comes from `apply`. */
export type StateDeclaration = Omit<Cell, 'next'>

/** What `apply` returns when a layer has state. */
export interface Stateful<S> {
  readonly y: Expr
  readonly state: { readonly [K in keyof S]: Expr }
}

/** A layer as its author writes it. Names of parameters and states in `apply` are those declared; others do not compile. */
export interface Definition<R extends ShapeRule, P, S> {
  readonly spec: Spec
  readonly rule: R
  /** Findings about options, known without an input. */
  readonly issues?: readonly Issue[]
  /** Parameters, from the shape of the batch that comes in (axis 0 is the batch). */
  readonly parameters?: (x: Shape) => P
  readonly state?: (x: Shape) => S
  /** A penalty on the output, divided by the number of examples present. */
  readonly activityRegularizer?: Regularizer | undefined
  readonly narrowing?: Narrowing | undefined
  readonly apply: (
    weights: { readonly [K in keyof P]: Expr },
    scope: Scope & { readonly state: { readonly [K in keyof S]: Expr } }
  ) => (x: Expr) => Expr | Stateful<S>
}

/** The terms of a penalty by the path they are reported under: names, numbered where one occurs twice. */
export const termPaths = (path: Path, terms: readonly Term[]): readonly (readonly [Path, Term])[] =>
  numbered(terms.map((term) => term.name)).map((name, i) => [joinPath(path, name), terms[i]])

/** What training cannot treat exactly: several terms at once, an activity. */
const exactIssues = (of: Regularizer | undefined, most: number, allowed: string): readonly Issue[] =>
  of === undefined || of.exact.length <= most ? [] : [issue('', of.exact.map((e) => showSpec(e.spec)).join(' + '), allowed)]

/** R(present rows of y)/(number of them), term by term: padding neither adds nor counts. */
const activityPenalties = (path: Path, { terms }: Regularizer, y: Expr, present: Expr): ByPath<Expr> => {
  const rows = reshape(present, [present.shape[0], ...y.shape.slice(1).map(() => 1)])
  const examples = max(sum(present), 1)
  const paths = termPaths(joinPath(path, 'activity'), terms)
  return Object.fromEntries(paths.map(([at, term]) => [at, div(term.penalty(mul(y, rows), axesOf(y.shape)), examples)]))
}

/**
 * A layer from its equation.
 * @example
 * ```ts
 * import { add, mul } from 'tikhonov/expr'
 * import { layer, same, spec } from 'tikhonov/layer'
 * import { ones } from 'tikhonov/initializers'
 * const scaled = layer({
 *   spec: spec('scaled'),
 *   rule: same,
 *   parameters: (x) => ({ factor: { shape: x.slice(1), role: 'scale', initial: ones.initial(x.slice(1)), incoming: [] } }),
 *   apply: ({ factor }) => (x) => mul(x, factor)
 * })
 * scaled.spec.kind // => 'scaled'
 * ```
 */
export const layer = <
  R extends ShapeRule,
  const P extends { readonly [K in keyof P]: Declaration } = {},
  const S extends { readonly [K in keyof S]: StateDeclaration } = {}
>(definition: Definition<R, P, S>): Layer<R> => ({
  _tag: 'Layer',
  spec: definition.spec,
  rule: definition.rule,
  narrowing: definition.narrowing,
  apply: (scope) => (x) => {
    const { path, mode } = scope
    const misfit = isInvalid(x) ? undefined : definition.rule.check(x.shape.slice(1))
    const input = misfit === undefined ? x : invalid(undefined, [x])
    const declared = definition.parameters?.(input.shape) ?? ({} as P)
    const states = definition.state?.(input.shape) ?? ({} as S)
    const leaf = ({ shape }: { readonly shape: Shape }, name: string): Expr => variable(joinPath(path, name), shape)
    const weights = mapByPath<Declaration, Expr>(declared, leaf) as { readonly [K in keyof P]: Expr }
    const before = mapByPath<StateDeclaration, Expr>(states, leaf) as { readonly [K in keyof S]: Expr }
    const applied = definition.apply(weights, { ...scope, state: before })(input)
    const { y, state } = '_tag' in applied ? { y: applied, state: before } : applied
    const at = <A>(by: ByPath<A>): ByPath<A> => Object.fromEntries(Object.entries(by).map(([name, a]) => [joinPath(path, name), a]))
    const parts = Object.entries<Declaration>(declared).flatMap(([name, d]) =>
      under(name, [
        ...(d.regularizer?.issues ?? []), ...(d.constraint?.issues ?? []),
        ...exactIssues(d.regularizer, 1, 'one exact penalty, such as l1l2 for l1 and l2 together')
      ]))
    const activity = definition.activityRegularizer
    return {
      y,
      parameters: at<Declaration>(declared),
      state: at(mapByPath<StateDeclaration, Cell>(states, (s, name) => ({ ...s, next: state[name as keyof S] }))),
      penalties: activity === undefined || isInvalid(y) ? {}
        : activityPenalties(path, activity, y, mode._tag === 'Train' ? mode.present : broadcast(1, [y.shape[0]])),
      issues: under(path, [
        ...(misfit === undefined ? [] : [issue('', `an input of shape ${showShape(x.shape.slice(1))}`, misfit)]),
        ...(definition.issues ?? []), ...parts, ...under('activity', [
          ...(activity?.issues ?? []), ...exactIssues(activity, 0, 'penalties by their gradient: an activity is not a parameter')
        ])
      ])
    }
  }
})
