/** The averaged weights of a run. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import type { TrainState } from '../engine/engine.js'
import { averageSlot } from '../optimizers/averaging.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { mapByPath, type ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { slotsOf, valuesOf } from './read.js'
import type { Trainer } from './trainer.js'

/**
 * Parameters and layer state of a run, the parameters as `emaOfWeights` or `swa` average them; what neither covers, as it is. It is what
 * `predict` needs, in the place of `valuesOf`; `withValues(t, state, …)` goes on from there, and lets `evaluate` judge it.
 *
 * Layer state is that of the run: statistics of batch normalisation belong to the weights met, not to their average (Izmailov et al. 2018,
 * section 3.2). Gather them anew by steps with a learning rate of 0 from the averaged weights, on training data.
 * Errors: an optimizer that averages nothing, or averages a parameter twice.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { after, sgd, swa } from 'tikhonov/optimizers'
 * import { averaged, start, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: after(swa({ after: 100 }), sgd(0.1)) })),
 *   E.chain((t) => averaged(t, start(t))),
 *   E.map((values) => values['dense/0/bias'].data)
 * ) // => E.right([0])
 * ```
 */
export const averaged = (t: Trainer, state: TrainState): E.Either<NEA.NonEmptyArray<Issue>, ByPath<Tensor>> => {
  const kept = Object.entries(slotsOf(t, state)).filter(([path]) => path.includes(`/${averageSlot}/`))
  const found = mapByPath(valuesOf(t, state), (value, path) => ({
    value, averages: kept.flatMap(([slot, average]) => (slot.endsWith(`/${averageSlot}/${path}`) ? [average] : []))
  }))
  const twice = Object.entries(found).flatMap(([path, { averages }]) =>
    (averages.length > 1 ? [issue(path, `${averages.length} averages`, 'at most one')] : []))
  const none = issue('optimizer', 'nothing that averages weights', 'emaOfWeights or swa in its chain')
  return unlessIssues(kept.length > 0 ? twice : [none], () => mapByPath(found, ({ value, averages }) => averages.at(0) ?? value))
}
