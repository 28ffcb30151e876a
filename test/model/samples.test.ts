import { either as E, function as F } from 'fp-ts'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  alphaDropout, concreteDropout, dropBlock1d, dropConnect, dropout, featureAlphaDropout, gaussianDropout, gaussianNoise, spatialDropout1d,
  stochasticDepth
} from 'tikhonov/dropout'
import { reference, wasm } from 'tikhonov/engine'
import { hyper } from 'tikhonov/expr'
import { infer, sampling, showIssue, type Issue, type Layer, type Mode } from 'tikhonov/layer'
import {
  activation, batchNormalization, dense, flatten, lstm, sigmoid, softmax, tanh, variational, weightDrop, zoneout
} from 'tikhonov/layers'
import { binaryCrossEntropy, mse } from 'tikhonov/losses'
import { initialValues, predict, predictSamples, sequential, type Part } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, predictionSamples, predictions, start, trainer } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => E.getOrElse<L, A>((l) => { throw new Error(JSON.stringify(l)) })(e)
const shown = (e: E.Either<readonly Issue[], unknown>) => F.pipe(e, E.match((l) => l.map(showIssue), () => ['nothing wrong']))

describe('whatever draws in training draws in a sample, once for all examples', () => {
  const awake: readonly (readonly [string, Layer])[] = [
    ['dropout', dropout(0.5)], ['gaussianDropout', gaussianDropout(0.5)], ['gaussianNoise', gaussianNoise(1)],
    ['alphaDropout', alphaDropout(0.5)], ['featureAlphaDropout', featureAlphaDropout(0.5)], ['spatialDropout1d', spatialDropout1d(0.5)],
    ['dropBlock1d', dropBlock1d(0.3, { blockSize: 2 })], ['dropConnect', dropConnect(0.5, dense(3))],
    ['concreteDropout', concreteDropout(dense(3))], ['stochasticDepth', stochasticDepth(0.5, dense(3))],
    ['lstm, variational', lstm(4, { dropout: variational(0.5), recurrentDropout: variational(0.5) })],
    ['lstm, zoneout', lstm(4, { recurrentDropout: zoneout({ h: 0.5 }) })],
    ['lstm, weights dropped', lstm(4, { recurrentDropout: weightDrop(0.5) })]
  ]
  const x = tensor([...Array.from({ length: 15 }, (_, i) => Math.sin(i) + 2), ...Array.from({ length: 15 }, (_, i) => Math.sin(i) + 2)])
  it.each(awake)('%s', (_, layer) => {
    const model = right(sequential<readonly number[], readonly Part[]>([5, 3], layer, flatten, dense(2)))
    const values = initialValues(model, 3)
    const { samples, variance } = right(predictSamples(model, values, { samples: 24, seed: 1 })(tensor(x.data, [2, 5, 3])))
    expect(variance.data.every((v) => v > 0)).toBe(true)
    const rows = Array.from({ length: 24 }, (__, s) => [samples.data.slice(4 * s, 4 * s + 2), samples.data.slice(4 * s + 2, 4 * s + 4)])
    rows.forEach(([a, b]) => { expect([...a]).toEqual([...b]) })
    expect(new Set(rows.map(([a]) => a.join())).size).toBeGreaterThan(1)
  })
})

describe('samples of a state', () => {
  const model = right(sequential([3], dropout(0.5), dense(8, { activation: tanh }), batchNormalization(), dropout(0.25), dense(1)))
  const x = tensor(Float64Array.from({ length: 900 }, (_, i) => Math.sin(i * i)), [300, 3])
  const y = tensor(Float64Array.from({ length: 300 }, (_, i) => i % 2), [300, 1])
  const engines = [reference(), ...F.pipe(wasm(), (o) => (o._tag === 'None' ? [] : [o.value]))]
  const parts = { model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: sgd(0.1) }

  it('are the same on both engines, over more examples than go through at a time', () => {
    const [one, ...others] = engines.map((engine) => {
      const t = right(trainer({ ...parts, engine }))
      return right(predictionSamples(t, start(t), { samples: 5, seed: 3, probabilities: 'binary' })(x))
    })
    expect([one.samples.shape, one.mean.shape, one.variance.shape, one.entropy.shape]).toEqual([[5, 300, 1], [300, 1], [300, 1], [300, 1]])
    others.forEach((other) => {
      const far = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])))
      expect(far(one.samples.data, other.samples.data)).toBeLessThan(1e-5)
      expect(far(one.variance.data, other.variance.data)).toBeLessThan(1e-5)
      expect(far(one.mutualInformation.data, other.mutualInformation.data)).toBeLessThan(1e-5)
    })
  })
  it('leave the state as it is and repeat no mask of its training', () => {
    const t = right(trainer(parts))
    const { state } = right(fold(t)(start(t), [{ x, y }]))
    const before = [...state.values]
    const first = right(predictionSamples(t, state, { samples: 2 })(x))
    expect([...state.values]).toEqual(before)
    expect([...right(predictionSamples(t, state, { samples: 2 })(x)).samples.data]).toEqual([...first.samples.data])
    expect([...first.mean.data]).not.toEqual([...right(predictions(t, state)(x)).data])
  })
  it('hear a rate that is a hyper-parameter, as the last step had it', () => {
    const varied = right(sequential([3], dropout(hyper('rate', 0.5, { min: 0, max: 1, open: 'max' })), dense(1)))
    const t = right(trainer({ ...parts, model: varied }))
    const { state } = right(fold(t)(start(t), [{ x, y, hyper: { rate: 0 } }]))
    const spread = (s: typeof state) => right(predictionSamples(t, s, { samples: 4 })(x)).variance.data.some((v) => v > 0)
    expect([spread(start(t)), spread(state)]).toEqual([true, false])
    expect(right(predictSamples(varied, initialValues(varied), { samples: 4 })(x)).variance.data.some((v) => v > 0)).toBe(true)
  })
})

