/** The values inside a state, by path: read, and replaced in a new state. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import { sameShape, showShape } from '../expr/shape.js'
import type { Place, TrainState } from '../engine/engine.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import type { ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Trainer } from './trainer.js'

const read = (state: TrainState, places: readonly Place[]): ByPath<Tensor> =>
  Object.fromEntries(places.map((p): [string, Tensor] => [p.path, { _tag: 'Tensor', shape: p.shape, data: state.values.slice(p.offset, p.offset + p.size) }]))

/** Parameters and layer state of a run, by path: what `predict` needs, and what fine-tuning starts from. Copies. */
export const valuesOf = (t: Trainer, state: TrainState): ByPath<Tensor> => read(state, t.layout.filter((p) => p.holds !== 'slot'))

/** Parameters alone, by path. */
export const parametersOf = (t: Trainer, state: TrainState): ByPath<Tensor> =>
  read(state, t.layout.filter((p) => p.holds !== 'slot' && p.holds !== 'state'))

/** What the optimizer remembers, by path: `optimizer/…`. */
export const slotsOf = (t: Trainer, state: TrainState): ByPath<Tensor> => read(state, t.layout.filter((p) => p.holds === 'slot'))

/**
 * The state with some values replaced, by path: parameters of another run, a pretrained kernel, a slot. The rest stays.
 * Errors: a path that the trainer does not have, another shape, a number that is not finite.
 */
export const withValues = (t: Trainer, state: TrainState, values: ByPath<Tensor>): E.Either<NEA.NonEmptyArray<Issue>, TrainState> => {
  const places = new Map(t.layout.map((p) => [p.path, p]))
  const issues = Object.entries(values).flatMap(([path, given]) => {
    const place = places.get(path)
    return place === undefined ? [issue(path, 'no such value', `one of ${t.layout.map((p) => p.path).join(', ')}`)]
      : !sameShape(place.shape, given.shape) ? [issue(path, `shape ${showShape(given.shape)}`, showShape(place.shape))]
      : given.data.every(Number.isFinite) ? [] : [issue(path, 'a number that is not finite', 'finite numbers')]
  })
  return unlessIssues(issues, () => {
    const block = state.values.slice()
    Object.entries(values).forEach(([path, given]) => { block.set(given.data, places.get(path)?.offset ?? 0) })
    const { report: _, ...rest } = state
    return { ...rest, values: block }
  })
}
