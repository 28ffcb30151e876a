/** A recurrent layer from its equations. */
import { broadcast } from '../../expr/broadcast.js'
import { select } from '../../expr/compare.js'
import { invalid, isInvalid, type Expr } from '../../expr/node.js'
import { reshape } from '../../expr/reshape.js'
import { axisSize } from '../../expr/shape.js'
import { concat, pad, reverse, slice } from '../../expr/view.js'
import { layer, type StateDeclaration } from '../../layer/build.js'
import type { Layer } from '../../layer/layer.js'
import type { Mode } from '../../layer/scope.js'
import type { Issue } from '../../part/issue.js'
import type { SpecValue } from '../../part/spec.js'
import { masksOf } from './masks.js'
import { recurrentIssues, recurrentParameters, recurrentSpec, type AnyOptions } from './options.js'
import { over, type Equations } from './over.js'
import { recurrentRule, type RecurrentRule, type Returns } from './rule.js'

/** What a recurrent layer says of its own. */
export interface RecurrentDefinition<K extends string, U extends number, S extends number> {
  readonly kind: K
  /** How many states its equations have: the width of `returnState` in units. */
  readonly states: S
  readonly units: U
  readonly equations: Equations<string>
  readonly options: AnyOptions
  /** Options that are not shared, as they stand in the spec. */
  readonly own: Readonly<Record<string, SpecValue>>
  readonly issues: readonly Issue[]
  readonly bias: { readonly shape: readonly number[]; readonly first?: (drawn: Expr) => Expr }
}

/** The states that the rows of a batch begin with: those kept, and zeros for rows beyond. A batch to learn from has no such rows. */
const resumed = (kept: Expr, batch: number, { _tag: mode }: Mode): Expr => {
  const [streams, units] = kept.shape
  const message = `goes on with ${streams} sequences, not with the ${batch} rows of this batch`
  return batch <= streams ? slice(kept, [0, 0], [batch, units])
    : mode === 'Train' ? invalid({ _tag: 'ShapeProblem', operation: 'stateful', shapes: [kept.shape], message })
    : pad(kept, [0, 0], [batch, units])
}

/** The states kept for the batch after this one: only training moves them, and only those of rows that are there. */
const kept = (before: Expr, first: Expr, final: Expr, mode: Mode): Expr => {
  if (mode._tag !== 'Train' || isInvalid(final) || isInvalid(first)) return before
  const [rows, units] = final.shape
  const moved = select(reshape(mode.present, [rows, 1]), final, first)
  const others = before.shape[0] - rows
  return others === 0 ? moved : concat([moved, slice(before, [rows, 0], [others, units])], 0)
}

/** The layer of these equations. */
export const recurrentLayer = <const K extends string, U extends number, const S extends number, R extends Returns>(
  { kind, equations, units, options, own, issues, bias }: RecurrentDefinition<K, U, S>
): Layer<RecurrentRule<K, U, S, R>> => {
  const { gates, states } = equations
  const { dropout = 0, recurrentDropout = 0, goBackwards = false, stateful = 0, masking, truncate } = options
  const state: StateDeclaration = { shape: [stateful, units], initial: () => broadcast(0, [stateful, units]) }
  const sound = recurrentIssues(units, options).length === 0
  return layer({
    spec: recurrentSpec(kind, units, own, options),
    rule: recurrentRule<K, U, S, R>(kind),
    issues: [...recurrentIssues(units, options), ...issues],
    parameters: (x) => recurrentParameters(axisSize(x, -1), units, gates, options, bias),
    state: (): Readonly<Record<string, StateDeclaration>> =>
      (stateful > 0 && sound ? Object.fromEntries(states.map((name) => [name, state])) : {}),
    activityRegularizer: options.activityRegularizer,
    apply: (weights, { mode, state: before }) => (x) => {
      if (isInvalid(x) || !sound) return invalid(undefined, [x])
      const [batch, time, features] = x.shape
      const masks = masksOf(dropout, recurrentDropout, mode, { batch, time, features, units, gates })
      const first = Object.fromEntries(Object.entries<Expr>(before).map(([name, e]) => [name, resumed(e, batch, mode)]))
      const { sequence, final } = over(equations, weights, { masks, masking, truncate })(goBackwards ? reverse(x, 1) : x, first)
      const y = options.returnSequences === true ? sequence
        : options.returnState === true ? concat(states.map((name) => final[name])) : final[states[0]]
      return { y, state: Object.fromEntries(Object.entries<Expr>(before).map(([n, e]) => [n, kept(e, first[n], final[n], mode)])) }
    }
  })
}
