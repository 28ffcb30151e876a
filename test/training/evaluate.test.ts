import fc from 'fast-check'
import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { reference, type Engine } from 'tikhonov/engine'
import { hyper, mul, sqrt, sum } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { arbitrary, bind, weightLaws, type Weighted } from 'tikhonov/laws'
import { dense, flatten, relu, sigmoid, softmax, tanh } from 'tikhonov/layers'
import { binaryCrossEntropy, categoricalCrossEntropy, hinge, mse, sparseCategoricalCrossEntropy, type Loss } from 'tikhonov/losses'
import { accuracy, auc, binaryAccuracy, mae, metricOf, r2, topK, type Metric } from 'tikhonov/metrics'
import { predict, sequential, type Model } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l1, l2, regularizer } from 'tikhonov/regularizers'
import { rows, tensor, type Tensor } from 'tikhonov/tensor'
import { evaluate, fold, predictions, start, step, trainer, valuesOf, withValues, type Batch, type Trainer } from 'tikhonov/training'

const right = <L, A>(either: E.Either<L, A>): A =>
  E.isRight(either) ? either.right : expect.fail(`expected a Right, found ${JSON.stringify(either.left)}`)
const issuesOf = (either: E.Either<readonly Parameters<typeof showIssue>[0][], unknown>): readonly string[] =>
  E.isLeft(either) ? either.left.map(showIssue) : expect.fail('expected a Left')

const trained = (model: E.Either<unknown, Model>, loss: Loss, more: Partial<Trainer> = {}): Trainer =>
  right(F.pipe(model, E.chainW((m) => trainer({ model: m, loss, optimizer: sgd(0.1), ...more }))))

/** In float64: two ways to one value are held to agree to its rounding. */
const exact = { engine: reference() }

