import { array as A, either as E, function as F, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm } from 'tikhonov/engine'
import { hyper } from 'tikhonov/expr'
import { dense, sigmoid } from 'tikhonov/layers'
import { binaryCrossEntropy, mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, showTrainError, start, step, trainer, withValues, type Batch, type TrainError, type TrainState } from 'tikhonov/training'
import { batch, batchesUpTo, left, noisy, right } from '../stream/fixture.js'

const found = (wrong: Partial<Batch>, t = noisy): readonly string[] => {
  const error = left(step(t)(start(t), { ...batch(0), ...wrong }))
  return error._tag === 'BadBatch' ? error.issues.map(({ path, found: was, allowed }) => `${path}: ${was} (${allowed})`) : [error._tag]
}
const tensorOf = (n: number, width: number, value = 1) => tensor(new Float64Array(n * width).fill(value), [n, width])

describe('a batch that does not fit', () => {
  it.each<readonly [string, Partial<Batch>, readonly string[]]>([
    ['a NaN in x', { x: tensor([[1, 2], [3, Number.NaN]]) }, ['batch/x[1, 1]: NaN (a finite number)']],
    ['an infinity in x', { x: tensor([[1, Infinity], [3, 4]]) }, ['batch/x[0, 1]: Infinity (a finite number)']],
    ['a NaN in y', { y: tensor([[1], [Number.NaN]]) }, ['batch/y[1]: NaN (a finite number)']],
    ['another width', { x: tensorOf(2, 3) }, ['batch/x: shape [2, 3] ([examples, 2])']],
    ['another rank', { x: tensor([1, 2]) }, ['batch/x: shape [2] ([examples, 2])']],
    ['no examples', { x: tensorOf(0, 2), y: tensorOf(0, 1) }, ['batch/x: no examples (at least 1)']],
    ['y of another number of examples', { y: tensorOf(3, 1) }, ['batch/y: shape [3, 1] ([2, 1])']],
    ['y of another width', { y: tensorOf(2, 2) }, ['batch/y: shape [2, 2] ([2, 1])']],
    ['a weight too many', { weight: [1, 1, 1] }, ['batch/weight: 3 weights (2, one an example)']],
    ['a weight below 0', { weight: [1, -0.5] }, ['batch/weight[1]: -0.5 (a finite number ≥ 0)']],
    ['an infinite weight', { weight: [Infinity, 1] }, ['batch/weight[0]: Infinity (a finite number ≥ 0)']],
    ['more examples than rows', { count: 3 }, ['batch/count: 3 (a whole number, 0 ≤ count ≤ 2)']],
    ['an offset below 0', { offset: -1 }, ['batch/offset: -1 (a whole number ≥ 0)']],
    ['a hyper-parameter that is not there', { hyper: { lamda: 1 } }, ['batch/hyper/lamda: 1 (one of lambda, rate)']],
    ['a hyper-parameter out of its range', { hyper: { lambda: -1 } }, ['batch/hyper/lambda: -1 (a number, 0 ≤ lambda ≤ 1)']],
    ['a hyper-parameter that is NaN', { hyper: { rate: Number.NaN } }, ['batch/hyper/rate: NaN (a number, 0 ≤ rate ≤ 1000000000)']],
    ['everything at once', { x: tensor([[1, NaN], [3, 4]]), y: tensorOf(2, 2), weight: [-1], count: 0.5, hyper: { lambda: 2 } }, [
      'batch/count: 0.5 (a whole number, 0 ≤ count ≤ 2)', 'batch/x[0, 1]: NaN (a finite number)',
      'batch/weight: 1 weights (2, one an example)', 'batch/weight[0]: -1 (a finite number ≥ 0)',
      'batch/y: shape [2, 2] ([2, 1])', 'batch/hyper/lambda: 2 (a number, 0 ≤ lambda ≤ 1)'
    ]]
  ])('is told with %s', (_, wrong, issues) => { expect(found(wrong)).toEqual(issues) })

  it('is told where its loss allows less', () => {
    const t = right(F.pipe(
      sequential([2], dense(1, { activation: sigmoid })),
      E.chain((model) => trainer({ model, loss: binaryCrossEntropy(), optimizer: sgd(0.1) }))
    ))
    expect(found({ y: tensor([[0.5], [2]]) }, t)).toEqual(['batch/y[1]: 2 (a number, 0 ≤ y ≤ 1)'])
    expect(found({ y: tensor([[0], [1]]), hyper: { rate: 1 } }, t)).toEqual(['batch/hyper/rate: 1 (no hyper-parameters)'])
  })

  it('ends the fold with the last good state, and is not learned from', () => {
    const good = right(fold(noisy)(start(noisy), batchesUpTo(3))).state
    const error = left(fold(noisy)(start(noisy), [...batchesUpTo(3), { ...batch(3), count: -1 }, batch(4)]))
    expect(error).toEqual({
      _tag: 'BadBatch', state: good,
      issues: [{ _tag: 'Issue', path: 'batch/count', found: '-1', allowed: 'a whole number, 0 ≤ count ≤ 2' }]
    })
    expect(showTrainError(error)).toBe(
      'after step 3, example 6: a batch does not fit\n  batch/count: found -1, allowed: a whole number, 0 ≤ count ≤ 2'
    )
  })
})

