import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference } from 'tikhonov/engine'
import { evaluate, gradient, hyper, variable, type Range } from 'tikhonov/expr'
import { dense, relu, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential, type Model } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l1, l1l2, l2, none, plus, ridge, scale, type Regularizer } from 'tikhonov/regularizers'
import { take, tensor, type Tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer, withValues, type Batch, type Report, type Trainer } from 'tikhonov/training'
import { expectGolden, golden, input } from '../golden/golden.js'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const trained = (model: E.Either<unknown, Model>, rate = 1): Trainer =>
  right(trainer({ model: right(model), loss: mse(), optimizer: sgd(rate), engine: reference() }))
const reportOf = (t: Trainer, batch: Batch, seed = 1): Report => right(fold(t)(start(t, seed), [batch])).reports[0]
const kernel = (t: Trainer, batches: readonly Batch[], from: Readonly<Record<string, Tensor>> = {}): readonly number[] =>
  Array.from(parametersOf(t, right(fold(t)(right(withValues(t, start(t, 1), from)), batches)).state)['dense/0/kernel'].data)

const x = tensor([[1, -2], [0.5, 0.25], [-1, 3], [2, 2]])
const y = tensor([[1], [0], [2], [-1]])
const batch: Batch = { x, y }
const linear = (kernelRegularizer: Regularizer) => sequential([2], dense(1, { kernelRegularizer }))

describe('the objective', () => {
  it('is exactly the mean loss + each penalty, in the order in which they are reported', () => {
    const t = trained(sequential([2],
      dense(3, {
        activation: tanh, kernelRegularizer: plus(l1(0.1), scale(3, l1(0.2)), l2(0.3)), biasRegularizer: ridge(0.4),
        activityRegularizer: l1(0.5)
      }),
      dense(1, { kernelRegularizer: l1(0.6) })))
    const { data, penalties, total } = reportOf(t, batch)
    expect(Object.keys(penalties)).toEqual([
      'dense/0/kernel/l1', 'dense/0/kernel/l1/1', 'dense/0/kernel/l2', 'dense/0/bias/ridge', 'dense/1/kernel/l1', 'dense/0/activity/l1'
    ])
    expect(total).toBe(Object.values(penalties).reduce((sum, p) => sum + p, data))
  })

  it('with L1 is exactly the mean loss + λ·Σ|w|', () => {
    const [plain, lasso] = [linear(none), linear(l1(0.25))].map((m) => trained(m))
    const w = Array.from(parametersOf(lasso, start(lasso, 1))['dense/0/kernel'].data)
    const { data, penalties, total } = reportOf(lasso, batch)
    expect(data).toBe(reportOf(plain, batch).total)
    expect(penalties).toEqual({ 'dense/0/kernel/l1': 0.25 * (Math.abs(w[0]) + Math.abs(w[1])) })
    expect(total).toBe(data + 0.25 * (Math.abs(w[0]) + Math.abs(w[1])))
  })

  it('penalises a kernel and leaves biases alone, unless asked', () => {
    expect(Object.keys(reportOf(trained(linear(l2(1))), batch).penalties)).toEqual(['dense/0/kernel/l2'])
    const onBias = trained(sequential([2], dense(1, { biasRegularizer: l2(1) })))
    expect(Object.keys(reportOf(onBias, batch).penalties)).toEqual(['dense/0/bias/l2'])
  })

  it('takes λ from the batch that carries it, and reports it', () => {
    const range: Range = { min: 0, max: Infinity, open: 'max' }
    const t = trained(linear(l2(hyper('lambda', 0.5, range))))
    const [first, second] = [reportOf(t, batch), reportOf(t, { ...batch, hyper: { lambda: 2 } })]
    expect(second.penalties['dense/0/kernel/l2']).toBeCloseTo(4 * first.penalties['dense/0/kernel/l2'], 14)
    expect([first.hyper, second.hyper]).toEqual([{ lambda: 0.5 }, { lambda: 2 }])
    const wrong = fold(t)(start(t, 1), [{ ...batch, hyper: { lambda: -1 } }])
    const told = E.isLeft(wrong) && wrong.left._tag === 'BadBatch' ? wrong.left.issues.map((i) => [i.path, i.found]) : []
    expect(told).toEqual([['batch/hyper/lambda', '-1']])
  })
})

