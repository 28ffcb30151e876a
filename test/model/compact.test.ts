import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { constant, mul, sum } from 'tikhonov/expr'
import { layer, named, same, spec, type ByPath, type Layer } from 'tikhonov/layer'
import {
  activation, add, averagePooling2d, batchNormalization, concatenate, conv1d, conv2d, conv2dTranspose, dense, flatten, gelu,
  globalAveragePooling1d, lstm, maxPooling2d, parallel, relu, residual, separableConv2d, sigmoid, softmax, tanh
} from 'tikhonov/layers'
import { compact, declarations, initialValues, predict, sequential, summary, type Compacted, type Model } from 'tikhonov/model'
import { regularizer } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'

const right = <L, A>(e: E.Either<L, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

const made = (input: readonly number[], ...layers: readonly Layer[]): Model => right(sequential(input, ...layers))

/** First values, of which the weights of the units told are zero: coming in, going out; biases are 1/2. */
const values = (model: Model, dead: ByPath<{ readonly into?: readonly number[]; readonly out?: readonly number[] }>): ByPath<Tensor> => {
  const declared = declarations(model).parameters
  return Object.fromEntries(Object.entries(initialValues(model, 3)).map(([path, t]) => {
    const { into = [], out = [] } = dead[path] ?? {}
    const units = t.shape.at(-1) ?? 1
    const inputs = t.shape.at(-2) ?? 1
    const gone = (i: number) => into.includes(i % units) || out.includes(Math.floor(i / units) % inputs)
    return [path, { ...t, data: t.data.map((v, i) => (gone(i) ? 0 : declared[path]?.role === 'bias' ? 0.5 : v)) }]
  }))
}

const examples = (model: Model): Tensor => {
  const shape = [4, ...model.input]
  return tensor(Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.7)), shape)
}

/** The largest difference of predictions in float64, over what is largest in them. */
const differs = (model: Model, given: ByPath<Tensor>, { model: smaller, values: fewer }: Compacted): number => {
  const x = examples(model)
  const [a, b] = [predict(model, given, reference()), predict(smaller, fewer, reference())].map((p) => right(p(x)).data)
  return Math.max(...a.map((y, i) => Math.abs(y - b[i]))) / Math.max(...a.map(Math.abs))
}

/** Sums of at most 200 terms in up to six layers, none of which stretches differences by more than 10. */
const rounding = 6 * 10 * 2 * 200 * 2 ** -53

const checked = (model: Model, given: ByPath<Tensor>): Compacted => {
  const compacted = right(compact(model, given))
  expect(differs(model, given, compacted)).toBeLessThan(rounding)
  return compacted
}

