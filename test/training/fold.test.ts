import { array as A, either as E, function as F, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm } from 'tikhonov/engine'
import { hyper, mul, sum } from 'tikhonov/expr'
import { dense, sigmoid } from 'tikhonov/layers'
import { showIssue } from 'tikhonov/layer'
import { binaryCrossEntropy, lossOf, mse, type Loss } from 'tikhonov/losses'
import { metricOf } from 'tikhonov/metrics'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import {
  fold, showTrainError, start, step, trainer, withValues, type Batch, type Parts, type TrainError, type Trainer, type TrainState
} from 'tikhonov/training'
import { batch, batchesUpTo, left, noisy, noisyOn, right } from '../stream/fixture.js'

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
    ['y that does not fill its shape', { y: { _tag: 'Tensor', shape: [2, 1], data: new Float64Array(1) } },
      ['batch/y: 1 numbers (2 numbers in a typed array)']],
    ['x that is a list', { x: { _tag: 'Tensor', shape: [1, 2], data: [1, 2] as never }, y: tensor([[1]]) },
      ['batch/x: another object (a tensor, its data a typed array)']],
    ['no y', { y: undefined as never }, ['batch/y: undefined (a tensor, its data a typed array)']],
    ['weights whose sum is infinite', { weight: [1e308, 1e308] }, ['batch/weight: weights that add up to Infinity (a finite sum)']],
    ['weights whose sum is infinite in the engine\'s precision', { weight: [3e38, 3e38] },
      ['batch/weight: weights that add up to 6e+38 (a finite sum in float32)']],
    ['a weight and hyper-parameters that are nothing', { weight: null as never, hyper: null as never },
      ['batch/weight: null (a list of numbers)', 'batch/hyper: null (numbers by name)']],
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

describe('a source', () => {
  it('may fill one buffer again and again: a batch is learned from when its turn comes', () => {
    const filled = batch(0)
    const refilling = function* () {
      for (const { x, y } of batchesUpTo(40)) {
        filled.x.data.set(x.data)
        filled.y.data.set(y.data)
        yield filled
      }
    }
    expect(right(fold(noisy)(start(noisy), refilling()))).toEqual(right(fold(noisy)(start(noisy), batchesUpTo(40))))
  })

  it('is closed where the fold ends before it, and not where it ended itself', () => {
    const closed: string[] = []
    const source = function* (name: string, wrong: boolean) {
      try { yield* [batch(0), ...(wrong ? [{ ...batch(1), count: -1 }] : []), batch(2, 3)] }
      finally { closed.push(name) }
    }
    left(fold(noisy)(start(noisy), source('wrong', true)))
    right(fold(noisy)(start(noisy), source('whole', false)))
    expect(closed).toEqual(['wrong', 'whole'])
  })

  it('may itself train by the same trainer, while it is asked', () => {
    const within = function* () {
      for (const each of batchesUpTo(6)) {
        right(fold(noisy)(start(noisy, 9), batchesUpTo(3)))
        yield each
      }
    }
    expect(right(fold(noisy)(start(noisy), within()))).toEqual(right(fold(noisy)(start(noisy), batchesUpTo(6))))
  })

  it('is at an end where an engine takes no more of it', () => {
    const deaf: Trainer = { ...noisy, executable: () => ({ fold: (state) => E.right({ state, reports: [] }) }) }
    expect(right(fold(deaf)(start(noisy), batchesUpTo(3))).reports).toEqual([])
  })
})

describe.each(engines)('what throws in the midst of a fold, on the engine %s,', (_, { engine }) => {
  const t = right(F.pipe(
    sequential([2], dense(3, { kernelRegularizer: l2(0.1) }), dense(1)),
    E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(hyper('eta', (step) => {
      if (step === 70 && armed.length > 0) throw new Error('a schedule')
      return 0.01
    }, { min: 0, max: 1, open: 'none' }), { momentum: 0.9 }), engine }))
  ))
  const armed: true[] = []

  it('a schedule or a source, leaves what is computed afterwards as it would have been', () => {
    const first = right(fold(t)(start(t), batchesUpTo(5))).state
    const others = batchesUpTo(80).slice(5)
    const wanted = right(fold(t)(first, others)).state
    const again = right(fold(t)(start(t), batchesUpTo(5))).state
    armed.push(true)
    expect(() => fold(t)(again, others)).toThrow('a schedule')
    armed.pop()
    expect(right(fold(t)(again, others)).state.values).toEqual(wanted.values)
    expect(() => fold(t)(again, function* () { yield* others.slice(0, 3); throw new Error('a source') }())).toThrow('a source')
    expect(right(fold(t)(again, others)).state.values).toEqual(wanted.values)
  })
})

