import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { constant, evaluate, mul, sum } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { hinge, sparseCategoricalCrossEntropy } from 'tikhonov/losses'
import { accuracy, auc, binaryAccuracy, mae, measure, metricOf, metricOfLoss, r2, topK, type Metric } from 'tikhonov/metrics'
import { tensor, type Nested, type Tensor } from 'tikhonov/tensor'

const value = (metric: Metric, p: Nested, y: Nested, weight?: readonly number[]): number => {
  const found = measure(metric)(tensor(p), tensor(y), weight)
  return E.isRight(found) ? found.right : expect.fail(found.left.map(showIssue).join())
}
const issues = (metric: Metric, p: Nested, y: Nested, weight?: readonly number[]): readonly string[] => {
  const found = measure(metric)(tensor(p), tensor(y), weight)
  return E.isLeft(found) ? found.left.map(showIssue) : expect.fail(`found ${found.right}`)
}

describe('accuracies', () => {
  it('are means over time too', () => {
    const p = [[[1, 0], [0, 1]], [[0, 1], [0, 1]]]
    expect(value(accuracy(), p, [[0, 1], [0, 1]])).toBe(0.75)
    expect(value(topK(1), p, [[0, 1], [0, 1]])).toBe(0.75)
    expect(value(binaryAccuracy(), [[0.9, 0.1]], [[1, 1]])).toBe(0.5)
  })

  it('count a prediction that is NaN as wrong', () => {
    expect(value(accuracy(), [[NaN, 0], [1, 0]], [0, 0])).toBe(0.5)
    expect(value(topK(1), [[NaN, 0], [1, 0]], [0, 0])).toBe(0.5)
    expect(value(binaryAccuracy(), [[NaN], [1]], [[1], [1]])).toBe(0.5)
  })

  it('take scores of hinge at threshold 0', () => {
    expect(value(binaryAccuracy(0), [[0.1], [-3], [2]], [[1], [-1], [-1]])).toBeCloseTo(2 / 3, 12)
  })

  it('weigh examples', () => {
    expect(value(accuracy(), [[1, 0], [1, 0]], [0, 1], [3, 1])).toBe(0.75)
  })
})

describe('AUC', () => {
  it('pools outputs, and takes infinite scores', () => {
    expect(value(auc(), [[0.1, 0.9], [0.8, 0.2]], [[0, 1], [1, 0]])).toBe(1)
    expect(value(auc(), [[-Infinity], [Infinity], [Infinity]], [[0], [1], [0]])).toBe(0.75)
  })

  it('is NaN where only one class is, or a score is NaN', () => {
    expect(value(auc(), [[1], [2]], [[1], [1]])).toBeNaN()
    expect(value(auc(), [[1], [NaN]], [[1], [0]])).toBeNaN()
    expect(value(auc(), [[1], [2]], [[1], [0]], [1, 0])).toBeNaN()
  })

  it('does not change the predictions that it sorts', () => {
    const p = tensor([[3], [1], [2]])
    measure(auc())(p, tensor([[1], [0], [1]]))
    expect(Array.from(p.data)).toEqual([3, 1, 2])
  })
})

describe('R²', () => {
  it('is the mean over outputs', () => {
    expect(value(r2(), [[1, 2], [2, 2], [3, 2]], [[1, 1], [2, 2], [3, 3]])).toBe(0.5)
  })

  it('is −∞ or NaN where there is no variance', () => {
    expect(value(r2(), [[1], [2]], [[3], [3]])).toBe(-Infinity)
    expect(value(r2(), [[3], [3]], [[3], [3]])).toBeNaN()
  })
})

