import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { hardConcrete } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { constant, evaluate } from 'tikhonov/expr'
import { infer, run } from 'tikhonov/layer'
import { dense, gradientPenalty, jacobian, sigmoid, sparseActivity, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential, type Model } from 'tikhonov/model'
import { adam, sgd } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { evaluate as evaluated, fold, parametersOf, start, trainer, type Trainer } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const trained = (model: E.Either<unknown, Model>, optimizer = sgd(0.1)): Trainer =>
  right(trainer({ model: right(model), loss: mse(), optimizer }))

describe('a penalty on the Jacobian', () => {
  it('of one hidden layer without biases is ½Σⱼ(Σᵢ Wⱼᵢ·(1 − hᵢ²)·vᵢ)²', () => {
    const layer = jacobian({ lambda: 1 }, dense(2, { activation: tanh, useBias: false }), dense(1, { useBias: false }))
    const { penalties } = run([layer])({ path: '', mode: infer })(constant([0.5, -1], [1, 2]))
    const [W, v] = [[[0.5, -0.25], [1, 0.75]], [2, -1]]
    const values = { 'jacobian/0/dense/0/kernel': W.flat(), 'jacobian/0/dense/1/kernel': v }
    const slopes = [0, 1].map((i) => 1 - Math.tanh(0.5 * W[0][i] - W[1][i]) ** 2)
    const byHand = W.reduce((sum, row) => sum + (row[0] * slopes[0] * v[0] + row[1] * slopes[1] * v[1]) ** 2, 0) / 2
    expect(evaluate(penalties['jacobian/0/penalty'], values)[0]).toBeCloseTo(byHand, 14)
  })

  it('keeps a model from changing where the data do not ask for it', () => {
    const batch = { x: tensor([[-1], [1]]), y: tensor([[-1], [1]]) }
    const slopeAfter = (lambda: number): number => {
      const t = trained(sequential([1], jacobian({ lambda, projections: 1 }, dense(8, { activation: tanh }), dense(1))), adam(0.02))
      const { state, reports } = right(fold(t)(start(t, 3), Array.from({ length: 200 }, () => batch)))
      expect(Object.keys(reports[0].penalties)).toEqual(['jacobian/0/penalty'])
      const { penalties } = right(evaluated(t)(state, batch))
      return penalties['jacobian/0/penalty'] / lambda
    }
    expect(slopeAfter(1)).toBeLessThan(0.5 * slopeAfter(0.001))
  })

  it('does not let a model of other sizes compile, nor run', () => {
    // @ts-expect-error dense needs rank 1 or more, and this has rank 0
    const none = sequential([], jacobian({ lambda: 1 }, dense(2)))
    expect(E.isLeft(none)).toBe(true)
    expect(E.isLeft(sequential([2], jacobian({ lambda: -1, projections: 0 }, dense(2))))).toBe(true)
  })

  it('draws a critic to slope 1', () => {
    const t = trained(sequential([2], gradientPenalty({ lambda: 1 }, dense(1, { useBias: false }))), sgd(0.1))
    const still = { x: tensor([[0, 0]]), y: tensor([[0]]) }
    const { state } = right(fold(t)(start(t, 1), Array.from({ length: 100 }, () => still)))
    expect(Math.hypot(...parametersOf(t, state)['gradientPenalty/0/dense/0/kernel'].data)).toBeCloseTo(1, 4)
  })
})

describe('sparse activity', () => {
  it('is Σ KL(ρ‖ρ̂) over the units, of the mean over the examples that are there', () => {
    const t = right(trainer({
      model: right(sequential([1], sparseActivity({ lambda: 2, rate: 0.1 }, dense(2, { activation: sigmoid })))), loss: mse(),
      optimizer: sgd(0), engine: reference()
    }))
    const padded = { x: tensor([[0], [0], [9]]), y: tensor([[0, 0], [0, 0], [0, 0]]), count: 2 }
    const { reports: [report] } = right(fold(t)(start(t, 1), [padded]))
    const divergence = 0.1 * Math.log(0.1 / 0.5) + 0.9 * Math.log(0.9 / 0.5)
    expect(report.penalties['sparseActivity/0/penalty']).toBeCloseTo(2 * 2 * divergence, 12)
  })

  it('brings units to their rate', () => {
    const t = trained(sequential([2], sparseActivity({ lambda: 1, rate: 0.2 }, dense(3, { activation: sigmoid })), dense(1)), sgd(0.5))
    const batch = { x: tensor([[1, 0], [0, 1], [1, 1], [0, 0]]), y: tensor([[0], [0], [0], [0]]) }
    const { reports } = right(fold(t)(start(t, 1), Array.from({ length: 400 }, () => batch)))
    expect(reports[reports.length - 1].penalties['sparseActivity/0/penalty']).toBeLessThan(0.01)
  })
})

describe('hard concrete gates', () => {
  it('close before inputs that say nothing and stay open before one that does: exact zeros in inference', () => {
    const t = trained(sequential([4], hardConcrete(dense(1), { lambda: 0.02, groups: 'outgoing' })), adam(0.05))
    const x = Array.from({ length: 16 }, (_, i) => [0, 1, 2, 3].map((b) => ((i >> b) % 2 === 0 ? 1 : -1)))
    const batch = { x: tensor(x), y: tensor(x.map(([first]) => [2 * first])) }
    const { state, reports } = right(fold(t)(start(t, 1), Array.from({ length: 400 }, () => batch)))
    const logAlpha = Array.from(parametersOf(t, state)['hardConcrete/0/dense/0/kernel/logAlpha'].data)
    const gates = logAlpha.map((a) => Math.min(1, Math.max(0, 1.2 / (1 + Math.exp(-a)) - 0.1)))
    expect(gates[0]).toBeGreaterThan(0.5)
    expect(gates.slice(1)).toEqual([0, 0, 0])
    expect(Object.keys(reports[0].penalties)).toEqual(['hardConcrete/0/dense/0/kernel/l0'])
  })
})