describe('a value that replaces another', () => {
  it('is finite in the precision of the state too, which another engine may have made', () => {
    const exact = noisyOn(reference())
    const state: TrainState = { ...start(exact), values: new Float32Array(start(exact).values) }
    const large = { 'dense/0/bias': tensor([0, 1e39, 0, 0]) }
    expect(left(withValues(exact, state, large)).map(showIssue))
      .toEqual(['dense/0/bias[1]: found 1e+39, allowed: a finite number in float32'])
    expect(E.isRight(withValues(exact, start(exact), large))).toBe(true)
  })
})

describe('a state of another trainer', () => {
  it.each<readonly [string, Partial<TrainState>, readonly string[]]>([
    ['of other values', { values: new Float32Array(3) }, ['state: found 3 values, allowed: 34, as this trainer\'s states have']],
    ['of a list', { values: [1, 2] as never }, ['state/values: found no typed array, allowed: 34 numbers in one']],
    ['of counts that no run comes to', { step: -1, cursor: 0.5, seed: 2 ** 32 }, [
      'state/step: found -1, allowed: a whole number ≥ 0', 'state/cursor: found 0.5, allowed: a whole number ≥ 0',
      'state/seed: found 4294967296, allowed: a whole number, 0 ≤ seed < 2³²'
    ]]
  ])('%s, is refused', (_, wrong, issues) => {
    const error = left(step(noisy)({ ...start(noisy), ...wrong }, batch(0)))
    expect(error._tag === 'BadState' ? error.issues.map(showIssue) : error._tag).toEqual(issues)
    expect(showTrainError(error)).toBe(['the state does not fit', ...issues].join('\n  '))
  })
})

describe.each(engines)('a metric that is not finite, on the engine %s,', (_, { engine, large }) => {
  it('ends the run as a loss does', () => {
    const huge = metricOf('huge', (predicted) => mul(mul(predicted, large), large))
    const t = right(F.pipe(
      sequential([1], dense(1, { useBias: false })),
      E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1), metrics: [huge], engine }))
    ))
    const error = left(step(t)(start(t), { x: tensor([[1]]), y: tensor([[1]]) }))
    expect(error).toMatchObject({ _tag: 'NonFinite', culprit: { operation: 'mul' }, state: { step: 0 } })
  })
})

describe('a trainer', () => {
  const issues = (parts: Partial<Parts>) => F.pipe(
    sequential([2], dense(3)),
    E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1), ...parts })),
    E.match((found) => found.map(showIssue), () => [])
  )

  it('keeps what it compiled for the newest sixteen sizes of batch', () => {
    const t = right(F.pipe(sequential([2], dense(1)), E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) }))))
    const sizes = A.makeBy(16, (i) => i + 1)
    const made = sizes.map(t.executable)
    expect(sizes.map(t.executable).map((e, i) => e === made[i])).not.toContain(false)
    t.executable(17)
    expect([2, 1].map(t.executable).map((e, i) => e === made[1 - i])).toEqual([true, false])
  })

  it('is not made of two hyper-parameters of one name that differ, and is of two that are the same', () => {
    const bounds = { min: 0, max: 1, open: 'none' } as const
    const penalised = (a: number, b: number) => F.pipe(
      sequential([2], dense(3, { kernelRegularizer: l2(hyper('lambda', a, bounds)), biasRegularizer: l2(hyper('lambda', b, bounds)) })),
      E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) })),
      E.match((found) => found.map(showIssue), () => [])
    )
    expect(penalised(0.1, 0.1)).toEqual([])
    expect(penalised(0.1, 0.2)).toEqual([
      'hyper/lambda: found two hyper-parameters of one name that differ, allowed: one default or schedule and one range for a name'
    ])
  })

  it('is not made of a loss or a metric that gives another number of values than one an example', () => {
    const whole = (each: Loss['each']): Loss => ({ ...mse(), spec: { kind: 'own', options: {} }, each })
    expect(issues({ loss: whole((predicted) => predicted) })).toEqual([
      'loss: found own [1, 3]: one value an example is wanted, [1], allowed: shapes that fit own'
    ])
    expect(issues({ loss: lossOf('own', (predicted) => sum(predicted, [1])) })).toEqual([
      'loss: found own [1, 3] × [1, 3]: the formula gives [1], one value an output is wanted, allowed: shapes that fit own'
    ])
    expect(issues({ metrics: [{ ...metricOf('mine', (p) => p), each: (predicted) => predicted }] })).toHaveLength(1)
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