describe('measure refuses', () => {
  it('a metric that gives one value of all examples, of which no mean can be taken', () => {
    expect(issues(metricOf('whole', (p, y) => sum(mul(p, y))), [[1], [2]], [[1], [2]]))
      .toEqual(['whole: found whole []: one value an example is wanted, [2], allowed: shapes that fit whole'])
  })

  it('data that does not fill its shape', () => {
    const short: Tensor = { _tag: 'Tensor', shape: [2, 1], data: new Float64Array(1) }
    const found = [mae(), auc()].map((metric) => measure(metric)(short, short))
    const wrong = ['predicted', 'wanted'].map((path) => `${path}: found 1 numbers, allowed: 2 numbers in a typed array`)
    expect(found.map(E.match((left) => left.map(showIssue), () => []))).toEqual([wrong, wrong])
  })

  it('shapes that do not fit', () => {
    expect(issues(mae(), [[1], [2]], [1, 2]))
      .toEqual(['mae: found mae [2, 1] × [2]: predictions and wanted values differ in shape, allowed: shapes that fit mae'])
    expect(issues(auc(), [[1], [2]], [1, 2])).toEqual(['auc: found [2, 1] and [2], allowed: wants a score for each wanted value'])
    expect(issues(topK(3), [[1, 2]], [0]))
      .toEqual(['topK: found topK [1, 2] × [1]: wants 3 or more classes, allowed: shapes that fit topK'])
    expect(issues(accuracy(), [[1, 2], [1, 2]], [0])[0]).toMatch(/wants one label or one distribution for each prediction/)
  })

  it('a label that is no class, at its row', () => {
    expect(issues(topK(2), [[-1, -2, -3]], [7])).toEqual(['wanted[0]: found 7, allowed: a number, 0 ≤ y ≤ 2, whole'])
    expect(issues(accuracy(), [[0, 1], [1, 0]], [[1], [2]])).toEqual(['wanted[1]: found 2, allowed: a number, 0 ≤ y ≤ 1, whole'])
    expect(issues(topK(1), [[0, 1]], [[NaN, 1]])).toEqual(['wanted[0]: found NaN, allowed: a finite number'])
    expect(issues(accuracy(), [[[1, 0], [0, 1]], [[1, 0], [0, 1]]], [[0, 1], [0, 0.5]]))
      .toEqual(['wanted[1]: found 0.5, allowed: a number, 0 ≤ y ≤ 1, whole'])
    expect(evaluate(topK(2).each(constant([-1, -2, -3], [1, 3]), constant([7])))).toEqual([0])
  })

  it('what a loss would not learn from, where the metric is one', () => {
    const [sparse, signs] = [metricOfLoss(sparseCategoricalCrossEntropy()), metricOfLoss(hinge())]
    expect(issues(sparse, [[0.5, 0.5]], [2])).toEqual(['wanted[0]: found 2, allowed: a number, 0 ≤ y ≤ 1, whole'])
    expect(issues(signs, [[0.5], [1]], [[1], [0]])).toEqual(['wanted[1]: found 0, allowed: -1 or 1'])
    expect(value(signs, [[0.5]], [[1]])).toBe(0.5)
  })

  it('options and weights out of range, and no examples', () => {
    expect(issues(topK(0), [[1, 2]], [0])).toEqual(['topK/k: found 0, allowed: a whole number ≥ 1'])
    expect(issues(binaryAccuracy(Infinity), [[1]], [[0]]))
      .toEqual(['binaryAccuracy/threshold: found Infinity, allowed: a finite number'])
    const weights = [[1], [1, -1], [0, 0], [NaN, 1], [1e308, 1e308]].map((weight) => issues(mae(), [[1], [2]], [[1], [2]], weight)[0])
    expect(weights).toEqual([
      'weight: found 1 weights, allowed: 2, one an example', 'weight[1]: found -1, allowed: a finite number ≥ 0',
      'weight: found no example that counts, allowed: a weight above 0', 'weight[0]: found NaN, allowed: a finite number ≥ 0',
      'weight: found weights that add up to Infinity, allowed: a finite sum'
    ])
    expect(E.isLeft(measure(mae())(tensor(new Float64Array(0), [0, 1]), tensor(new Float64Array(0), [0, 1])))).toBe(true)
  })
})
