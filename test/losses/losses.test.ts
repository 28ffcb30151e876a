import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  constant, evaluate, exp, gradient, isLogSoftmax, log, logSoftmax, problems, reshape, sigmoid, sub, sum, variable, type Expr
} from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { activation, dense, flatten, reshape as reshaped, sigmoid as sigmoidActivation, softmax } from 'tikhonov/layers'
import {
  binaryCrossEntropy, categoricalCrossEntropy, hinge, huber, logCosh, logOf, logOneMinus, mae, mse, oneHot, sparseCategoricalCrossEntropy,
  type Loss
} from 'tikhonov/losses'
import { forward, sequential, type Model } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { trainer } from 'tikhonov/training'

const column = (...values: readonly number[]): Expr => constant(values, [values.length, 1])
const slope = (loss: Loss, at: readonly number[], wanted: Expr): readonly number[] => {
  const p = variable('p', [at.length, 1])
  return evaluate(gradient(sum(loss.each(p, wanted)), [p])[0], { p: at })
}
/** The output of a model for a batch of 2 as an expression. */
const outputOf = (model: E.Either<unknown, Model>): Expr =>
  E.isRight(model) ? forward(model.right, { _tag: 'Infer' })(variable('batch/x', [2, ...model.right.input])).y : expect.fail('no model')

describe('a link is seen', () => {
  it('through the layers that a model may end in', () => {
    const ends = [
      sequential([3], dense(2, { activation: sigmoidActivation })), sequential([3], dense(2), activation(sigmoidActivation)),
      sequential([4, 3], dense(2, { activation: sigmoidActivation })),
      sequential([4, 3], dense(2, { activation: sigmoidActivation }), flatten),
      sequential([3], dense(4, { activation: sigmoidActivation }), reshaped([2, 2]))
    ].map(outputOf)
    expect(ends.map((p) => [logOf(p)?.shape, logOneMinus(p)?.shape])).toEqual(ends.map((p) => [p.shape, p.shape]))
    const classes = [
      sequential([3], dense(2, { activation: softmax })), sequential([4, 3], dense(2, { activation: softmax })),
      sequential([2], activation(softmax))
    ].map(outputOf).map(logOf)
    expect(classes.map((z) => z !== undefined && isLogSoftmax(z))).toEqual([true, true, true])
  })

  it('only where it is: not in sums over another axis, nor in what merely looks alike', () => {
    const x = variable('x', [3, 3])
    const over = (axis: number) => sub(x, reshape(log(sum(exp(x), [axis])), axis === 0 ? [1, 3] : [3, 1]))
    expect([logSoftmax(x), over(1)].map(isLogSoftmax)).toEqual([true, true])
    expect([over(0), x, sub(x, 1), sub(x, log(sum(exp(x))))].map(isLogSoftmax)).toEqual([false, false, false, false])
    expect([x, sub(1, sigmoid(x))].map(logOf)).toEqual([undefined, undefined])
    expect(logOneMinus(exp(x))).toBeUndefined()
  })

  it('and exponentials that do not add up to 1 are divided by their sum', () => {
    const z = constant([1, 2, 3, -4], [2, 2])
    const labels = constant([0, 1])
    const loss = sparseCategoricalCrossEntropy()
    expect(evaluate(loss.each(exp(z), labels))).toEqual(evaluate(loss.each(softmax.of(z), labels)))
    const clipped = evaluate(loss.each(constant(evaluate(exp(z)), [2, 2]), labels))
    evaluate(loss.each(exp(z), labels)).forEach((value, i) => { expect(value).toBeCloseTo(clipped[i], 9) })
  })
})

describe('at logits of ±10⁴', () => {
  it('binary cross-entropy is exact, and so is its derivative', () => {
    const loss = binaryCrossEntropy({ fromLogits: true })
    const y = column(1, 0, 1, 0)
    expect(evaluate(loss.each(column(1e4, 1e4, -1e4, -1e4), y)).map((v) => v + 0)).toEqual([0, 1e4, 1e4, 0])
    expect(slope(loss, [1e4, 1e4, -1e4, -1e4], y).map((v) => v + 0)).toEqual([0, 1, -1, 0])
  })

  it('keeps its digits where the prediction is nearly certain', () => {
    const [value] = evaluate(binaryCrossEntropy().each(sigmoid(column(36)), column(1)))
    expect(value / Math.exp(-36)).toBeCloseTo(1, 12)
  })
})

