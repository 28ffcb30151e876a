import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference } from 'tikhonov/engine'
import { dense } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { elasticWeightConsolidation, type Regularizer } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { evaluate, fisherDiagonal, fold, parametersOf, start, trainer, withValues } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const logistic = (kernelRegularizer?: Regularizer) => right(trainer({
  model: right(sequential([2], dense(1, kernelRegularizer === undefined ? {} : { kernelRegularizer }))),
  loss: binaryCrossEntropy({ fromLogits: true }), optimizer: sgd(0.5), engine: reference()
}))

describe('the diagonal of the Fisher information', () => {
  it('of a logistic regression is the mean of (p − y)²x², by hand', () => {
    const t = logistic()
    const [w, b] = [[0.5, -1], 0.25]
    const state = right(withValues(t, start(t, 1), { 'dense/0/kernel': tensor([[w[0]], [w[1]]]), 'dense/0/bias': tensor([b]) }))
    const [xs, ys] = [[[1, 2], [-1, 0.5], [3, 0]], [1, 0, 1]]
    const fisher = right(fisherDiagonal(t, state)({ x: tensor(xs), y: tensor(ys.map((y) => [y])) }))
    const off = xs.map((x, i) => 1 / (1 + Math.exp(-(w[0] * x[0] + w[1] * x[1] + b))) - ys[i])
    const mean = (of: (i: number) => number) => [0, 1, 2].reduce((s, i) => s + of(i) / 3, 0)
    const found = Array.from(fisher['dense/0/kernel'].data)
    found.forEach((f, j) => { expect(f).toBeCloseTo(mean((i) => (off[i] * xs[i][j]) ** 2), 14) })
    expect(fisher['dense/0/bias'].data[0]).toBeCloseTo(mean((i) => off[i] ** 2), 14)
    expect(fisher['dense/0/kernel'].shape).toEqual([2, 1])
  })

  it('says what is wrong with the examples', () => {
    const t = logistic()
    expect(E.isLeft(fisherDiagonal(t, start(t, 1))({ x: tensor([[1]]), y: tensor([[1]]) }))).toBe(true)
  })

  it('lets elastic weight consolidation keep a first task while a second is learned', () => {
    const first = { x: tensor([[1, 0], [-1, 0]]), y: tensor([[1], [0]]) }
    const second = { x: tensor([[0, 1], [0, -1], [0.5, 1], [-0.5, -1]]), y: tensor([[1], [0], [0], [1]]) }
    const plain = logistic()
    const learned = right(fold(plain)(start(plain, 1), Array.from({ length: 100 }, () => first))).state
    const fisher = right(fisherDiagonal(plain, learned)(first))['dense/0/kernel']
    const weights = parametersOf(plain, learned)['dense/0/kernel']
    const lossOfFirst = (kernelRegularizer?: Regularizer): number => {
      const t = logistic(kernelRegularizer)
      const from = right(withValues(t, start(t, 1), parametersOf(plain, learned)))
      const { state } = right(fold(t)(from, Array.from({ length: 200 }, () => second)))
      return right(evaluate(t)(state, first)).data
    }
    const before = right(evaluate(plain)(learned, first)).data
    expect(lossOfFirst()).toBeGreaterThan(2 * before)
    expect(lossOfFirst(elasticWeightConsolidation(1e4, { weights, fisher }))).toBeLessThan(1.5 * before)
  })
})
