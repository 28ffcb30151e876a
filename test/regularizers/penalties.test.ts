import { either as E, readonlyNonEmptyArray as RNEA } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { keras } from 'tikhonov/adapters'
import { reference } from 'tikhonov/engine'
import { constant, evaluate, gradient, variable } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { conv2d, dense, relu, softmax } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import {
  confidence, elasticWeightConsolidation, exact, groupLasso, kerasOrthogonal, logDet, orthogonal, penaltyOf, spectralNorm, srip,
  totalVariation, towards, type Regularizer
} from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer, type Trainer } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const at = (r: Regularizer, w: readonly number[], shape: readonly number[]): number => evaluate(penaltyOf(r)(constant(w, shape)))[0]
const slope = (r: Regularizer, w: readonly number[], shape: readonly number[]): readonly number[] => {
  const x = variable('w', shape)
  return evaluate(gradient(penaltyOf(r)(x), [x])[0], { w })
}

describe('groups come from the layer', () => {
  const groupsOf = (groups: 'incoming' | 'outgoing', kernelRegularizer = exact(groupLasso(1e3, { groups }))) => ({ kernelRegularizer })
  const trained = (layer: Parameters<typeof sequential>[1], input: readonly number[]): Trainer =>
    right(trainer({ model: right(sequential(input, layer)), loss: mse(), optimizer: sgd(1), engine: reference() }))

  it('filters and channels of a convolution, units and inputs of a dense layer', () => {
    // A kernel of ones [2, 2, 3, 5]: 5 filters of 12 weights, 3 channels read by 20.
    const ones = Array.from({ length: 60 }, () => 1)
    expect(at(groupLasso(1), ones, [2, 2, 3, 5])).toBeCloseTo(5 * Math.sqrt(12), 12)
    expect(at(groupLasso(1, { groups: 'outgoing' }), ones, [2, 2, 3, 5])).toBeCloseTo(3 * Math.sqrt(20), 12)
    const t = trained(conv2d(5, 2, groupsOf('outgoing')), [2, 2, 3])
    const blank = { x: tensor(new Float64Array(12), [1, 2, 2, 3]), y: tensor(new Float64Array(5), [1, 1, 1, 5]) }
    const { reports, state } = right(fold(t)(start(t, 1), [blank]))
    expect(Object.keys(reports[0].penalties)).toEqual(['conv2d/0/kernel/groupLasso'])
    expect(new Set(parametersOf(t, state)['conv2d/0/kernel'].data)).toEqual(new Set([0]))
  })

  it('go to 0 as a whole: an input that says nothing leaves, one that does stays', () => {
    const t = trained(dense(2, groupsOf('outgoing', exact(groupLasso(0.1, { groups: 'outgoing' })))), [2])
    const batch = { x: tensor([[1, 1], [-1, 1], [1, -1], [-1, -1]]), y: tensor([[2, 1], [-2, -1], [2, 1], [-2, -1]]) }
    const { state } = right(fold(t)(start(t, 1), Array.from({ length: 50 }, () => batch)))
    const kernel = Array.from(parametersOf(t, state)['dense/0/kernel'].data)
    expect(kernel.slice(2)).toEqual([0, 0])
    // mse is (v − v⁰)²/2 over the two outputs, so that v = v⁰·(1 − λ/‖v⁰‖) with v⁰ = (2, 1).
    const left = 1 - 0.1 / Math.sqrt(5)
    expect(kernel[0]).toBeCloseTo(2 * left, 10)
    expect(kernel[1]).toBeCloseTo(left, 10)
  })
})

