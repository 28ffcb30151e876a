/** The values inside a state, by path: read, and replaced in a new state. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import { sameShape, showShape } from '../expr/shape.js'
import type { Place, TrainState } from '../engine/engine.js'
import { contentIssues } from '../model/predict.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import type { ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { stateIssues } from './reading.js'
import type { Trainer } from './trainer.js'

const valueAt = ({ values }: TrainState, { shape, offset, size }: Place): Tensor =>
  ({ _tag: 'Tensor', shape, data: values.slice(offset, offset + size) })

const read = (state: TrainState, places: readonly Place[]): ByPath<Tensor> =>
  Object.fromEntries(places.map((p) => [p.path, valueAt(state, p)]))

/**
 * Parameters and layer state of a run, by path: what `predict` needs, and what fine-tuning starts from. Copies.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { start, trainer, valuesOf } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1, { momentum: 0.9 }) })),
 *   E.map((t) => Object.keys(valuesOf(t, start(t))))
 * ) // => E.right(['dense/0/kernel', 'dense/0/bias'])
 * ```
 */
export const valuesOf = (t: Trainer, state: TrainState): ByPath<Tensor> => read(state, t.layout.filter((p) => p.holds !== 'slot'))

/**
 * Parameters alone, by path.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { parametersOf, start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1, { momentum: 0.9 }) })),
 *   E.map((t) => parametersOf(t, start(t))['dense/0/bias'].data)
 * ) // => E.right([0])
 * ```
 */
export const parametersOf = (t: Trainer, state: TrainState): ByPath<Tensor> =>
  read(state, t.layout.filter((p) => p.holds !== 'slot' && p.holds !== 'state'))

/**
 * What the optimizer remembers, by path: `optimizer/…`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { slotsOf, start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1, { momentum: 0.9 }) })),
 *   E.map((t) => Object.keys(slotsOf(t, start(t))))
 * ) // => E.right(['optimizer/momentum/0/v/dense/0/kernel', 'optimizer/momentum/0/v/dense/0/bias'])
 * ```
 */
export const slotsOf = (t: Trainer, state: TrainState): ByPath<Tensor> => read(state, t.layout.filter((p) => p.holds === 'slot'))

/**
 * The state with some values replaced, by path: parameters of another run, a pretrained kernel, a slot. The rest stays.
 * Errors: a path that the trainer does not have, another shape, data that does not fill it, a number that is not finite in the precision of
 * the trainer's engine or of the state, a state of another trainer.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { parametersOf, start, trainer, withValues } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.chain((t) => F.pipe(
 *     withValues(t, start(t), { 'dense/0/bias': tensor([5]) }),
 *     E.map((state) => parametersOf(t, state)['dense/0/bias'].data)
 *   ))
 * ) // => E.right([5])
 * ```
 */
export const withValues = (t: Trainer, state: TrainState, values: ByPath<Tensor>): E.Either<NEA.NonEmptyArray<Issue>, TrainState> => {
  const places = new Map(t.layout.map((p) => [p.path, p]))
  // A state that came from an engine of less precision stays one.
  const precision = state.values instanceof Float32Array ? 'float32' : t.engine.precision
  const issues = [...stateIssues(t, state), ...Object.entries(values).flatMap(([path, given]) => {
    const place = places.get(path)
    return place === undefined ? [issue(path, 'no such value', `one of ${t.layout.map((p) => p.path).join(', ')}`)]
      : !sameShape(place.shape, given.shape) ? [issue(path, `shape ${showShape(given.shape)}`, showShape(place.shape))]
      : contentIssues(path, given, precision)
  })]
  return unlessIssues(issues, () => {
    const block = state.values.slice()
    Object.entries(values).forEach(([path, given]) => { block.set(given.data, places.get(path)?.offset ?? 0) })
    const { report: _, ...rest } = state
    return { ...rest, values: block }
  })
}
