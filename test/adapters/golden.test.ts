/** The adapters against golden trajectories of an independent implementation, and against each other where a factor lies between them. */
import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { keras, torch } from 'tikhonov/adapters'
import { reference } from 'tikhonov/engine'
import { check, trajectoryLaws } from 'tikhonov/laws'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import type { Optimizer } from 'tikhonov/optimizers'
import { plus, ridge, type Regularizer } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer } from 'tikhonov/training'
import { golden, setting } from '../golden/golden.js'
import { bowl } from '../optimizers/bowl.js'

const betas = (name: string) => {
  const from = golden(name)
  return { beta1: setting(from, 'beta1'), beta2: setting(from, 'beta2'), epsilon: setting(from, 'eps') }
}
const at = (name: string, key: string): number => setting(golden(name), key)

describe('Keras by name follows its golden trajectories', () => {
  it.each<readonly [string, Optimizer]>([
    ['opt_sgd', keras.sgd(at('opt_sgd', 'lr'))],
    ['opt_momentum', keras.sgd(at('opt_momentum', 'lr'), { momentum: at('opt_momentum', 'momentum') })],
    ['opt_rmsprop_keras', keras.rmsprop(at('opt_rmsprop_keras', 'lr'), {
      rho: at('opt_rmsprop_keras', 'rho'), epsilon: at('opt_rmsprop_keras', 'eps')
    })],
    ['opt_adam_keras', keras.adam(at('opt_adam_keras', 'lr'), betas('opt_adam_keras'))],
    // Every parameter decays in that file: as of itself in Keras.
    ['opt_adamw_keras', keras.adamw(at('opt_adamw_keras', 'lr'), {
      ...betas('opt_adamw_keras'), weightDecay: at('opt_adamw_keras', 'wd')
    })],
    ['opt_adamw_keras', keras.weightDecay(at('opt_adamw_keras', 'wd'), keras.adam(at('opt_adamw_keras', 'lr'), betas('opt_adamw_keras')))]
  ])('%s', (name, optimizer) => {
    expect(check(trajectoryLaws(optimizer, bowl(name))).map((v) => v._tag)).toEqual(['Passed'])
  })

  it.each<readonly [string, Optimizer]>([
    ['opt_sgd', torch.sgd(at('opt_sgd', 'lr'))],
    ['opt_momentum', torch.sgd(at('opt_momentum', 'lr'), { momentum: at('opt_momentum', 'momentum') })]
  ])('and PyTorch by name %s, where the two are one', (name, optimizer) => {
    expect(check(trajectoryLaws(optimizer, bowl(name))).map((v) => v._tag)).toEqual(['Passed'])
  })
})

/** The parameters after ten steps of a small network under a penalty of all its parameters and an optimizer. */
const learned = (optimizer: Optimizer, penalty?: Regularizer): readonly number[] => {
  const penalised = penalty === undefined ? {} : { kernelRegularizer: penalty, biasRegularizer: penalty }
  return F.pipe(
    sequential([3], dense(4, { activation: tanh, ...penalised }), dense(1, penalised)),
    E.chain((model) => trainer({ model, loss: mse(), optimizer, engine: reference() })),
    E.chainW((t) => fold(t)(start(t, 5), Array.from({ length: 10 }, () =>
      ({ x: tensor([[1, -2, 0.5], [0.25, 1, -1]]), y: tensor([[1], [-1]]) })))),
    E.match((error) => expect.fail(JSON.stringify(error)), ({ state }) => [...state.values])
  )
}
const expectClose = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length)
  a.forEach((v, i) => { expect(Math.abs(v - b[i])).toBeLessThan(1e-12) })
}

describe('the factor of 2 between the two', () => {
  it('weight_decay = 2λ of PyTorch is l2(λ) of Keras on all parameters', () => {
    expectClose(learned(torch.weightDecay(0.06, torch.sgd(0.1))), learned(keras.sgd(0.1), keras.l2(0.03)))
  })

  it('and weight_decay = λ is ridge(λ), or two halves of it', () => {
    expectClose(learned(torch.weightDecay(0.06, torch.adam(0.1))), learned(torch.adam(0.1), ridge(0.06)))
    expectClose(learned(torch.weightDecay(0.06, torch.sgd(0.1))), learned(torch.sgd(0.1), plus(ridge(0.03), ridge(0.03))))
  })

  it('while decoupled decay, that of Keras, is another thing under Adam', () => {
    const [coupled, decoupled] = [learned(torch.weightDecay(0.06, torch.adam(0.1))), learned(keras.weightDecay(0.06, keras.adam(0.1)))]
    expect(Math.max(...coupled.map((v, i) => Math.abs(v - decoupled[i])))).toBeGreaterThan(1e-3)
  })
})