describe('what samples say of a decision', () => {
  const x = tensor([[1, 2]])
  it('entropy is that of the mean; mutual information is 0 where all agree', () => {
    const certain = right(sequential([2], dense(3), activation(softmax)))
    const zero = Object.fromEntries(Object.entries(initialValues(certain)).map(([path, t]) => [path, { ...t, data: t.data.map(() => 0) }]))
    const even = right(predictSamples(certain, zero, { samples: 3, probabilities: 'categorical' }, reference())(x))
    expect(even.entropy.shape).toEqual([1])
    expect(even.entropy.data[0]).toBeCloseTo(Math.log(3), 12)
    expect(even.mutualInformation.data[0]).toBeCloseTo(0, 12)
  })
  it('both are as their formulas say, and disagreement is ≥ 0', () => {
    const model = right(sequential([2], dropout(0.5), dense(4, { activation: softmax })))
    const found = right(predictSamples(model, initialValues(model, 4), { samples: 40, probabilities: 'categorical' }, reference())(x))
    const h = (p: readonly number[]) => -p.reduce((s, v) => s + (v > 0 ? v * Math.log(v) : 0), 0)
    const each = Array.from({ length: 40 }, (_, s) => [...found.samples.data.slice(4 * s, 4 * s + 4)])
    const expected = each.reduce((s, p) => s + h(p), 0) / 40
    expect(found.entropy.data[0]).toBeCloseTo(h([...found.mean.data]), 10)
    expect(found.mutualInformation.data[0]).toBeCloseTo(h([...found.mean.data]) - expected, 10)
    expect(found.mutualInformation.data[0]).toBeGreaterThan(0)
  })
  it('certainty has no entropy: 0·ln 0 is 0', () => {
    const sure = right(sequential([2], dense(1, { activation: sigmoid })))
    const values = { 'dense/0/kernel': tensor([[1e4], [1e4]]), 'dense/0/bias': tensor([0]) }
    const found = right(predictSamples(sure, values, { samples: 2, probabilities: 'binary' })(x))
    expect([...found.entropy.data, ...found.mutualInformation.data].map(Math.abs)).toEqual([0, 0])
  })
})

describe('what is wrong is said, all at once', () => {
  const model = right(sequential([2], dropout(0.5), dense(1)))
  const values = { 'dense/0/kernel': tensor([[2], [3]]), 'dense/0/bias': tensor([1]) }
  it('options, values and examples', () => {
    expect(shown(predictSamples(model, {}, { samples: 0, seed: -1 })(tensor([[1, NaN]])))).toEqual([
      'samples: found 0, allowed: a whole number ≥ 1', 'seed: found -1, allowed: a whole number, 0 ≤ seed < 2³²',
      'dense/0/kernel: found no value, allowed: a tensor [2, 1]', 'dense/0/bias: found no value, allowed: a tensor [1]',
      'x[0, 1]: found NaN, allowed: a finite number'
    ])
  })
  it('what is no probability', () => {
    expect(shown(predictSamples(model, values, { samples: 8, probabilities: 'binary' })(tensor([[1, 1]])))[0])
      .toMatch(/^samples: found .*, allowed: probabilities: a model, or a loss, that ends in sigmoid$/)
    const flat = { 'dense/0/kernel': tensor([[0], [0]]), 'dense/0/bias': tensor([0.5]) }
    expect(shown(predictSamples(model, flat, { samples: 1, probabilities: 'categorical' })(tensor([[1, 1]])))).toEqual([
      'samples: found classes that add up to 0.5, allowed: probabilities that add up to 1: a model, or a loss, that ends in softmax'
    ])
  })
  it('what is not finite', () => {
    const large = { 'dense/0/kernel': tensor([[3e38], [3e38]]), 'dense/0/bias': tensor([0]) }
    expect(shown(predictSamples(model, large, { samples: 8 })(tensor([[0, 0], [9, 9]])))[0])
      .toMatch(/^samples\[\d, 1, 0\]: found Infinity, allowed: a finite number$/)
  })
  it('no examples are no error', () => {
    expect(right(predictSamples(model, values, { samples: 2 })(tensor(new Float64Array(0), [0, 2]))).samples.shape).toEqual([2, 0, 1])
  })
})

describe('what does not compile', () => {
  it('entropy of what is not said to be probabilities', () => {
    const model = right(sequential([2], dense(1)))
    const found = right(predictSamples(model, initialValues(model), { samples: 1 })(tensor([[1, 1]])))
    // @ts-expect-error samples of a regression have no entropy
    expect(found.entropy).toBe(undefined)
  })
  it('which examples are present, in a sample; anything to draw from, in inference', () => {
    expectTypeOf<Extract<Mode, { readonly _tag: 'Sample' }>>().toHaveProperty('random')
    expectTypeOf<Extract<Mode, { readonly _tag: 'Sample' }>>().not.toHaveProperty('present')
    expectTypeOf<Extract<Mode, { readonly _tag: 'Infer' }>>().not.toHaveProperty('random')
    expect([Object.keys(sampling), Object.keys(infer)]).toEqual([['_tag', 'random'], ['_tag']])
  })
  it('a prediction stays what it was', () => {
    const model = right(sequential([2], dropout(0.5), dense(1)))
    const values = initialValues(model)
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
    expect([...right(predictions(t, start(t))(tensor([[1, 1]]))).data]).toEqual([...right(predict(model, values)(tensor([[1, 1]]))).data])
  })
})