/**
 * Each engine with numbers that overflow in its precision: a learning rate of which the third power does, a weight of which the square
 * does, and a learning rate that is nearly the largest number.
 */
const engines = A.compact([
  O.some({ engine: reference(), rate: 1e60, large: 1e200, largest: Number.MAX_VALUE }),
  F.pipe(wasm(), O.map((engine) => ({ engine, rate: 1e7, large: 1e30, largest: 3e38 })))
]).map((each) => [each.engine.name, each] as const)

describe.each(engines)('a step that is not finite on the engine %s', (_, { engine, rate, large, largest }) => {
  /** 1-1 without a bias, its kernel set to 1. */
  const linear = (learningRate: number) => {
    const t = right(F.pipe(
      sequential([1], dense(1, { useBias: false, kernelRegularizer: l2(hyper('lambda', 0, { min: 0, max: 1, open: 'none' })) })),
      E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(learningRate), engine }))
    ))
    return { t, state: right(withValues(t, start(t), { 'dense/0/kernel': tensor([[1]]) })) }
  }
  const steps: readonly Batch[] = Array.from({ length: 20 }, () => ({ x: tensor([[1]]), y: tensor([[0]]) }))
  const nonFinite = (error: TrainError) => {
    if (error._tag !== 'NonFinite') throw new Error(error._tag)
    return error
  }

  it('is not applied: the error carries the last good state, finite, and names the first node that was not', () => {
    // w ← w − 2ηw is about −2η·w: w² passes the largest number with the third step.
    const { t, state } = linear(rate)
    const error = nonFinite(left(fold(t)(state, steps)))
    expect(error.state.step).toBe(3)
    expect(error.state.values[0] / (-8 * rate ** 3)).toBeCloseTo(1, 6)
    expect(error.state).toEqual(right(fold(t)(state, steps.slice(0, 3))).state)
    expect([error.culprit.operation, error.culprit.shape, error.culprit.value, error.culprit.from]).toEqual([
      'mul', [1, 1], Infinity, ['batch/x', 'dense/0/kernel', 'batch/y']
    ])
    expect(showTrainError(error)).toBe(
      'after step 3, example 3: mul [1, 1] was Infinity at element 0, computed from batch/x, dense/0/kernel, batch/y'
    )
  })

  it('may be a penalty alone', () => {
    const { t, state } = linear(1e-3)
    const error = nonFinite(left(step(t)(right(withValues(t, state, { 'dense/0/kernel': tensor([[large]]) })), {
      x: tensor([[1 / large]]), y: tensor([[1]]), hyper: { lambda: 1 }
    })))
    expect(error.culprit.from).toEqual(['dense/0/kernel'])
    expect(error.state.step).toBe(0)
  })

  it('may be the update alone', () => {
    const { t, state } = linear(largest)
    const error = nonFinite(left(step(t)(state, { x: tensor([[1]]), y: tensor([[-3]]) })))
    expect(error.state).toEqual(state)
    expect(error.culprit.value).toBe(-Infinity)
  })
})

describe('a state', () => {
  it('is never changed, and neither is a batch', () => {
    const state: TrainState = start(noisy, 4)
    const [values, given] = [[...state.values], batch(2)]
    const x = [...given.x.data]
    const after = right(step(noisy)(state, given))
    expect([...state.values]).toEqual(values)
    expect([...given.x.data]).toEqual(x)
    expect(after.values).not.toBe(state.values)
  })
})