describe('probabilities without a link are clipped at 10⁻⁷, as Keras does,', () => {
  it('so that a certain error costs −ln 10⁻⁷ and teaches nothing', () => {
    const y = column(1, 0)
    evaluate(binaryCrossEntropy().each(column(0, 1), y)).forEach((value) => { expect(value).toBeCloseTo(-Math.log(1e-7), 8) })
    expect(slope(binaryCrossEntropy(), [0, 1], y).map((v) => v + 0)).toEqual([0, 0])
    expect(evaluate(categoricalCrossEntropy().each(constant([0, 1], [1, 2]), constant([1, 0], [1, 2])))[0]).toBeCloseTo(-Math.log(1e-7), 8)
  })
})

describe('derivatives at corners are stated', () => {
  it('0 for mae at 0, 0 for hinge at its edge, ±δ outside for huber', () => {
    expect(slope(mae(), [2, 3, 1], column(2, 2, 2)).map((v) => v + 0)).toEqual([0, 1, -1])
    expect(slope(hinge(), [1, 0.5, 2], column(1, 1, 1)).map((v) => v + 0)).toEqual([0, -1, 0])
    expect(slope(huber(0.5), [0.25, 5, -5], column(0, 0, 0))).toEqual([0.25, 0.5, -0.5])
    expect(slope(logCosh(), [1e4, -1e4, 0], column(0, 0, 0)).map((v) => v + 0)).toEqual([1, -1, 0])
  })

  it('and second derivatives at 0 are those of the square for mse, huber and logCosh', () => {
    const second = (loss: Loss): number => {
      const p = variable('p', [1, 1])
      const [first] = gradient(sum(loss.each(p, column(0))), [p])
      return evaluate(gradient(sum(first), [p])[0], { p: [0] })[0]
    }
    expect([mse(), huber(), logCosh()].map(second)).toEqual([2, 1, 1])
  })
})

describe('what does not fit', () => {
  const said = (e: Expr): readonly string[] => problems([e]).map(({ operation, message }) => `${operation}: ${message}`)

  it('is said, not broadcast', () => {
    const p = variable('p', [4, 1])
    expect(said(mse().each(p, variable('y', [4])))).toEqual(['mse: predictions and wanted values differ in shape'])
    expect(said(binaryCrossEntropy().each(p, variable('y', [1, 4]))))
      .toEqual(['binaryCrossEntropy: predictions and wanted values differ in shape'])
    expect(said(sparseCategoricalCrossEntropy().each(variable('p', [4, 3]), variable('y', [4, 3]))))
      .toEqual(['sparseCategoricalCrossEntropy: wants one label for each prediction'])
  })

  it('is one output for losses over classes', () => {
    const of = (loss: Loss) => F.pipe(sequential([2], dense(1)), E.chainW((model) => trainer({ model, loss, optimizer: sgd(0.1) })))
    const errors = [categoricalCrossEntropy(), sparseCategoricalCrossEntropy()].map(of)
    errors.forEach((error) => {
      expect(E.isLeft(error) && error.left.map(showIssue).join())
        .toMatch(/wants 2 or more classes along the last axis; for one output there is binaryCrossEntropy/)
    })
  })

  it('is an option out of its range, found when the trainer is made', () => {
    const of = (loss: Loss) => F.pipe(sequential([2], dense(2)), E.chainW((model) => trainer({ model, loss, optimizer: sgd(0.1) })))
    const wrong = [
      huber(0), huber(Number.NaN), binaryCrossEntropy({ labelSmoothing: 1 }), categoricalCrossEntropy({ labelSmoothing: -0.1 })
    ]
    const found = wrong.map((loss) => {
      const made = of(loss)
      return E.isLeft(made) ? made.left.map(showIssue) : []
    })
    expect(found).toEqual([
      ['loss/delta: found 0, allowed: a number, 0 < delta'], ['loss/delta: found NaN, allowed: a number, 0 < delta'],
      ['loss/labelSmoothing: found 1, allowed: a number, 0 ≤ labelSmoothing < 1'],
      ['loss/labelSmoothing: found -0.1, allowed: a number, 0 ≤ labelSmoothing < 1']
    ])
  })
})

describe('labels', () => {
  it('may have an axis of 1 at the end, and classes that are not there are no class', () => {
    const z = constant([1, 2, 3, 4, 5, 6], [2, 3])
    const loss = sparseCategoricalCrossEntropy({ fromLogits: true })
    expect(evaluate(loss.each(z, constant([0, 2], [2, 1])))).toEqual(evaluate(loss.each(z, constant([0, 2]))))
    expect(evaluate(oneHot(constant([-1, 3, 1.5, 1]), 3))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0])
  })
})
