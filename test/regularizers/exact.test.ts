import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { unitNorm } from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { div, max, mul, sub } from 'tikhonov/expr'
import { showIssue, spec } from 'tikhonov/layer'
import { dense, weightNormalization } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential, type Model } from 'tikhonov/model'
import { adam, after, decoupledDecay, sgd, stateless, optimizer, chain, descend, type Optimizer } from 'tikhonov/optimizers'
import { kkt, zeros } from 'tikhonov/probes'
import { exact, groupLasso, l1, l2Norm, plus, proximal, regularizer } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer, type Trainer } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const wrong = (made: E.Either<readonly { readonly _tag: string }[], unknown>): readonly string[] =>
  (E.isLeft(made) ? made.left.map((issue) => showIssue(issue as Parameters<typeof showIssue>[0])) : [])

const length = (lambda: number) => proximal(
  regularizer('length', { lambda }, (w) => mul(lambda, l2Norm(w))),
  (t) => (w) => mul(w, max(0, div(sub(l2Norm(w), mul(t, lambda)), l2Norm(w))))
)
const trained = (model: E.Either<unknown, Model>, by: Optimizer) =>
  trainer({ model: right(model), loss: mse(), optimizer: by, engine: reference(), probes: [kkt, zeros] })
const x = tensor([[1, -2], [0.5, 0.25], [-1, 3], [2, 2]])
const y = tensor([[1], [0], [2], [-1]])
const run = (t: Trainer, steps: number) => right(fold(t)(start(t, 3), Array.from({ length: steps }, () => ({ x, y }))))

describe('where an exact penalty is refused', () => {
  it('two on one parameter', () => {
    expect(wrong(sequential([2], dense(1, { kernelRegularizer: plus(exact(l1(0.1)), exact(length(0.1))) }))))
      .toEqual([expect.stringContaining('dense/0/kernel')])
  })

  it('one on an activity', () => {
    expect(wrong(sequential([2], dense(1, { activityRegularizer: exact(l1(0.1)) })))).toEqual([expect.stringContaining('activity')])
  })

  it('one on a kernel that a normalisation makes', () => {
    expect(wrong(sequential([2], weightNormalization(dense(1, { kernelRegularizer: exact(l1(0.1)) }))))).toHaveLength(1)
  })

  it('an optimizer that does not tell its pace', () => {
    const silent = optimizer('silent', 0.1, {}, chain(stateless(spec('silent'), (delta) => delta), descend))
    expect(wrong(trained(sequential([2], dense(1, { kernelRegularizer: exact(l1(0.1)) })), silent)))
      .toEqual([expect.stringContaining('an optimizer whose transformations tell their pace')])
    expect(wrong(trained(sequential([2], dense(1, { kernelRegularizer: l1(0.1) })), silent))).toEqual([])
  })

  it('Adam, whose pace differs between weights, where the operator takes weights together', () => {
    const model = sequential([2], dense(1, { kernelRegularizer: exact(length(0.1)) }))
    expect(wrong(trained(model, adam(0.1)))).toEqual([expect.stringContaining('one pace for all weights')])
    expect(wrong(trained(model, sgd(0.1, { momentum: 0.5 })))).toEqual([])
  })
})

describe('training with an exact penalty', () => {
  it('brings the length of a kernel to balance with the loss, or to 0', () => {
    const residual = (lambda: number) => {
      const t = right(trained(sequential([2], dense(1, { useBias: false, kernelRegularizer: exact(length(lambda)) })), sgd(0.1)))
      return run(t, 200).reports[199].probes
    }
    expect(residual(0.5)['dense/0/kernel/kkt']).toBeLessThan(1e-12)
    expect(residual(0.5)['dense/0/kernel/zeros']).toBe(0)
    expect(residual(20)).toEqual({ 'dense/0/kernel/kkt': 0, 'dense/0/kernel/zeros': 2 })
  })

  it('projects after it: a constraint holds whatever the penalty takes away', () => {
    const options = { useBias: false, kernelRegularizer: exact(groupLasso(0.3)), kernelConstraint: unitNorm } as const
    const t = right(trained(sequential([2], dense(1, options)), sgd(0.1, { momentum: 0.9 })))
    Array.from({ length: 5 }, (_, i) => run(t, i + 1)).forEach(({ state }) => {
      expect(Math.hypot(...parametersOf(t, state)['dense/0/kernel'].data)).toBeCloseTo(1, 14)
    })
  })

  it('rests, with decoupled decay μ beside plain descent, where 0 ∈ ∇f + μw + ∂R', () => {
    const [lambda, mu] = [0.25, 0.5]
    const t = right(trained(sequential([2], dense(1, { useBias: false, kernelRegularizer: exact(l1(lambda)) })),
      after(decoupledDecay(mu), sgd(0.1))))
    const w = parametersOf(t, run(t, 300).state)['dense/0/kernel'].data
    const slope = [0, 1].map((j) => [0, 1, 2, 3].reduce((sum, i) =>
      sum + 0.5 * x.data[2 * i + j] * (x.data[2 * i] * w[0] + x.data[2 * i + 1] * w[1] - y.data[i]), 0))
    slope.forEach((g, j) => { expect(g + mu * w[j]).toBeCloseTo(-lambda * Math.sign(w[j]), 12) })
  })
})
