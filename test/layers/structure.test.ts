import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { maxNorm } from 'tikhonov/constraints'
import { reference, wasm } from 'tikhonov/engine'
import { showIssue, type Issue, type Layer } from 'tikhonov/layer'
import {
  add, average, batchNormalization, concatenate, conv1d, conv2d, dense, depthwiseConv2d, embedding, flatten, globalAveragePooling1d, gru,
  layerNormalization, lstm, maximum, multiply, parallel, residual, simpleRnn, spectralNormalization, tanh, weightNormalization
} from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { predict, sequential, summary, type Model, type Part } from 'tikhonov/model'
import { adam, sgd } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { fold, predictions, showTrainError, start, trainer, valuesOf } from 'tikhonov/training'
import { derivativeError } from './derivative.js'

const right = <L, A>(e: E.Either<L, A>): A => E.getOrElse<L, A>((l) => { throw new Error(JSON.stringify(l)) })(e)
const refused = (m: E.Either<readonly Issue[], unknown>) => F.pipe(m, E.match((l) => l.map(showIssue), () => ['built']))
const wave = (shape: readonly number[]): Tensor =>
  tensor(Float64Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i * i)), shape)

describe('the derivative is that of central differences, for the input and every parameter', () => {
  const smooth = dense(3, { activation: tanh })
  const layers: readonly (readonly [string, Layer, readonly number[]])[] = [
    ['residual', residual(smooth, layerNormalization({ epsilon: 0.1 }), dense(4)), [4]],
    ['residual around batch normalisation', residual(dense(2), batchNormalization({ epsilon: 0.1 })), [2]],
    ['parallel, concatenated', parallel([smooth, [], [smooth, dense(2)]], concatenate()), [4]],
    ['parallel, along time', parallel([smooth, dense(3)], concatenate(1)), [2, 4]],
    ['parallel, added', parallel([smooth, dense(3)], add), [2]], ['parallel, multiplied', parallel([smooth, dense(3)], multiply), [2]],
    ['parallel, averaged', parallel([smooth, dense(3), smooth], average), [2]],
    ['parallel, the largest', parallel([smooth, dense(3)], maximum), [2]],
    ['weight normalisation of dense', weightNormalization(smooth), [4]],
    ['weight normalisation of conv2d', weightNormalization(conv2d(2, 2, { activation: tanh })), [3, 3, 2]],
    ['weight normalisation of depthwiseConv2d', weightNormalization(depthwiseConv2d(2)), [3, 3, 2]],
    ['weight normalisation of lstm', weightNormalization(lstm(2)), [3, 2]],
    ['weight normalisation of gru', weightNormalization(gru(2)), [3, 2]],
    ['weight normalisation of a block', weightNormalization(residual(dense(3), dense(2))), [2]]
  ]
  it.each(layers)('%s', (_, layer, input) => {
    const rows = [1, 3]
    rows.forEach((n) => { expect(derivativeError(layer, n, input)).toBeLessThan(1e-5) })
  })
  // σ's slope at a converged u is vᵀ·dW·u: what the gradient takes it to be, and what differences find when u converges anew.
  it.each([['dense', spectralNormalization(smooth, { powerIterations: 300 }), [4]],
    ['conv2d', spectralNormalization(conv2d(2, 2, { activation: tanh }), { powerIterations: 300 }), [3, 3, 2]]] as const
  )('spectral normalisation of %s, converged', (_, layer, input) => {
    expect(derivativeError(layer, 3, input)).toBeLessThan(1e-5)
  })
  it('embedding', () => {
    expect(derivativeError(embedding(4, 3), 2, [3], { x: [0, 3, 3, 1, 0, 0] })).toBeLessThan(1e-9)
    expect(derivativeError(embedding(4, 3, { maskZero: true }), 2, [3], { x: [0, 3, 3, 1, 0, 0] })).toBeLessThan(1e-9)
  })
})

