/** The law of randomness by address, as a trainer shows it. */
import fc from 'fast-check'
import type { Batch, Trainer } from 'tikhonov/training'
import { seed } from './arbitraries/index.js'
import { law, near, suite, type Suite } from './kit/index.js'
import { trainingLaws } from './training.js'
import { bare, closeOf, joined, mostRuns, presentOf, reached, someOf, stepped, totalOf, type TrainingTrial } from './trainingTrial.js'

/**
 * The law of a trainer whose examples do not see each other, by chance or not: however a batch is cut into shards (`offset` says where each
 * begins), every example meets the same mask and the same noise, so the loss is the mean of those of the shards. Parent: `trainingLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dropout } from 'tikhonov/dropout'
 * import { batchesFor, check, shardLaws } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([3], dropout(0.5), dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => check(shardLaws(t, { batches: batchesFor(t) }), { runs: 5 }).every((verdict) => verdict._tag === 'Passed'))
 * ) // => E.right(true)
 * ```
 */
export const shardLaws = (t: Trainer, trial: TrainingTrial): Suite => {
  const [{ batches }, some, close] = [trial, someOf(trial), closeOf(t, trial)]
  return suite('training in shards', t, [
    law('the split changes no mask', '(W₁ + W₂)·data(x₁ ⧺ x₂) = W₁·data(x₁) + W₂·data(x₂)', [seed(), some, batches, batches],
      (of, xs, first, second) => {
        const state = reached(t, of, xs)
        const [v, w] = [totalOf(first), totalOf(second)]
        fc.pre(v > 0 && w > 0)
        const both = joined(first, second)
        const offset = (first.offset ?? 0) + presentOf(first)
        const shard = { ...bare(second), offset, ...(both.hyper === undefined ? {} : { hyper: both.hyper }) }
        const data = (b: Batch) => stepped(t, state, b).report.data
        return near((v + w) * data(both), v * data(bare(first)) + w * data(shard), close)
      }, { mostRuns })
  ], [trainingLaws(t, trial)], { trial })
}