describe('penalties on matrices', () => {
  const w = [3, 0, 1, 0, 2, 2] // [[3, 0], [1, 0], [2, 2]]: VᵀV = [[14, 4], [4, 4]]
  it('orthogonal has the value ‖VᵀV − I‖² and the gradient 4V(VᵀV − I)', () => {
    expect(at(orthogonal(1), w, [3, 2])).toBe(13 ** 2 + 2 * 4 ** 2 + 3 ** 2)
    expect(slope(orthogonal(1), w, [3, 2])).toEqual([4 * 39, 4 * 12, 4 * 13, 4 * 4, 4 * (26 + 8), 4 * (8 + 6)])
    // VVᵀ = [[9, 3, 6], [3, 1, 2], [6, 2, 8]]
    expect(at(orthogonal(1, { groups: 'outgoing' }), w, [3, 2])).toBe(64 + 0 + 49 + 2 * (9 + 36 + 4))
  })

  it('srip is the largest size of an eigenvalue of VᵀV − I', () => {
    // λ² − 16λ + (13·3 − 16) = 0
    expect(at(srip(1, { iterations: 60 }), w, [3, 2])).toBeCloseTo(8 + Math.sqrt(64 - 23), 10)
    expect(at(srip(1), w, [3, 2])).toBeLessThanOrEqual(8 + Math.sqrt(64 - 23))
  })

  it('kerasOrthogonal is half the mean over pairs counted twice, as Keras 3 writes it: ½·Σ|X̂X̂ᵀ ∘ (1 − I)| / (n(n − 1)/2)', () => {
    expect(at(kerasOrthogonal(1, { mode: 'columns' }), w, [3, 2])).toBeCloseTo(4 / Math.sqrt(14 * 4), 12)
    expect(at(kerasOrthogonal(1), w, [3, 2])).toBeCloseTo((3 / Math.sqrt(9) + 6 / Math.sqrt(72) + 2 / Math.sqrt(8)) / 3, 12)
    expect(at(kerasOrthogonal(1), [1, 2, 3], [1, 3])).toBe(0)
  })

  it('kerasOrthogonal is of rows unless told, as in Keras, whatever the units of a layer', () => {
    // ⟨(1, 2, 3), (4, 5, 7)⟩ = 35; the columns (1, 4), (2, 5), (3, 7): 22, 31, 41 of lengths √17, √29, √58
    const matrix = [1, 2, 3, 4, 5, 7]
    expect(at(keras.orthogonal(1), matrix, [2, 3])).toBeCloseTo(35 / Math.sqrt(14 * 90), 12)
    expect(at(keras.orthogonal(1, { mode: 'columns' }), matrix, [2, 3]))
      .toBeCloseTo((22 / Math.sqrt(17 * 29) + 31 / Math.sqrt(17 * 58) + 41 / Math.sqrt(29 * 58)) / 3, 12)
    expect(E.mapLeft(RNEA.map(showIssue))(sequential([2], dense(2, { biasRegularizer: keras.orthogonal(1) })))).toEqual(E.left([
      'dense/0/bias/kerasOrthogonal: found kerasOrthogonal [2]: not a matrix, allowed: shapes that fit kerasOrthogonal'
    ]))
  })

  it('spectralNorm is ½σ² with the gradient σ·uvᵀ', () => {
    const [r, diagonal] = [spectralNorm(1, { iterations: 60 }), [0, 3, -4, 0]]
    expect(at(r, diagonal, [2, 2])).toBeCloseTo(8, 12)
    slope(r, diagonal, [2, 2]).forEach((d, i) => { expect(d).toBeCloseTo([0, 0, -4, 0][i], 10) })
    expect(at(spectralNorm(1, { iterations: 1 }), w, [3, 2])).toBeLessThanOrEqual((9 + Math.sqrt(81 - 40)) / 2)
  })

  it('logDet is ½·ln det(I + WᵀW/ε), the same for W and Wᵀ, with the gradient W(εI + WᵀW)⁻¹', () => {
    // det [[15, 4], [4, 5]] = 59; its inverse is [[5, −4], [−4, 15]]/59
    expect(at(logDet(1), w, [3, 2])).toBeCloseTo(Math.log(59) / 2, 12)
    expect(at(logDet(1), [3, 1, 2, 0, 0, 2], [2, 3])).toBeCloseTo(Math.log(59) / 2, 12)
    slope(logDet(1), w, [3, 2]).forEach((d, i) => { expect(d).toBeCloseTo([15, -12, 5, -4, 2, 22][i] / 59, 12) })
    expect(at(logDet(2, { epsilon: 4 }), [2], [1, 1])).toBeCloseTo(Math.log(2), 12)
  })
})

describe('confidence', () => {
  it('is ln K less the entropy, a mean over the examples, and no padding counts', () => {
    const t = right(trainer({
      model: right(sequential([2], dense(3, { activation: softmax, activityRegularizer: confidence(0.5) }))),
      loss: mse(), optimizer: sgd(0), engine: reference()
    }))
    const y = tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    const padded = { x: tensor([[0, 0], [0, 0], [9, 9]]), y, count: 2 }
    expect(right(fold(t)(start(t, 1), [padded])).reports[0].penalties['dense/0/activity/confidence']).toBeCloseTo(0, 14)
    const [p, q] = [0.8, 0.1]
    expect(at(confidence(0.5), [p, q, q], [1, 3])).toBeCloseTo(0.5 * (Math.log(3) + p * Math.log(p) + 2 * q * Math.log(q)), 14)
    expect(slope(confidence(1), [1, 0, 0], [1, 3])).toEqual([1 + Math.log(3), Math.log(3), Math.log(3)])
  })
})

describe('a model says, when it is built,', () => {
  const wrong = (kernelRegularizer: Regularizer): readonly string[] => {
    const made = sequential([2], dense(3, { activation: relu, kernelRegularizer }))
    return E.isLeft(made) ? made.left.map(showIssue) : []
  }

  it('that weights to be kept have another shape, which a broadcast would hide', () => {
    const row = tensor([[1, 2, 3]])
    expect(wrong(towards(row, 1))).toEqual([
      'dense/0/kernel/towards: found towards [2, 3] × [1, 3]: differ in shape, allowed: shapes that fit towards'
    ])
    expect(wrong(elasticWeightConsolidation(1, { weights: row, fisher: tensor([[-1, 0]]) }))).toEqual([
      'dense/0/kernel/elasticWeightConsolidation/fisher: found shape [1, 2], allowed: [1, 3]',
      'dense/0/kernel/elasticWeightConsolidation/fisher: found a number that is none or below 0, allowed: numbers ≥ 0'
    ])
  })

  it('that there is no such axis, no such count, no such ε', () => {
    expect(wrong(totalVariation(1, { axis: 2 }))).toHaveLength(1)
    expect(wrong(spectralNorm(1, { iterations: 0 }))).toEqual(
      ['dense/0/kernel/spectralNorm/iterations: found 0, allowed: a whole number ≥ 1'])
    expect(wrong(logDet(1, { epsilon: 0 }))).toEqual(['dense/0/kernel/logDet/epsilon: found 0, allowed: a number, 0 < epsilon'])
  })
})
