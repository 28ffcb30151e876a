import fc from 'fast-check'
import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dense } from 'tikhonov/layers'
import { binaryCrossEntropy, hinge, sparseCategoricalCrossEntropy } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { balanced, classWeights, evaluate, fold, start, trainer, type Batch } from 'tikhonov/training'

const right = <L, A>(either: E.Either<L, A>): A =>
  E.isRight(either) ? either.right : expect.fail(`expected a Right, found ${JSON.stringify(either.left)}`)

const batch = (labels: readonly number[], more: Partial<Batch> = {}): Batch =>
  ({ x: tensor(labels.map((y, i) => [y + i / 8, 1])), y: tensor(labels.map((y) => [y])), ...more })

describe('class weights', () => {
  it('multiply the weights of the examples by those of their labels', () => {
    expect(classWeights([1, 2, 5])(batch([2, 0, 1])).weight).toEqual([5, 1, 2])
    expect(classWeights([1, 2, 5])(batch([2, 0, 1], { weight: [2, 3, 0] })).weight).toEqual([10, 3, 0])
    expect(classWeights({ [-1]: 3, 1: 4 })(batch([1, -1])).weight).toEqual([4, 3])
    expect(classWeights([1, 2])({ ...batch([0, 1]), y: tensor([0, 1]) }).weight).toEqual([1, 2])
  })

  it('are those of the classes of one-hot rows, and of soft rows in their parts', () => {
    const rows = (y: readonly (readonly number[])[]) => classWeights([1, 2, 5])({ x: tensor(y), y: tensor(y) }).weight
    expect(rows([[0, 0, 1], [1, 0, 0], [0.5, 0.5, 0]])).toEqual([5, 1, 1.5])
  })

  it('are refused where an example has labels, not one: what reads as a distribution is one', () => {
    const of = (y: Tensor, more: Partial<Batch> = {}) => () => classWeights([1, 5, 9])({ x: y, y, ...more }).weight
    const allowed = 'allowed: a distribution over classes, parts ≥ 0 that add up to 1; labels of many steps have no one weight'
    expect(of(tensor([[0, 1, 2]]))).toThrow(new RangeError(`batch/y[0]: found parts that add up to 3, ${allowed}`))
    expect(of(tensor([[1, 0, 0], [0, 0, 0]]))).toThrow(new RangeError(`batch/y[1]: found parts that add up to 0, ${allowed}`))
    expect(of(tensor([[1, 1, -1]]))).toThrow(new RangeError(`batch/y[0]: found a part of -1, ${allowed}`))
    expect(of(tensor([[NaN, 1, 0]]))).toThrow(new RangeError(`batch/y[0]: found parts that add up to NaN, ${allowed}`))
    expect(of(tensor([[1, 0, 0, 0]]))).toThrow(new RangeError('batch/y: found shape [1, 4], allowed: [batch], [batch, 1] or [batch, 3]'))
    expect(of(tensor([[[1, 0, 0]]]))).toThrow(new RangeError('batch/y: found shape [1, 1, 3], allowed: [batch], [batch, 1] or [batch, 3]'))
    expect(of(tensor([[0, 0, 1], [7, 7, 7]]), { count: 1 })()).toEqual([9, 0])
    expect(of(tensor([[0.33, 0.33, 0.33]]))()).toEqual([expect.closeTo(4.95, 12)])
    expect(() => balanced(tensor([[0, 1, 2]]))).toThrow(new RangeError(`y[0]: found parts that add up to 3, ${allowed}`))
    expect(() => classWeights({ 0: 1 })({ x: tensor([[1]]), y: tensor([[[1, 0]]]) }))
      .toThrow(new RangeError('batch/y: found shape [1, 1, 2], allowed: [batch], [batch, 1] or [batch, classes]'))
  })

  it('change nothing else of the batch, and not the batch that was given', () => {
    const given = batch([0, 1], { hyper: { lambda: 1 }, offset: 4 })
    const { weight, ...rest } = classWeights([1, 2])(given)
    expect([weight, rest]).toEqual([[1, 2], given])
    expect('weight' in given).toBe(false)
  })

  it('of a label that has none are refused at its row; of padding they are 0', () => {
    const t = right(F.pipe(sequential([2], dense(1)), E.chainW((model) => trainer({ model, loss: hinge(), optimizer: sgd(0.1) }))))
    const weighted = classWeights({ 1: 1 })(batch([1, -1]))
    const refused = fold(t)(start(t), [weighted])
    expect(E.isLeft(refused) && refused.left._tag === 'BadBatch' && refused.left.issues)
      .toEqual([{ _tag: 'Issue', path: 'batch/weight[1]', found: 'NaN', allowed: 'a finite number ≥ 0' }])
    expect(classWeights({ 1: 1 })(batch([1, -1], { count: 1 })).weight).toEqual([1, 0])
  })

  it('have the loss of data in which each example of a class occurs as often as it weighs', () => {
    const t = right(F.pipe(sequential([2], dense(1)), E.chainW((model) =>
      trainer({ model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer: sgd(0.1) }))))
    const once = batch([0, 0, 1])
    const often = { x: tensor([[0, 1], [1 / 8, 1], ...[1, 2, 3].map(() => [1 + 2 / 8, 1])]), y: tensor([[0], [0], [1], [1], [1]]) }
    const data = (of: Batch) => right(evaluate(t)(start(t, 1), of)).data
    expect(data(classWeights([1, 3])(once))).toBeCloseTo(data(often), 12)
    const after = (of: Batch) => right(fold(t)(start(t, 1), [of])).state.values
    after(often).forEach((value, i) => { expect(after(classWeights([1, 3])(once))[i]).toBeCloseTo(value, 12) })
  })
})

describe('balanced weights', () => {
  it('are n/(k·count)', () => {
    expect(balanced(tensor([0, 0, 0, 1]))).toEqual({ 0: 4 / 6, 1: 2 })
    expect(balanced(tensor([[-1], [1], [1]]))).toEqual({ '-1': 1.5, 1: 0.75 })
    expect(balanced(tensor([[1, 0, 0], [0, 0, 1], [0, 0, 1]]))).toEqual({ 0: 1.5, 2: 0.75 })
  })

  it('give every class that occurs the same weight in all, 1 to an example on average', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 30 }), (labels) => {
      const weight = Array.from(classWeights(balanced(tensor(labels)))(batch(labels)).weight ?? [])
      const inAll = (of: readonly number[]) => of.reduce((a, b) => a + b, 0)
      const perClass = [...new Set(labels)].map((label) => inAll(weight.filter((_, i) => labels[i] === label)))
      expect(inAll(weight)).toBeCloseTo(labels.length, 9)
      perClass.forEach((each) => { expect(each).toBeCloseTo(perClass[0], 9) })
    }))
  })

  it('leave a class out that did not occur, so that a later one is refused', () => {
    const t = right(F.pipe(sequential([2], dense(3)), E.chainW((model) =>
      trainer({ model, loss: sparseCategoricalCrossEntropy({ fromLogits: true }), optimizer: sgd(0.1) }))))
    const weigh = classWeights(balanced(tensor([0, 1, 1])))
    expect(E.isRight(fold(t)(start(t), [weigh(batch([1, 0]))]))).toBe(true)
    expect(E.isLeft(fold(t)(start(t), [weigh(batch([1, 2]))]))).toBe(true)
  })
})
