/** The law of training at a learning rate of 0. */
import fc from 'fast-check'
import { parametersOf, type Trainer } from 'tikhonov/training'
import { seed } from './arbitraries/index.js'
import { constraintsOf } from './feasibleState.js'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import { trainingLaws } from './training.js'
import { closeOf, mostRuns, reached, someOf, totalOf, type TrainingTrial } from './trainingTrial.js'

/**
 * The law of a trainer whose learning rate is 0: parameters that are where their constraints want them stay, whatever decay, penalties
 * and momentum there are; bit for bit. Parent: `trainingLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { batchesFor, check, restLaws } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { adamw } from 'tikhonov/optimizers'
 * import { trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: adamw(0) })),
 *   E.map((t) => check(restLaws(t, { batches: batchesFor(t) }), { runs: 5 }).every((verdict) => verdict._tag === 'Passed'))
 * ) // => E.right(true)
 * ```
 */
export const restLaws = (still: Trainer, trial: TrainingTrial): Suite => {
  const [some, close] = [someOf(trial), closeOf(still, trial)]
  const constrained = constraintsOf(still).map(([path]) => path)
  const rest = law('learning rate 0', 'η = 0 ⇒ w ← w, once projected', [seed(), some, some], (of, xs, ys) => {
    fc.pre(xs.some((b) => totalOf(b) > 0))
    const [before, after] = [xs, [...xs, ...ys]].map((given) => parametersOf(still, reached(still, of, given)))
    return every(...Object.keys(before).map((path) => about(path, constrained.includes(path)
      ? near(after[path].data, before[path].data, close)
      : same(after[path].data, before[path].data))))
  }, { mostRuns })
  return suite('training at rest', still, [rest], [trainingLaws(still, trial)], { trial })
}