describe('compact', () => {
  it('follows units through activations, dropout, pooling and flatten', () => {
    const model = made([8, 8, 2], conv2d(6, 3, { activation: tanh }), maxPooling2d(), dropout(0.5), averagePooling2d(2), activation(gelu),
      flatten, dense(5, { activation: sigmoid }), dense(2))
    const { removed, model: smaller } = checked(model, values(model, {
      'conv2d/0/kernel': { into: [1, 4] }, 'dense/0/kernel': { into: [2] }, 'dense/1/kernel': { out: [0] }
    }))
    expect(removed).toEqual({ 'conv2d/0': [1, 4], 'dense/0': [0, 2] })
    expect(summary(smaller).rows.map((r) => r.output)).toEqual([[6, 6, 4], [3, 3, 4], [3, 3, 4], [1, 1, 4], [1, 1, 4], [4], [3], [2]])
  })

  it('takes scale, offset and moving statistics of a unit along, and a scale of 0 as a constant', () => {
    const model = made([5], dense(4, { useBias: false }), batchNormalization(), activation(relu), dense(2))
    const given = values(model, {})
    const still = {
      ...given, 'batchNormalization/0/gamma': tensor([1, 0, 2, 1]), 'batchNormalization/0/beta': tensor([0, 3, 1, -1]),
      'batchNormalization/0/movingMean': tensor([1, 2, 3, 4]), 'batchNormalization/0/movingVariance': tensor([4, 3, 2, 1])
    }
    const { removed, values: fewer } = checked(model, still)
    expect(removed).toEqual({ 'dense/0': [1] })
    expect([...fewer['batchNormalization/0/movingMean'].data]).toEqual([1, 3, 4])
  })

  it('keeps a constant where a layer sees zeros beyond the edge, unless it is 0, and says so', () => {
    const model = made([9, 2], conv1d(4, 3, { activation: relu }), conv1d(3, 3, { padding: 'causal' }), globalAveragePooling1d, dense(1))
    const given = values(model, { 'conv1d/0/kernel': { into: [1, 2] } })
    const negative = { ...given, 'conv1d/0/bias': tensor([0.5, 0.5, -0.5, 0.5]) }
    const { removed, kept } = checked(model, negative)
    expect(removed).toEqual({ 'conv1d/0': [2] })
    expect(kept).toEqual([
      { path: 'conv1d/1', units: [1], reason: 'are constants, but not at the border, where the layer sees zeros' }
    ])
  })

  it('keeps a constant that no bias can hold, and says so', () => {
    const model = made([3], dense(3, { activation: relu }), dense(2, { useBias: false }))
    const { removed, kept } = checked(model, values(model, { 'dense/0/kernel': { into: [1] } }))
    expect(removed).toEqual({})
    expect(kept).toEqual([{ path: 'dense/1', units: [1], reason: 'are constants, and the layer has no bias to hold them' }])
  })

  it('keeps units that a softmax sees together, and says so', () => {
    const model = made([3], dense(4, { activation: softmax }), dense(2))
    const { removed, kept } = checked(model, values(model, { 'dense/0/kernel': { into: [1] }, 'dense/1/kernel': { out: [2] } }))
    expect(removed).toEqual({})
    expect(kept).toEqual([{ path: 'dense/0', units: [2], reason: 'are not read, but the activation sees all units together' }])
  })

  it('keeps all around a layer that says nothing of its units, and says so', () => {
    const sorted = layer({ spec: spec('weighted'), rule: same, apply: () => (x) => mul(x, sum(x)) })
    const model = made([6, 3], dense(4), sorted, lstm(3), dense(2))
    const { removed, kept } = checked(model, values(model, { 'dense/0/kernel': { into: [1] } }))
    expect(removed).toEqual({})
    expect(kept.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'weighted/0 says nothing of its units', 'lstm/0 says nothing of its units'
    ])
  })

  it('makes layers inside of blocks and branches smaller, whose ends stay', () => {
    const model = made([3], residual(dense(5, { activation: tanh }), dense(3)),
      parallel([[dense(4, { activation: relu }), dense(2)], dense(2)], add), parallel([dense(2), []], concatenate()), dense(1))
    const { removed } = checked(model, values(model, {
      'residual/0/dense/0/kernel': { into: [1] }, 'parallel/0/branch/0/dense/1/kernel': { out: [0, 3] },
      'parallel/1/branch/0/dense/0/kernel': { into: [0] }
    }))
    expect(removed).toEqual({ 'residual/0/dense/0': [1], 'parallel/0/branch/0/dense/0': [0, 3] })
  })

  it('leaves a separable convolution and a transposed one right', () => {
    const model = made([6, 6, 2], conv2d(4, 2), conv2dTranspose(5, 2, { strides: 2 }), activation(relu), conv2d(4, 2),
      separableConv2d(3, 2), flatten, dense(1))
    const given = values(model, { 'conv2d/0/kernel': { into: [2] }, 'conv2d/1/kernel': { out: [1, 3] } })
    expect(checked(model, given).removed).toEqual({ 'conv2dTranspose/0': [1, 3] })
  })

  it('keeps names, and a dropout that asks for a number of units', () => {
    const model = made([3], named('hidden', dense(4)), dropout(0.5, { noiseShape: [4] }), named('wide', dense(4)), dense(1))
    const { removed, model: smaller } = checked(model, values(model, { 'wide/kernel': { out: [0] }, 'dense/0/kernel': { out: [1] } }))
    expect(removed).toEqual({ wide: [1] })
    expect(smaller.layers.map((l) => l.name)).toEqual(['hidden', undefined, 'wide', undefined])
  })

  it('keeps one unit of a layer that nobody reads', () => {
    const model = made([3], dense(4), dense(2))
    const { removed, inputs } = checked(model, values(model, { 'dense/1/kernel': { out: [0, 1, 2, 3] } }))
    expect(removed).toEqual({ 'dense/0': [1, 2, 3] })
    expect(inputs).toEqual([0, 1, 2])
  })

  it('removes inputs that nobody reads where asked', () => {
    const model = made([5], dense(3, { activation: tanh }), dense(2))
    const given = values(model, { 'dense/0/kernel': { out: [0, 3] } })
    const { model: smaller, values: fewer, inputs } = right(compact(model, given, { inputs: 'remove' }))
    expect([smaller.input, inputs, fewer['dense/0/kernel'].shape]).toEqual([[3], [1, 2, 4], [3, 3]])
    expect(right(compact(model, given)).model).toBe(model)
  })

  it('predicts the same to rounding in the default engine', () => {
    const model = made([20], dense(60, { activation: tanh }), dense(40, { activation: relu }), dense(3, { activation: softmax }))
    const given = values(model, { 'dense/0/kernel': { into: [1, 5, 9, 30] }, 'dense/1/kernel': { out: [0, 2, 7], into: [3, 4] } })
    const { model: smaller, values: fewer } = right(compact(model, given))
    const [a, b] = [predict(model, given), predict(smaller, fewer)].map((p) => right(p(examples(model))).data)
    // float32: 2n·ε a layer for n = 20, 60 and 40 inputs, values and weights of which no sum of absolute values is above 10
    expect(Math.max(...a.map((y, i) => Math.abs(y - b[i])))).toBeLessThan(10 * 2 * 120 * 2 ** -24)
  })

  it('refuses values that are missing, and layers whose parts want the old number of units', () => {
    const towards = regularizer('towards', {}, (w) => sum(mul(w, constant(Array(12).fill(1), [3, 4]))))
    const model = made([3], dense(4, { kernelRegularizer: towards }), dense(2))
    expect(compact(model, {})).toMatchObject(E.left([{ path: 'dense/0/kernel' }, {}, {}, {}]))
    expect(compact(model, values(model, { 'dense/1/kernel': { out: [1] } }))).toMatchObject(E.left([{ path: 'dense/0/kernel/towards' }]))
  })
})
