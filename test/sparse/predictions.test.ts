import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { showIssue, type Issue } from 'tikhonov/layer'
import { conv1d, dense, flatten, relu } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { predict, sequential } from 'tikhonov/model'
import { ftrl } from 'tikhonov/optimizers'
import { l1 } from 'tikhonov/regularizers'
import { csr, foldSparse, predictionsSparse, predictSparse, sparseBatches, sparseTrainer, toDense, type Csr } from 'tikhonov/sparse'
import { tensor } from 'tikhonov/tensor'
import { predictions, start, valuesOf, type TrainState } from 'tikhonov/training'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)
const shown = (made: E.Either<readonly Issue[], unknown>): readonly string[] => E.isLeft(made) ? made.left.map(showIssue) : []

const features = 700

/** Rows with none, some, and more features than the smallest program has room for. */
const x = (() => {
  const rows = [0, 3, 1, 600, 0].map((n, i) => Array.from({ length: n }, (_, j) => (i + j) * (n > 1 ? Math.floor(features / (n + i)) : 1)))
  const offsets = rows.reduce<readonly number[]>((ends, row) => [...ends, ends[ends.length - 1] + row.length], [0])
  return right(csr([rows.length, features], offsets, rows.flat(), rows.flat().map((column, i) => ((column + i) % 7) - 3 || 1)))
})()
const y = tensor([[1], [0], [1], [1], [0]])

const model = right(sequential([features], dense(3, { activation: relu }), dropout(0.5), dense(1)))
const parts = { model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: ftrl(0.1, { penalty: l1(0.01) }) }

describe('predictions for sparse rows', () => {
  it('are those of the dense rows, number for number in float64: what is 0 adds nothing, and the rest is added in the same order', () => {
    const t = right(sparseTrainer({ ...parts, engine: reference() }))
    const { state } = right(foldSparse(t)(start(t, 1), sparseBatches({ x, y }, { size: 2 })))
    expect(predictionsSparse(t, state)(x)).toEqual(predictions(t, state)(toDense(x)))
    const [model, values] = [t.model, valuesOf(t, state)]
    expect(predictSparse(parts.model, values, reference())(x)).toEqual(predict(model, values, reference())(toDense(x)))
  })

  it('are those of the dense rows on the default engine, to rounding', () => {
    const t = right(sparseTrainer(parts))
    const { state } = right(foldSparse(t)(start(t, 1), sparseBatches({ x, y })))
    const [got, expected] = [right(predictionsSparse(t, state)(x)), right(predictions(t, state)(toDense(x)))]
    expect(got.shape).toEqual([5, 1])
    // A sum of 600 products below 8 in another order, through a network that does not expand differences.
    expect(Math.max(...got.data.map((v, i) => Math.abs(v - expected.data[i])))).toBeLessThan(600 * 8 * 2 ** -24)
  })

  it('of no rows are none', () => {
    const t = right(sparseTrainer(parts))
    expect(right(predictionsSparse(t, start(t))(right(csr([0, features], [0], [], [])))).shape).toEqual([0, 1])
  })
})

describe('rows that do not fit are issues', () => {
  const t = right(sparseTrainer(parts))
  const entries = (indices: readonly number[], values: readonly number[] = indices.map(() => 1), columns = features): Csr => ({
    _tag: 'Csr', shape: [1, columns], offsets: Int32Array.of(0, indices.length),
    indices: Int32Array.from(indices), values: Float64Array.from(values)
  })

  it.each<readonly [string, Csr, readonly string[]]>([
    ['another number of columns', entries([0], [1], features + 1),
      [`x: found ${features + 1} columns, allowed: ${features}, the features of the model`]],
    ['a column out of range', entries([features]), [`x/indices[0]: found ${features}, allowed: a whole number, 0 ≤ index < ${features}`]],
    ['columns that descend', entries([4, 2]), ['x/indices[1]: found 2 after 4, allowed: ascending columns, each once a row']],
    ['a column twice', entries([4, 4]), ['x/indices[1]: found 4 after 4, allowed: ascending columns, each once a row']],
    ['a number that is none', entries([1], [NaN]), ['x/values[0]: found NaN, allowed: a finite number']]
  ])('%s', (_, rows, issues) => {
    expect(shown(predictionsSparse(t, start(t))(rows))).toEqual(issues)
    expect(shown(predictSparse(model, valuesOf(t, start(t)))(rows))).toEqual(issues)
    const learned = foldSparse(t)(start(t), [{ x: rows, y: tensor([[1]]) }])
    expect(F.pipe(learned, E.mapLeft((e) => (e._tag === 'BadBatch' ? e.issues.map(showIssue) : [])))).toEqual(
      E.left(issues.map((said) => `batch/${said}`)))
  })

  it('so are states and values of another model, and models without a dense first layer', () => {
    const none: TrainState = { ...start(t), values: new Float32Array(2) }
    expect(shown(predictionsSparse(t, none)(x))).toEqual([
      `state: found 2 values, allowed: ${start(t).values.length}, as this trainer's states have`
    ])
    expect(shown(predictSparse(model, {})(x))[0]).toBe(`dense/0/kernel: found no value, allowed: a tensor [${features}, 3]`)
    const flat = right(sequential([features], flatten, dense(1)))
    expect(shown(predictSparse(flat, {})(x))[0]).toBe(
      `model: found flatten on [${features}], allowed: dense on [features] as the first layer, whose kernel has a row for each feature`)
    const images = right(sequential([4, 1], conv1d(1, 2), flatten, dense(1)))
    // @ts-expect-error its examples are no rows of features
    expect(shown(predictSparse(images, {})(x))).not.toEqual([])
  })
})