describe('a step of SGD', () => {
  const steps = (r: Regularizer) => kernel(trained(linear(r), 0.125), [batch])
  const w = parametersOf(trained(linear(none)), start(trained(linear(none)), 1))['dense/0/kernel'].data
  const pull = (r: Regularizer) => steps(r).map((after, i) => (steps(none)[i] - after) / 0.125)

  it('with l2(λ) moves by the gradient + 2λw', () => {
    pull(l2(0.3)).forEach((p, i) => { expect(p).toBeCloseTo(2 * 0.3 * w[i], 12) })
  })

  it('with ridge(λ) moves by the gradient + λw', () => {
    pull(ridge(0.3)).forEach((p, i) => { expect(p).toBeCloseTo(0.3 * w[i], 12) })
  })

  it('with l1(λ) moves by the gradient + λ·sign(w)', () => {
    pull(l1(0.3)).forEach((p, i) => { expect(p).toBeCloseTo(0.3 * Math.sign(w[i]), 12) })
  })

  it('under L1 alone keeps zeros zero, where TensorFlow.js pushes them off', () => {
    const zeros = { 'dense/0/kernel': tensor([[0], [0]]) }
    const still: Batch = { x: tensor([[0, 0]]), y: tensor([[0]]) }
    expect(kernel(trained(linear(l1(0.3)), 0.125), [still, still, still], zeros)).toEqual([0, 0])
  })
})

describe('an activity penalty', () => {
  const given = golden('reg_dense_kernel_bias_activity')
  const [W, b, X, Y] = ['W', 'b', 'x', 'yt'].map((name) => input(given, name))
  /** The penalty of the case is a sum over its batch of 5; ours is divided by the examples, so 5λ is the same. */
  const t = trained(sequential([4], dense(3, {
    activation: tanh, kernelRegularizer: l1l2({ l1: 0.005, l2: 0.01 }), biasRegularizer: l2(0.02), activityRegularizer: l1(5 * 0.03)
  })))
  const state = right(withValues(t, start(t, 1), { 'dense/0/kernel': W, 'dense/0/bias': b }))
  const { reports } = right(fold(t)(state, [{ x: X, y: Y }]))

  it('is, at 5λ, the sum over a batch of 5: Keras 3\'s loss, penalties and total', () => {
    const { data, penalties, total } = reports[0]
    expectGolden(given, 'data_loss', data)
    expectGolden(given, 'kernel_penalty', penalties['dense/0/kernel/l1'] + penalties['dense/0/kernel/l2'])
    expectGolden(given, 'bias_penalty', penalties['dense/0/bias/l2'])
    expectGolden(given, 'activity_penalty', penalties['dense/0/activity/l1'])
    expectGolden(given, 'total', total)
  })

  it('has, with the others, the gradients of Keras 3', () => {
    const ones = tensor([1, 1, 1, 1, 1])
    const leaves = { 'batch/x': X, 'batch/y': Y, 'batch/weight': ones, 'batch/present': ones, 'dense/0/kernel': W, 'dense/0/bias': b }
    const values = Object.fromEntries(Object.entries(leaves).map(([path, { data }]) => [path, data]))
    const at = (path: keyof typeof leaves) => {
      const [d] = gradient(t.program(5).report.total, [variable(path, leaves[path].shape)])
      return tensor(Float64Array.from(evaluate(d, values)), d.shape)
    }
    expectGolden(given, 'dW', at('dense/0/kernel'))
    expectGolden(given, 'db', at('dense/0/bias'))
    expectGolden(given, 'dx', at('batch/x'))
  })

  const active = trained(sequential([2], dense(3, { activation: relu, activityRegularizer: plus(l1(0.5), l2(0.25)) }), dense(1)))
  it('is a mean over the examples: the same batch twice over changes nothing', () => {
    const rows = [0, 1, 2, 3, 0, 1, 2, 3]
    const twice: Batch = { x: take(x, rows), y: take(y, rows) }
    const [once, again] = [reportOf(active, batch), reportOf(active, twice)]
    Object.entries(once.penalties).forEach(([path, p]) => { expect(again.penalties[path]).toBeCloseTo(p, 14) })
    expect(Object.keys(again.penalties)).toEqual(['dense/0/activity/l1', 'dense/0/activity/l2'])
    expect(again.total).toBeCloseTo(once.total, 14)
  })

  it('sees the examples, not the padding', () => {
    const padded: Batch = { x: tensor([[1, -2], [0.5, 0.25], [7, 7], [9, 9]]), y, count: 2 }
    const short: Batch = { x: tensor([[1, -2], [0.5, 0.25]]), y: tensor([[1], [0]]) }
    const [all, some] = [reportOf(active, short), reportOf(active, padded)]
    Object.entries(all.penalties).forEach(([path, p]) => { expect(some.penalties[path]).toBeCloseTo(p, 14) })
  })
})
