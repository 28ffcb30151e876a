/** Optimizers against an independent implementation: a quadratic bowl and a small network, 20 steps each, in float64. */
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference } from 'tikhonov/engine'
import { check, trajectoryLaws } from 'tikhonov/laws'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam, adamw, everything, rmsprop, sgd, torchSgd, type Optimizer } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer, withValues } from 'tikhonov/training'
import { expected, expectGolden, golden, input, setting, type Golden } from '../golden/golden.js'
import { bowl } from './bowl.js'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)

const betas = (from: Golden) => ({ beta1: setting(from, 'beta1'), beta2: setting(from, 'beta2'), epsilon: setting(from, 'eps') })

const cases: Readonly<Record<string, (from: Golden) => readonly Optimizer[]>> = {
  opt_sgd: (from) => [sgd(setting(from, 'lr')), torchSgd(setting(from, 'lr'))],
  // The forms are one while η does not change.
  opt_momentum: (from) => [sgd, torchSgd].map((form) => form(setting(from, 'lr'), { momentum: setting(from, 'momentum') })),
  opt_rmsprop_keras: (from) => [rmsprop(setting(from, 'lr'), { rho: setting(from, 'rho'), epsilon: setting(from, 'eps') })],
  opt_adam_keras: (from) => [adam(setting(from, 'lr'), betas(from))],
  // That file decays every parameter, biases included.
  opt_adamw_keras: (from) => [adamw(setting(from, 'lr'), { ...betas(from), weightDecay: setting(from, 'wd'), where: everything })]
}

/** The losses before each step and after the last, and the last weights, of a network 3-5(tanh)-2 under the mean squared error. */
const network = (from: Golden, optimizer: Optimizer) => {
  const model = right(sequential([3], dense(5, { activation: tanh }), dense(2)))
  const t = right(trainer({ model, loss: mse(), optimizer, engine: reference() }))
  const first = right(withValues(t, start(t), {
    'dense/0/kernel': input(from, 'W1'), 'dense/0/bias': input(from, 'b1'),
    'dense/1/kernel': input(from, 'W2'), 'dense/1/bias': input(from, 'b2')
  }))
  const batch = { x: input(from, 'X'), y: input(from, 'Y') }
  const { state, reports } = right(fold(t)(first, Array.from({ length: 20 }, () => batch)))
  const after = right(fold(t)(state, [batch])).reports
  return { losses: [...reports, ...after].map((report) => report.total), weights: parametersOf(t, state) }
}

describe.each(Object.entries(cases))('%s', (name, optimizers) => {
  const from = golden(name)

  it.each(optimizers(from).map((o) => [o.spec.kind, o] as const))('the bowl by %s', (_, optimizer) => {
    expect(check(trajectoryLaws(optimizer, bowl(name)))).toEqual([
      { _tag: 'Passed', law: 'trajectory › golden trajectory', runs: 1, discarded: 0 }
    ])
  })

  it.each(optimizers(from).map((o) => [o.spec.kind, o] as const))('the network by %s', (_, optimizer) => {
    const { losses, weights } = network(from, optimizer)
    expect(losses).toHaveLength(expected(from, 'mlp_losses').data.length)
    expectGolden(from, 'mlp_losses', tensor(losses))
    expectGolden(from, 'W1', weights['dense/0/kernel'])
    expectGolden(from, 'b1', weights['dense/0/bias'])
    expectGolden(from, 'W2', weights['dense/1/kernel'])
    expectGolden(from, 'b2', weights['dense/1/bias'])
  })
})