describe('normalised weights', () => {
  const wrapped: readonly (readonly [string, Layer, readonly number[], readonly string[]])[] = [
    ['dense', dense(3), [4], ['dense/0/kernel']], ['conv1d', conv1d(3, 2), [4, 2], ['conv1d/0/kernel']],
    ['lstm', lstm(3), [4, 2], ['lstm/0/kernel', 'lstm/0/recurrentKernel']],
    ['simpleRnn', simpleRnn(3), [4, 2], ['simpleRnn/0/kernel', 'simpleRnn/0/recurrentKernel']]
  ]
  it.each(wrapped)('%s: weight normalisation has v and g for each kernel, and both engines agree', (...[, layer, input, kernels]) => {
    const model = right(sequential<readonly number[], readonly Part[]>(input, weightNormalization(layer), flatten, dense(1)))
    const values = trained(model, input)
    kernels.forEach((k) => {
      expect(Object.keys(values[0])).toEqual(expect.arrayContaining([`weightNormalization/0/${k}/v`, `weightNormalization/0/${k}/g`]))
      expect(Object.keys(values[0])).not.toContain(`weightNormalization/0/${k}`)
    })
    expectAlike(values)
  })
  it.each(wrapped)('%s: spectral normalisation keeps kernels, each with its u, and both engines agree', (...[, layer, input, kernels]) => {
    const model = right(sequential<readonly number[], readonly Part[]>(input, spectralNormalization(layer), flatten, dense(1)))
    const values = trained(model, input)
    kernels.forEach((k) => {
      expect(Object.keys(values[0])).toEqual(expect.arrayContaining([`spectralNormalization/0/${k}`, `spectralNormalization/0/${k}/u`]))
      expect(Math.hypot(...values[0][`spectralNormalization/0/${k}/u`].data)).toBeCloseTo(1, 12)
    })
    expectAlike(values)
  })
  const trained = (model: Model, input: readonly number[]) => {
    const batch = { x: wave([6, ...input]), y: wave([6, ...model.output]) }
    const engines = [reference(), ...F.pipe(wasm(), (o) => (o._tag === 'None' ? [] : [o.value]))]
    return engines.map((engine) => {
      const t = right(trainer({ model, loss: mse(), optimizer: adam(0.01), engine }))
      return valuesOf(t, right(fold(t)(start(t), Array.from({ length: 5 }, () => batch))).state)
    })
  }
  const expectAlike = ([one, ...others]: readonly Readonly<Record<string, Tensor>>[]) => {
    others.forEach((other) => {
      Object.keys(one).forEach((path) => {
        one[path].data.forEach((v, i) => { expect(Math.abs(v - other[path].data[i]), path).toBeLessThan(2e-4 + 2e-3 * Math.abs(v)) })
      })
    })
  }
  it('refuse what they cannot do, with the path', () => {
    expect(refused(sequential([4], weightNormalization(dense(3, { kernelConstraint: maxNorm(2) }))))).toEqual([
      'weightNormalization/0/dense/0/kernel/constraint: found maxNorm(cap 2), ' +
      'allowed: no constraint: the length of a normalised weight is learned'
    ])
    expect(refused(sequential([4], spectralNormalization(dense(3), { powerIterations: 0 })))).toEqual([
      'spectralNormalization/0/powerIterations: found 0, allowed: a whole number ≥ 1'
    ])
    expect(refused(sequential([4], weightNormalization(dropout(0.5))))[0]).toMatch(/^weightNormalization\/0: found dropout, allowed: a layer with/)
  })
  it('report the penalty of what is read under the name of the kernel', () => {
    const model = right(sequential([4], weightNormalization(dense(3, { kernelRegularizer: l2(1) }))))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1), engine: reference() }))
    const { reports } = right(fold(t)(start(t), [{ x: wave([2, 4]), y: wave([2, 3]) }]))
    const g = valuesOf(t, start(t))['weightNormalization/0/dense/0/kernel/g'].data
    expect(reports[0].penalties['weightNormalization/0/dense/0/kernel/l2']).toBeCloseTo([...g].reduce((total, v) => total + v * v, 0), 12)
  })
})