/** The same numbers each time, spread over (−1, 1). */
const spread = (n: number, shape: readonly number[]): Tensor =>
  tensor(Float64Array.from({ length: n * shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(12.9898 * (i + 1)) % 1), [n, ...shape])
const binary = (n: number): Batch =>
  ({ x: spread(n, [3]), y: tensor(Float64Array.from({ length: n }, (_, i) => (i * 7 + (i >> 2)) % 2), [n, 1]) })

const network = sequential([3], dense(5, { activation: tanh, kernelRegularizer: l2(0.01), activityRegularizer: l1(0.02) }),
  dense(1, { activation: sigmoid, biasRegularizer: l1(0.5) }))
const metrics = [binaryAccuracy(), mae()]
const t = trained(network, binaryCrossEntropy(), { ...exact, metrics })
const state = right(step(t)(start(t, 1), binary(8)))

describe('evaluate', () => {
  it('says what a step without dropout reports: loss, each penalty, total, metrics', () => {
    const batch = { ...binary(20), weight: Array.from({ length: 20 }, (_, i) => i % 4) }
    const { report } = right(step(t)(state, batch))
    const found = right(evaluate(t)(state, batch))
    expect(Object.keys(found.penalties).sort()).toEqual(['dense/0/activity/l1', 'dense/0/kernel/l2', 'dense/1/bias/l1'])
    expect(Object.keys(found.metrics)).toEqual(['binaryAccuracy', 'mae'])
    const near = (got: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>> = {}) => {
      expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort())
      Object.entries(got).forEach(([name, value]) => { expect(value, name).toBeCloseTo(wanted[name], 12) })
    }
    near(found.penalties, report?.penalties)
    near(found.metrics, report?.metrics)
    near({ data: found.data, total: found.total }, { data: report?.data ?? NaN, total: report?.total ?? NaN })
    expect([found.examples, found.hyper]).toEqual([20, {}])
  })

  it('adds up: total = data + Σ penalties', () => {
    const { data, penalties, total } = right(evaluate(t)(state, binary(5)))
    expect(total).toBeCloseTo(Object.values(penalties).reduce((a, b) => a + b, data), 12)
  })

  it('does nothing at random', () => {
    const plain = trained(sequential([3], dense(4, { activation: relu }), dense(1)), mse())
    const dropping = trained(sequential([3], dense(4, { activation: relu }), dropout(0.9), dense(1)), mse())
    expect(right(evaluate(dropping)(start(dropping, 3), binary(40)))).toEqual(right(evaluate(plain)(start(plain, 3), binary(40))))
  })

  it('says of many rows what their parts say together, though it takes them a chunk at a time', () => {
    const all = binary(600)
    const part = (from: number, to: number) => right(evaluate(t)(state, { x: rows(all.x, from, to), y: rows(all.y, from, to) }))
    const [first, second, whole] = [part(0, 250), part(250, 600), right(evaluate(t)(state, all))]
    const together = (of: (e: typeof whole) => number) => (250 * of(first) + 350 * of(second)) / 600
    expect(whole.data).toBeCloseTo(together((e) => e.data), 12)
    expect(whole.metrics.binaryAccuracy).toBeCloseTo(together((e) => e.metrics.binaryAccuracy), 12)
    expect(whole.penalties['dense/0/activity/l1']).toBeCloseTo(together((e) => e.penalties['dense/0/activity/l1']), 12)
    expect(whole.penalties['dense/0/kernel/l2']).toBe(first.penalties['dense/0/kernel/l2'])
    expect(whole.examples).toBe(600)
  })

  it('knows metrics that need all predictions at once', () => {
    const all = binary(300)
    const found = right(evaluate(t, [auc(), binaryAccuracy(), r2()])(state, all))
    const p = right(predictions(t, state)(all.x))
    const weight = p.data.map(() => 1)
    expect(found.metrics).toEqual({
      auc: auc().of(p, all.y, weight), r2: r2().of(p, all.y, weight), binaryAccuracy: right(evaluate(t)(state, all)).metrics.binaryAccuracy
    })
  })

  it('leaves padding out', () => {
    const { x, y } = binary(9)
    const padded: Batch = { x, y: tensor(y.data.map((v, i) => (i < 6 ? v : 1)), [9, 1]), count: 6, weight: y.data.map((_, i) => i + 1) }
    const short: Batch = { x: rows(x, 0, 6), y: rows(y, 0, 6), weight: y.data.slice(0, 6).map((_, i) => i + 1) }
    const both = [auc(), mae()]
    expect(right(evaluate(t, both)(state, padded))).toEqual(right(evaluate(t, both)(state, short)))
  })

  it('has the same loss whether the model ends in a link or in logits, and the same predictions', () => {
    const layers = dense(6, { activation: tanh })
    const linked = trained(sequential([3], layers, dense(1, { activation: sigmoid })), binaryCrossEntropy({ labelSmoothing: 0.1 }))
    const logits = trained(sequential([3], layers, dense(1)), binaryCrossEntropy({ fromLogits: true, labelSmoothing: 0.1 }))
    const of = (each: Trainer) => {
      const after = right(fold(each)(start(each, 5), [binary(16), binary(16), binary(16)])).state
      const { data, metrics: found } = right(evaluate(each, metrics)(after, binary(50)))
      return [data, found.mae, ...right(predictions(each, after)(binary(4).x)).data]
    }
    of(linked).forEach((value, i) => { expect(value).toBeCloseTo(of(logits)[i], 12) })
  })

  it('has the same loss for a softmax, its logits, labels and one-hot rows, through a flatten between', () => {
    const labels = { x: spread(12, [3]), y: tensor(Float64Array.from({ length: 12 }, (_, i) => i % 3)) }
    const oneHot = { x: labels.x, y: tensor(Array.from(labels.y.data, (label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)))) }
    const ends = { softmax: sequential([3], dense(3, { activation: softmax }), flatten), logits: sequential([3], dense(3), flatten) }
    const found = [
      [ends.softmax, sparseCategoricalCrossEntropy(), labels], [ends.logits, sparseCategoricalCrossEntropy({ fromLogits: true }), labels],
      [ends.softmax, categoricalCrossEntropy(), oneHot], [ends.logits, categoricalCrossEntropy({ fromLogits: true }), oneHot]
    ].map(([model, loss, data]) => {
      const each = trained(model as E.Either<unknown, Model>, loss as Loss)
      const { data: value, metrics: of } = right(evaluate(each, [accuracy(), topK(2)])(start(each, 2), data as Batch))
      return [value, of.accuracy, of.topK]
    })
    found.slice(1).forEach((each) => { each.forEach((value, i) => { expect(value).toBeCloseTo(found[0][i], 12) }) })
  })

  it('takes hyper-parameters from the batch, else from the last step, else by default', () => {
    const lambda = hyper('lambda', 0.5, { min: 0, max: 10, open: 'none' })
    const own = regularizer('own', {}, (w) => mul(lambda, sum(mul(w, w))))
    const varying = trained(sequential([3], dense(1, { kernelRegularizer: own })), mse())
    const fresh = start(varying, 1)
    const used = right(step(varying)(fresh, { ...binary(4), hyper: { lambda: 0 } }))
    const of = (from: typeof fresh, batch: Batch) => right(evaluate(varying)(from, batch)).hyper.lambda
    expect([of(fresh, binary(4)), of(used, binary(4)), of(used, { ...binary(4), hyper: { lambda: 2 } })]).toEqual([0.5, 0, 2])
    const penalty = (value: number) =>
      right(evaluate(varying)(used, { ...binary(4), hyper: { lambda: value } })).penalties['dense/0/kernel/own']
    expect(penalty(3)).toBeCloseTo(3 * penalty(1), 12)
  })

  const unpenalised = sequential([3], dense(5, { activation: tanh, kernelRegularizer: l2(0.01) }), dense(1, { activation: sigmoid }))
  it.each([
    // One of penalties, and one each for chunks of 30, 70, 256 and 44 rows, or of 30, 70 and 300.
    ['a size of chunk', unpenalised, 5], ['a number of rows where activities are penalised', network, 4]
  ])('makes its programs once for a trainer, its metrics and %s', (_, model, programs) => {
    const built: number[] = []
    const counting: Engine = { ...reference(), evaluate: (roots) => { built.push(roots.length); return reference().evaluate(roots) } }
    const counted = trained(model, binaryCrossEntropy(), { engine: counting, metrics })
    const from = start(counted, 1)
    const again = () => [30, 70, 300, 30, 70, 300].map((n) => right(evaluate(counted)(from, binary(n))).data)
    const first = again()
    const after = built.length
    expect(again()).toEqual(first)
    expect(built).toHaveLength(after)
    expect(after).toBe(programs)
  })

  it('takes a penalty of activities over all examples at once: a norm of all is no sum over parts', () => {
    const norm = regularizer('norm', {}, (w) => sqrt(sum(mul(w, w))))
    const penalised = trained(sequential([3], dense(2, { activityRegularizer: norm })), mse(), exact)
    const from = start(penalised, 1)
    const given: Batch = { x: spread(600, [3]), y: spread(600, [2]) }
    const stepped = right(step(penalised)(from, given)).report?.penalties
    expect(right(evaluate(penalised)(from, given)).penalties['dense/0/activity/norm'])
      .toBeCloseTo(stepped?.['dense/0/activity/norm'] ?? NaN, 10)
  })

  it('is refused where a loss or a penalty is not finite', () => {
    const large = trained(sequential([1], dense(1, { useBias: false, kernelRegularizer: l2(1) })), mse(), exact)
    const state = right(withValues(large, start(large), { 'dense/0/kernel': tensor([[1e200]]) }))
    expect(issuesOf(evaluate(large)(state, { x: tensor([[1]]), y: tensor([[0]]) }))).toEqual([
      'data: found Infinity, allowed: a finite number', 'dense/0/kernel/l2: found Infinity, allowed: a finite number'
    ])
  })

  describe('refuses, all at once and each with its place,', () => {
    const found = (batch: Batch, of: Trainer = t) => issuesOf(evaluate(of)(start(of, 1), batch))

    it('no examples', () => {
      expect(found({ x: tensor(new Float64Array(0), [0, 3]), y: tensor(new Float64Array(0), [0, 1]) }))
        .toEqual(['batch/x: found no examples, allowed: at least 1'])
    })

    it('what a step refuses: another width, NaN, a label out of range', () => {
      expect(found({ x: spread(2, [4]), y: tensor([[0], [1]]) })).toEqual(['batch/x: found shape [2, 4], allowed: [examples, 3]'])
      expect(found({ x: tensor([[1, 2, NaN]]), y: tensor([[3]]) })).toEqual([
        'batch/x[0, 2]: found NaN, allowed: a finite number', 'batch/y[0]: found 3, allowed: a number, 0 ≤ y ≤ 1'
      ])
    })

    it('examples of which none counts', () => {
      expect(found({ ...binary(2), weight: [0, 0] })).toEqual(['batch/weight: found no example that counts, allowed: a weight above 0'])
      expect(found({ ...binary(2), count: 0 })).toEqual(['batch/weight: found no example that counts, allowed: a weight above 0'])
    })

    it('labels that are no class, by their row; 0 for hinge', () => {
      const classes = trained(sequential([3], dense(3, { activation: softmax })), sparseCategoricalCrossEntropy())
      const of = (...labels: readonly number[]) => found({ x: spread(3, [3]), y: tensor(labels) }, classes)
      expect(of(0, 2, 3)).toEqual(['batch/y[2]: found 3, allowed: a number, 0 ≤ y ≤ 2, whole'])
      expect(of(0, 0.5, 2)).toEqual(['batch/y[1]: found 0.5, allowed: a number, 0 ≤ y ≤ 2, whole'])
      const margin = trained(sequential([3], dense(1)), hinge())
      expect(found({ x: spread(3, [3]), y: tensor([1, -1, 0]) }, margin)).toEqual(['batch/y[2]: found 0, allowed: -1 or 1'])
    })

    it('but takes padding that is no label, if it is finite', () => {
      const margin = trained(sequential([3], dense(1)), hinge())
      const padded = (y: number): Batch => ({ x: spread(3, [3]), y: tensor([1, -1, y]), count: 2 })
      expect(E.isRight(evaluate(margin)(start(margin), padded(0)))).toBe(true)
      expect(found(padded(NaN), margin)).toEqual(['batch/y[2]: found NaN, allowed: a finite number'])
    })

    it('a state of another trainer', () => {
      const other = trained(sequential([3], dense(1)), mse())
      expect(issuesOf(evaluate(t)(start(other), binary(2)))).toEqual(["state: found 4 values, allowed: 26, as this trainer's states have"])
    })

    it('metrics that do not fit the predictions, are wrong, or are there twice', () => {
      const wrong = (of: readonly Metric[]) => issuesOf(evaluate(t, of)(state, binary(2)))
      expect(wrong([accuracy()])).toEqual([
        'metrics/accuracy: found accuracy [1, 1] × [1, 1]: wants 2 or more classes along the last axis; ' +
        'for one output there is binaryAccuracy, allowed: shapes that fit accuracy'
      ])
      expect(wrong([binaryAccuracy(NaN)])).toEqual(['metrics/binaryAccuracy/threshold: found NaN, allowed: a finite number'])
      expect(wrong([mae(), mae()])).toEqual(['metrics/mae: found this metric twice, allowed: metrics that differ in kind or options'])
      const labels = trained(sequential([3], dense(3, { activation: softmax })), sparseCategoricalCrossEntropy())
      expect(issuesOf(evaluate(labels, [auc()])(start(labels), { x: spread(2, [3]), y: tensor([0, 1]) })))
        .toEqual(['metrics/auc: found [1, 3] and [1], allowed: wants a score for each wanted value'])
    })
  })
})

