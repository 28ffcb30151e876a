/** The area under the receiver operating characteristic. */
import { sameShape } from '../expr/shape.js'
import type { WholeMetric } from './metric.js'
import { spec } from '../part/spec.js'
import type { Tensor } from '../tensor/tensor.js'

/** A sweep through scores from the lowest: the weights at the score that is being met, those of negatives below it, and the area so far. */
interface Sweep {
  readonly score: number
  readonly positive: number
  readonly negative: number
  readonly below: number
  readonly area: number
}

/** Pairs won by the positives of a finished score: all negatives below it, half of those at it. */
const finished = ({ positive, negative, below, area }: Sweep): number => area + positive * (below + negative / 2)

interface Decision { readonly score: number; readonly positive: number; readonly negative: number }

const next = (sweep: Sweep, { score, positive, negative }: Decision): Sweep =>
  score === sweep.score
    ? { ...sweep, positive: sweep.positive + positive, negative: sweep.negative + negative }
    : { score, positive, negative, below: sweep.below + sweep.negative, area: finished(sweep) }

const area = (predicted: Tensor, wanted: Tensor, weight: ArrayLike<number>): number => {
  const outputs = predicted.data.length / predicted.shape[0]
  const decisions = Array.from(predicted.data, (score, i): Decision => {
    const w = weight[Math.floor(i / outputs)]
    return wanted.data[i] > 0.5 ? { score, positive: w, negative: 0 } : { score, positive: 0, negative: w }
  })
  const total = (side: 'positive' | 'negative') => decisions.reduce((sum, d) => sum + d[side], 0)
  const sorted = decisions.toSorted((a, b) => (a.score < b.score ? -1 : a.score > b.score ? 1 : 0))
  const won = finished(sorted.reduce(next, { score: Number.NaN, positive: 0, negative: 0, below: 0, area: 0 }))
  return predicted.data.some(Number.isNaN) ? Number.NaN : won / (total('positive') * total('negative'))
}

/**
 * The probability that a positive example (y > ½) has a higher score than a negative one, ties counting ½: the area under the ROC curve,
 * exactly, by ranks.
 *
 * Scores need no calibration. Shapes [examples, …] both; several outputs are pooled, each decision with its example's weight. NaN where
 * only one class occurs. Hanley & McNeil 1982. Laws: `metricLaws`, `aucLaws`.
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { auc, measure } from 'tikhonov/metrics'
 * import { tensor } from 'tikhonov/tensor'
 * measure(auc())(tensor([[0.1], [0.4], [0.4], [0.8]]), tensor([[0], [0], [1], [1]])) // => E.right(0.875)
 * ```
 */
export const auc = (): WholeMetric => ({
  _tag: 'WholeMetric',
  spec: spec('auc'),
  issues: [],
  misfit: (predicted, wanted) => (sameShape(predicted, wanted) ? undefined : 'wants a score for each wanted value'),
  of: area
})