describe('embedding', () => {
  const model = right(sequential([3], embedding(5, 4, { embeddingsRegularizer: l2(0.01) }), globalAveragePooling1d, dense(1)))
  const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
  it('a step with a number that is no row is not applied, and the error names it', () => {
    const after = fold(t)(start(t), [{ x: tensor([[0, 1, 5]]), y: tensor([[1]]) }])
    expect(F.pipe(after, E.mapLeft(showTrainError))).toEqual(E.left(
      'after step 0, example 0: gather [1, 3, 4] was NaN at element 8, computed from embedding/0/embeddings, batch/x'))
  })
  it('a prediction for it is refused, for others not', () => {
    const predicted = predict(model, valuesOf(t, start(t)))
    expect(F.pipe(predicted(tensor([[4, 4, 4], [0, 1, -1]])), E.mapLeft((issues) => issues.map(showIssue))))
      .toEqual(E.left(['predictions[1, 0]: found NaN, allowed: a finite number']))
    expect(right(predicted(tensor([[4, 4, 4]]))).data).toHaveLength(1)
  })
  it('only rows that were picked move; with maskZero the first does not', () => {
    const plain = right(sequential([2], embedding(4, 2, { maskZero: true }), flatten, dense(1)))
    const u = right(trainer({ model: plain, loss: mse(), optimizer: sgd(0.1) }))
    const [before, after] = [start(u), right(fold(u)(start(u), [{ x: tensor([[0, 2]]), y: tensor([[1]]) }])).state]
      .map((s) => [...valuesOf(u, s)['embedding/0/embeddings'].data])
    expect(after.map((v, i) => v !== before[i])).toEqual([false, false, false, false, true, true, false, false])
  })
  it('dimensions are checked', () => {
    expect(refused(sequential([3], embedding(0, 1.5)))).toEqual([
      'embedding/0/inputDim: found 0, allowed: a whole number ≥ 1', 'embedding/0/outputDim: found 1.5, allowed: a whole number ≥ 1'
    ])
    expect(refused(sequential([3], embedding(2 ** 24 + 1, 1)))).toEqual([
      'embedding/0/inputDim: found 16777217, allowed: at most 16777216 = 2²⁴: float32 tells no more numbers apart'
    ])
    expect(refused(sequential([3], embedding(2 ** 24, 1)))).toEqual(['built'])
  })
  it('a number of which float32 cannot tell that it is not whole is whole there, and none in float64', () => {
    const small = right(sequential([1], embedding(3, 1), flatten))
    const engines = [reference(), reference('float32'), ...F.pipe(wasm(), (o) => (o._tag === 'None' ? [] : [o.value]))]
    engines.forEach((engine) => {
      const u = right(trainer({ model: small, loss: mse(), optimizer: sgd(0.1), engine }))
      const found = (x: number) => F.pipe(predictions(u, start(u))(tensor([[x]])), E.map(({ data }) => data[0]), E.getOrElse(() => NaN))
      expect([1.00000001, 1.0001].map(found)).toEqual([engine.precision === 'float64' ? NaN : found(1), NaN])
      expect(found(1)).not.toBeNaN()
    })
  })
})

describe('layers in layers', () => {
  it('paths of inner layers begin with the outer path', () => {
    const model = right(sequential([4], residual(dense(4), parallel([dense(2), [dense(3), dense(2)]], concatenate()))))
    expect(summary(model).rows.map((r) => [r.path, r.output, r.parameters])).toEqual([['residual/0', [4], 20 + 10 + 15 + 8]])
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
    expect(t.layout.map((p) => p.path).filter((p) => p.endsWith('kernel'))).toEqual([
      'residual/0/dense/0/kernel', 'residual/0/parallel/0/branch/0/dense/0/kernel', 'residual/0/parallel/0/branch/1/dense/0/kernel',
      'residual/0/parallel/0/branch/1/dense/1/kernel'
    ])
  })
  it('state inside is folded', () => {
    const model = right(sequential([2], residual(batchNormalization({ momentum: 0 }))))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
    const { state } = right(fold(t)(start(t), [{ x: tensor([[1, 2], [3, 6]]), y: tensor([[0, 0], [0, 0]]) }]))
    expect([...valuesOf(t, state)['residual/0/batchNormalization/0/movingMean'].data]).toEqual([2, 4])
  })
  it('errors inside are found with their whole path, all of them', () => {
    const wrong = [residual(dense(0), dropout(2)), parallel([dropout(1), []], add)]
    expect(refused(sequential<readonly number[], readonly Part[]>([4], ...wrong))).toEqual([
      'residual/0/dense/0/units: found 0, allowed: a whole number ≥ 1',
      'residual/0/dropout/0/rate: found 2, allowed: a number, 0 ≤ rate < 1',
      'parallel/0/branch/0/dropout/0/rate: found 1, allowed: a number, 0 ≤ rate < 1'
    ])
    expect(refused(sequential<readonly number[], readonly Part[]>([4], parallel([], add)))[0])
      .toBe('parallel/0/branches: found none, allowed: at least one')
    expect(refused(sequential<readonly number[], readonly Part[]>([4], parallel([dense(3), dense(1)], add)))).toEqual([
      'parallel/0: found an input of shape [4], allowed: add needs branches of one shape, found [3] and [1]'
    ])
  })
  it('a batch axis is not concatenated', () => {
    expect(refused(sequential<readonly number[], readonly Part[]>([4], parallel([[], []], concatenate(0))))[0])
      .toMatch(/concatenate needs branches with the axis 0 \(axis 0 is the batch\), found \[4\]$/)
  })
})