describe('metrics of one kind', () => {
  const classes = sequential([3], dense(6, { activation: softmax }))
  const labels = { x: spread(30, [3]), y: tensor(Float64Array.from({ length: 30 }, (_, i) => i % 6)) }

  it('are reported under names of their own, by steps and by evaluate', () => {
    const two = trained(classes, sparseCategoricalCrossEntropy(), { metrics: [topK(1), topK(5), accuracy()] })
    const names = ['topK(k 1)', 'topK(k 5)', 'accuracy']
    const after = right(step(two)(start(two, 1), labels))
    expect(Object.keys(after.report?.metrics ?? {})).toEqual(names)
    const { metrics: found } = right(evaluate(two)(after, labels))
    expect(Object.keys(found)).toEqual(names)
    expect(found['topK(k 1)']).toBe(found.accuracy)
    expect(found['topK(k 5)']).toBeGreaterThan(found['topK(k 1)'])
  })

  it('are an issue of the trainer where nothing tells them apart', () => {
    const own = [1, 2].map((n) => metricOf('own', (p) => mul(n, sum(p, [1]))))
    const wrong = F.pipe(classes, E.chainW((model) =>
      trainer({ model, loss: sparseCategoricalCrossEntropy(), optimizer: sgd(0.1), metrics: own })))
    expect(issuesOf(wrong)).toEqual(['metrics/own: found this metric twice, allowed: metrics that differ in kind or options'])
  })
})

