/** What laws of training draw, and how they look at a step. */
import { either as E } from 'fp-ts'
import fc from 'fast-check'
import type { Shape } from 'tikhonov/expr'
import { rows, tensor, type Tensor } from 'tikhonov/tensor'
import { fold, start, type Batch, type Report, type Trainer, type TrainState } from 'tikhonov/training'
import { dyadic } from './arbitraries/index.js'
import type { Tolerance } from './kit/index.js'

/**
 * What to train on: batches that fit the trainer (`batchesFor` draws some), each with what it has of weights, padding and hyper-parameters;
 * `relative`, how far numbers may be apart that were summed in another order (of 1 or of the number,
 * whichever is more; unless told 2⁻⁴⁰ where the trainer's engine computes in float64, else 2⁻¹⁴).
 */
export interface TrainingTrial {
  readonly batches: fc.Arbitrary<Batch>
  readonly relative?: number
}

/** A run of a law of training is dear. */
export const mostRuns = 10

/** One to three of the batches. */
export const someOf = ({ batches }: TrainingTrial): fc.Arbitrary<readonly Batch[]> => fc.array(batches, { minLength: 1, maxLength: 3 })

/** The tolerance of a trial of a trainer. */
export const closeOf = ({ engine }: Trainer, trial: Pick<TrainingTrial, 'relative'>): Required<Tolerance> => {
  const { relative = engine.precision === 'float64' ? 2 ** -40 : 2 ** -14 } = trial
  return { relative, absolute: relative }
}

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

const filled = (element: fc.Arbitrary<number>, shape: Shape): fc.Arbitrary<Tensor> =>
  fc.array(element, { minLength: sizeOf(shape), maxLength: sizeOf(shape), size: 'max' })
    .map((data) => tensor(Float64Array.from(data), shape))

/** What a trainer's loss allows to be wanted of n examples. */
export const wantedOf = (t: Trainer, n: number): fc.Arbitrary<Tensor> => {
  const { shape, range: { min, max, open }, whole = false, only } = t.loss.wanted([n, ...t.model.output])
  const [low, high] = [Math.max(min, -4), Math.min(max, 4)]
  const inside = (y: number) => (y > min || open === 'none' || open === 'max') && (y < max || open === 'none' || open === 'min')
  const number = whole ? fc.integer({ min: Math.ceil(low), max: Math.floor(high) }) : dyadic({ min: low, max: high })
  return filled(only === undefined ? number.filter(inside) : fc.constantFrom(...only), shape)
}

/**
 * Batches of 1 … `most` examples (4 unless told) for a trainer: inputs are dyadic numbers, wanted values such as its loss allows.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import fc from 'fast-check'
 * import { batchesFor } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { batchIssues, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => fc.sample(batchesFor(t), 20).every((batch) => batchIssues(t, batch).length === 0))
 * ) // => E.right(true)
 * ```
 */
export const batchesFor = (t: Trainer, { most = 4 }: { readonly most?: number } = {}): fc.Arbitrary<Batch> =>
  fc.integer({ min: 1, max: most }).chain((n) => fc.record({ x: filled(dyadic(), [n, ...t.model.input]), y: wantedOf(t, n) }))

/** How many examples a batch has, without its padding. */
export const presentOf = ({ x, count = x.shape[0] }: Batch): number => count

/** How much each of them counts. */
const weightsOf = (batch: Batch): readonly number[] => Array.from({ length: presentOf(batch) }, (_, i) => batch.weight?.[i] ?? 1)

/** How much all of them count together. */
export const totalOf = (batch: Batch): number => weightsOf(batch).reduce((sum, w) => sum + w, 0)

/** The same batch without its padding, each weight said. */
export const bare = (batch: Batch): Batch => {
  const { count: _, ...rest } = batch
  return { ...rest, x: rows(batch.x, 0, presentOf(batch)), y: rows(batch.y, 0, presentOf(batch)), weight: weightsOf(batch) }
}

const above = (a: Tensor, b: Tensor): Tensor =>
  tensor(Float64Array.of(...a.data, ...b.data), [a.shape[0] + b.shape[0], ...a.shape.slice(1)])

/** The examples of both, first those of `a`, with what else `a` has. */
export const joined = (a: Batch, b: Batch): Batch => {
  const [first, second] = [bare(a), bare(b)]
  return { ...first, x: above(first.x, second.x), y: above(first.y, second.y), weight: [...weightsOf(a), ...weightsOf(b)] }
}

/** A state after a few batches, so that what an optimizer remembers is not all zeros; one that cannot be reached is discarded. */
export const reached = (t: Trainer, of: number, batches: readonly Batch[]): TrainState => {
  const after = fold(t)(start(t, of), batches)
  fc.pre(E.isRight(after))
  return after.right.state
}

/** What a step made of a state and reported; a step that is not finite is discarded. */
export const stepped = (t: Trainer, state: TrainState, batch: Batch): { readonly state: TrainState; readonly report: Report } => {
  const after = fold(t)(state, [batch])
  fc.pre(!(E.isLeft(after) && after.left._tag === 'NonFinite'))
  if (E.isLeft(after)) {
    return { state: after.left.state, report: { data: NaN, penalties: {}, total: NaN, hyper: {}, metrics: {}, probes: {} } }
  }
  fc.pre(after.right.reports.length === 1)
  return { state: after.right.state, report: after.right.reports[0] }
}
