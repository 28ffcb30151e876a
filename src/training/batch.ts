/** What a trainer asks of a batch, checked at the edge: everything that is wrong, at once. */
import { anyNumber } from '../expr/leaf.js'
import { sameShape, showShape, sizeOf, type Shape } from '../expr/shape.js'
import type { Batch, TrainState } from '../engine/engine.js'
import { inputIssues, showFilling } from '../model/predict.js'
import { within } from '../part/checks.js'
import { weightIssues } from '../part/exampleWeights.js'
import { issue, under, type Issue } from '../part/issue.js'
import { firstOutside } from '../part/outside.js'
import type { Wanted } from '../losses/loss.js'
import { outsideWanted } from '../losses/outsideWanted.js'
import { fills, type Tensor } from '../tensor/tensor.js'
import { lacking } from './lacking.js'
import type { Trainer } from './trainer.js'

/** A batch that was not learned from, with everything that is wrong with it; `state` is the last good one. */
export interface BadBatch {
  readonly _tag: 'BadBatch'
  readonly state: TrainState
  readonly issues: readonly Issue[]
}

/** What a batch has beside its inputs. */
type Beside = Omit<Batch, 'x'>

/** Whether shapes agree but for sizes of 1 at the end: [30] serves for [30, 1]. */
const sameButOnes = (a: Shape, b: Shape): boolean => {
  const trim = (s: Shape) => s.slice(0, s.findLastIndex((d, i) => d !== 1 || i === 0) + 1)
  return sameShape(a, b) || sameShape(trim(a), trim(b))
}

const wantedIssues = (y: Tensor, wanted: Wanted, present: number): readonly Issue[] => [
  ...(sameButOnes(y.shape, wanted.shape) ? [] : [issue('batch/y', `shape ${showShape(y.shape)}`, showShape(wanted.shape))]),
  ...(fills(y) ? allowedIssues(y, wanted, present) : [issue('batch/y', showFilling(y), `${sizeOf(y.shape)} numbers in a typed array`)])
]

/** Examples are what the loss allows; padding is finite, since 0 times it is added. */
const allowedIssues = (y: Tensor, wanted: Wanted, present: number): readonly Issue[] => {
  const width = sizeOf(y.shape.slice(1))
  const padded = present * width < y.data.length
  const wrong = outsideWanted('batch/y', padded ? y.data.subarray(0, present * width) : y.data, width, wanted)
  const at = padded && wrong.length === 0 ? firstOutside(y.data, anyNumber) : -1
  return at < 0 ? wrong : [issue(`batch/y[${Math.floor(at / width)}]`, String(y.data[at]), 'a finite number')]
}

const hyperIssues = (known: Trainer['hypers'], { hyper }: Beside): readonly Issue[] =>
  hyper === undefined ? [] : under('batch/hyper', Object.entries(hyper).flatMap(([name, value]) => {
    const range = known.get(name)
    const names = known.size === 0 ? 'no hyper-parameters' : `one of ${[...known.keys()].join(', ')}`
    return range === undefined ? [issue(name, String(value), names)] : within(range)(name, value)
  }))

const countIssues = (rows: number, { count = rows, offset = 0 }: Beside): readonly Issue[] => [
  ...(rows >= 1 ? [] : [issue('batch/x', 'no examples', 'at least 1')]),
  ...(Number.isInteger(count) && count >= 0 && count <= rows ? []
    : [issue('batch/count', String(count), `a whole number, 0 ≤ count ≤ ${rows}`)]),
  ...(Number.isSafeInteger(offset) && offset >= 0 ? [] : [issue('batch/offset', String(offset), 'a whole number ≥ 0')])
]

/** What is wrong with a batch of so many rows whose inputs have these issues. */
export const issuesBeside = (t: Trainer, rows: number, inputs: readonly Issue[], batch: Beside): readonly Issue[] => [
  ...countIssues(rows, batch),
  ...inputs,
  ...(batch.weight === undefined ? [] : weightIssues('batch/weight', batch.weight, rows, t.engine.precision)),
  ...wantedIssues(batch.y, t.loss.wanted([rows, ...t.model.output]), batch.count ?? rows),
  ...hyperIssues(t.hypers, batch),
  ...(rows >= 1 ? t.issues(rows) : [])
]

/**
 * Everything that is wrong with a batch for a trainer; empty where it fits. Reads each number once.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { showIssue } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { batchIssues, trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([1], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
 *   E.map((t) => batchIssues(t, { x: tensor([[1], [NaN]]), y: tensor([[1], [2]]) }).map(showIssue))
 * ) // => E.right(['batch/x[1, 0]: found NaN, allowed: a finite number'])
 * ```
 */
export const batchIssues = (t: Trainer, batch: Batch): readonly Issue[] => {
  const lacks = lacking(batch)
  return lacks.length > 0 ? lacks
    : issuesBeside(t, batch.x.shape[0] ?? 0, inputIssues('batch/x', t.model.input, batch.x, t.engine.precision), batch)
}