describe('predictions', () => {
  it('are those of predict where the loss has no link', () => {
    const { x } = binary(300)
    const values = valuesOf(t, state)
    expect(right(predictions(t, state)(x))).toEqual(right(F.pipe(network, E.chainW((model) => predict(model, values, reference())(x)))))
  })

  it('are none for no examples, and refused for wrong ones', () => {
    expect(right(predictions(t, state)(tensor(new Float64Array(0), [0, 3])))).toEqual(tensor(new Float64Array(0), [0, 1]))
    expect(issuesOf(predictions(t, state)(tensor([[1, 2]])))).toEqual(['x: found shape [1, 2], allowed: [examples, 3]'])
    expect(issuesOf(predictions(t, start(trained(sequential([3], dense(1)), mse())))(spread(1, [3])))).toHaveLength(1)
  })
})

describe('weights', () => {
  const examples = fc.array(fc.tuple(arbitrary.dyadic(), arbitrary.dyadic()), { minLength: 2, maxLength: 5 }).map((pairs) => ({
    given: tensor(pairs.map(([a, b]) => [a, b, a - b])), wanted: tensor(pairs.map(([a]) => [a > 0 ? 1 : 0]))
  }))
  const evaluated: Weighted = (x, y, weight) => right(evaluate(t)(state, { x, y, weight })).data
  const learned: Weighted = (x, y, weight) => right(step(t)(state, { x, y, weight })).report?.data ?? NaN
  const measured: Weighted = (x, y, weight) => right(step(t)(state, { x, y, weight })).report?.metrics.mae ?? NaN
  const checkAll = bind({ describe, it })
  checkAll('of the loss that is evaluated', weightLaws(evaluated, { examples }), { runs: 40 })
  checkAll('of the loss that a step reports', weightLaws(learned, { examples }), { runs: 40 })
  checkAll('of the metrics that a step reports', weightLaws(measured, { examples }), { runs: 40 })
})
