/** What a state lends to expressions that are evaluated outside a step. */
import { topological } from '../expr/graph.js'
import { hyperOf, type Hyper } from '../expr/leaf.js'
import type { Expr, Run } from '../expr/node.js'
import type { TrainState } from '../engine/engine.js'
import { seed as seedIssues } from '../part/checks.js'
import { issue, under, type Issue } from '../part/issue.js'
import type { ByPath } from '../part/path.js'
import type { Trainer } from './trainer.js'

/** The hyper-parameters of a graph. */
export const hypersIn = (roots: readonly Expr[]): readonly Hyper[] => topological(roots).flatMap((e) => hyperOf(e) ?? [])

/** Hyper-parameters as given, else as the last step used them, else by default. */
const hyperValues = (hypers: readonly Hyper[], { step, report }: TrainState, given: ByPath<number>): ByPath<number> =>
  Object.fromEntries(hypers.map(({ path, at }) => {
    const name = path.slice('hyper/'.length)
    return [name, given[name] ?? report?.hyper[name] ?? at(step)]
  }))

/** Values of the state by path and hyper-parameters by name, as a run reads them. */
export const reading = (t: Trainer, hypers: readonly Hyper[], state: TrainState, given: ByPath<number> = {}) => {
  const places = new Map(t.layout.map((p) => [p.path, state.values.subarray(p.offset, p.offset + p.size)]))
  const hyper = hyperValues(hypers, state, given)
  const values: Run['values'] = (path) => places.get(path) ?? [hyper[path.slice('hyper/'.length)]]
  return { hyper, run: { values, seed: state.seed, step: state.step, position: state.cursor } }
}

const wholeIssues = (path: string, value: number): readonly Issue[] =>
  (Number.isSafeInteger(value) && value >= 0 ? [] : [issue(path, String(value), 'a whole number ≥ 0')])

/** What is wrong with a state for this trainer: values that are not as many numbers, counts and a seed that no run comes to. */
export const stateIssues = ({ layout }: Trainer, { values, step, cursor, seed }: TrainState): readonly Issue[] => {
  const last = layout.at(-1)
  const size = last === undefined ? 0 : last.offset + last.size
  return [
    ...(!ArrayBuffer.isView(values) ? [issue('state/values', 'no typed array', `${size} numbers in one`)]
      : values.length === size ? [] : [issue('state', `${values.length} values`, `${size}, as this trainer's states have`)]),
    ...wholeIssues('state/step', step), ...wholeIssues('state/cursor', cursor), ...under('state', seedIssues('seed', seed))
  ]
}
