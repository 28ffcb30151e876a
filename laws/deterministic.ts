/** Laws of training without chance. */
import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { evaluate, type Trainer } from 'tikhonov/training'
import { seed } from './arbitraries/index.js'
import { law, near, suite, type Suite } from './kit/index.js'
import { trainingLaws } from './training.js'
import { bare, closeOf, joined, mostRuns, reached, someOf, stepped, totalOf, type TrainingTrial } from './trainingTrial.js'

/**
 * The laws of a trainer without chance, whose examples do not see each other (no dropout, no noise, no batch normalisation): every example
 * twice is every example once, and a step reports what `evaluate` finds at the state before it: the loss without penalties, and each of
 * them. Parent: `trainingLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { batchesFor, check, deterministicLaws } from 'tikhonov/laws'
 * import { dense, relu } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * import { trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dense(1, { activation: relu, activityRegularizer: l1(0.1) })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => check(deterministicLaws(t, { batches: batchesFor(t) }), { runs: 5 }).every((verdict) => verdict._tag === 'Passed'))
 * ) // => E.right(true)
 * ```
 */
export const deterministicLaws = (t: Trainer, trial: TrainingTrial): Suite => {
  const [{ batches }, some, close] = [trial, someOf(trial), closeOf(t, trial)]
  return suite('training without chance', t, [
    law('duplicates', 'step(s, x ⧺ x) = step(s, x) but for the cursor', [seed(), some, batches], (of, xs, b) => {
      const state = reached(t, of, xs)
      fc.pre(totalOf(b) > 0)
      const [once, twice] = [stepped(t, state, bare(b)), stepped(t, state, joined(b, b))]
      return near({ report: twice.report, values: twice.state.values }, { report: once.report, values: once.state.values }, close)
    }, { mostRuns }),
    law('evaluation', 'the report of step(s, b) is that of evaluate(s, b)', [seed(), some, batches], (of, xs, b) => {
      const state = reached(t, of, xs)
      fc.pre(totalOf(b) > 0)
      const { report: { data, penalties, total: whole, metrics } } = stepped(t, state, b)
      const found = evaluate(t)(state, b)
      return E.isLeft(found) ? `evaluate refuses the batch: ${found.left[0].path} ${found.left[0].found}`
        : near({ data, penalties, total: whole, metrics },
          { data: found.right.data, penalties: found.right.penalties, total: found.right.total, metrics: found.right.metrics }, close)
    }, { mostRuns })
  ], [trainingLaws(t, trial)], { trial })
}
