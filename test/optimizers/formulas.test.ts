/**
 * Every optimizer against its formula, written out for one number, under a learning rate that changes at each step. The formulas are
 * those of the sources of Keras 3 (keras/src/optimizers) and PyTorch 2 (torch/optim), read there, not derived from ours.
 */
import { describe, expect, it } from 'vitest'
import { trajectory } from 'tikhonov/laws'
import {
  adagrad, adam, adamw, addDecay, after, before, decoupledDecay, everything, rmsprop, sgd, torchAdagrad, torchAdam, torchAdamW,
  torchRmsprop, torchSgd, type LearningRate, type Optimizer
} from 'tikhonov/optimizers'
import { inverseTime } from 'tikhonov/schedules'

const rate = inverseTime(0.1, { decaySteps: 1, decayRate: 0.3 })
const steps = 30

/** A slope that changes in sign, size and from step to step: enough to tell formulas apart. */
const slope = (w: number, t: number): number => Math.sin(3 * w) + 0.4 * w - (t % 3 === 0 ? 0.25 : 0)

/** Where a formula goes: `step` may keep what it likes in `memory`, which begins empty; t counts from 1. */
type Formula = (w: number, g: number, eta: number, memory: Record<string, number>, t: number) => number

const follow = (formula: Formula, from: number): readonly number[] => {
  const memory: Record<string, number> = {}
  const path = [from]
  for (let t = 0; t < steps; t++) path.push(formula(path[t], slope(path[t], t), rate.at(t), memory, t + 1))
  return path
}

const ours = (optimizer: Optimizer, from: number): readonly number[] => {
  const course = trajectory(optimizer, { w: { shape: [1], role: 'kernel' } })
  return course({ from: { w: [from] }, gradient: ({ w }, t) => ({ w: [slope(w[0], t)] }), steps }).map(({ w }) => w[0])
}

const moments = (m: Record<string, number>, g: number, beta1: number, beta2: number) => {
  m.m = (m.m ?? 0) + (1 - beta1) * (g - (m.m ?? 0))
  m.v = (m.v ?? 0) + (1 - beta2) * (g * g - (m.v ?? 0))
}

const kerasAdam = (beta1: number, beta2: number, epsilon: number): Formula => (w, g, eta, m, t) => {
  moments(m, g, beta1, beta2)
  const alpha = (eta * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)
  return w - (m.m * alpha) / (Math.sqrt(m.v) + epsilon)
}

const pytorchAdam = (beta1: number, beta2: number, epsilon: number): Formula => (w, g, eta, m, t) => {
  moments(m, g, beta1, beta2)
  const denominator = Math.sqrt(m.v) / Math.sqrt(1 - beta2 ** t) + epsilon
  return w - (eta / (1 - beta1 ** t)) * (m.m / denominator)
}

const formulas: readonly (readonly [string, (eta: LearningRate) => Optimizer, Formula])[] = [
  ['sgd', (eta) => sgd(eta), (w, g, eta) => w - eta * g],
  ['sgd with momentum (Keras)', (eta) => sgd(eta, { momentum: 0.8 }), (w, g, eta, m) => {
    m.v = 0.8 * (m.v ?? 0) - eta * g
    return w + m.v
  }],
  ['sgd with Nesterov momentum (Keras)', (eta) => sgd(eta, { momentum: 0.8, nesterov: true }), (w, g, eta, m) => {
    m.v = 0.8 * (m.v ?? 0) - eta * g
    return w + 0.8 * m.v - eta * g
  }],
  ['torchSgd with momentum', (eta) => torchSgd(eta, { momentum: 0.8 }), (w, g, eta, m) => {
    m.v = m.v === undefined ? g : 0.8 * m.v + g
    return w - eta * m.v
  }],
  ['torchSgd with Nesterov momentum', (eta) => torchSgd(eta, { momentum: 0.8, nesterov: true }), (w, g, eta, m) => {
    m.v = m.v === undefined ? g : 0.8 * m.v + g
    return w - eta * (g + 0.8 * m.v)
  }],
  ['torchSgd with weight decay', (eta) => before(addDecay(0.3, { where: everything }), torchSgd(eta, { momentum: 0.8 })),
    (w, g, eta, m) => {
      m.v = m.v === undefined ? g + 0.3 * w : 0.8 * m.v + (g + 0.3 * w)
      return w - eta * m.v
    }],
  ['sgd with momentum and weight decay (Keras)', (eta) => after(decoupledDecay(0.3), sgd(eta, { momentum: 0.8 })),
    (w, g, eta, m) => {
      m.v = 0.8 * (m.v ?? 0) - eta * g
      return w - 0.3 * w * eta + m.v
    }],
  ['rmsprop (Keras)', (eta) => rmsprop(eta, { epsilon: 1e-3 }), (w, g, eta, m) => {
    m.v = 0.9 * (m.v ?? 0) + 0.1 * g * g
    return w - (eta * g) / Math.sqrt(m.v + 1e-3)
  }],
  ['rmsprop with momentum (Keras)', (eta) => rmsprop(eta, { rho: 0.7, momentum: 0.5 }), (w, g, eta, m) => {
    m.v = 0.7 * (m.v ?? 0) + 0.3 * g * g
    m.u = 0.5 * (m.u ?? 0) + (eta * g) / Math.sqrt(m.v + 1e-7)
    return w - m.u
  }],
  ['torchRmsprop', (eta) => torchRmsprop(eta, { epsilon: 1e-3 }), (w, g, eta, m) => {
    m.v = 0.99 * (m.v ?? 0) + 0.01 * g * g
    return w - eta * (g / (Math.sqrt(m.v) + 1e-3))
  }],
  ['torchRmsprop with momentum', (eta) => torchRmsprop(eta, { momentum: 0.5 }), (w, g, eta, m) => {
    m.v = 0.99 * (m.v ?? 0) + 0.01 * g * g
    m.u = 0.5 * (m.u ?? 0) + g / (Math.sqrt(m.v) + 1e-8)
    return w - eta * m.u
  }],
  ['adagrad (Keras)', (eta) => adagrad(eta, { epsilon: 1e-3 }), (w, g, eta, m) => {
    m.s = (m.s ?? 0.1) + g * g
    return w - (eta * g) / Math.sqrt(m.s + 1e-3)
  }],
  ['torchAdagrad', (eta) => torchAdagrad(eta, { epsilon: 1e-3 }), (w, g, eta, m) => {
    m.s = (m.s ?? 0) + g * g
    return w - eta * (g / (Math.sqrt(m.s) + 1e-3))
  }],
  ['adam (Keras)', (eta) => adam(eta, { epsilon: 1e-3 }), kerasAdam(0.9, 0.999, 1e-3)],
  ['torchAdam', (eta) => torchAdam(eta, { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }), pytorchAdam(0.8, 0.95, 1e-3)],
  ['torchAdam with weight decay', (eta) => before(addDecay(0.3, { where: everything }), torchAdam(eta)),
    (w, g, eta, m, t) => pytorchAdam(0.9, 0.999, 1e-8)(w, g + 0.3 * w, eta, m, t)],
  ['adamw (Keras)', (eta) => adamw(eta), (w, g, eta, m, t) => kerasAdam(0.9, 0.999, 1e-7)(w - w * 0.004 * eta, g, eta, m, t)],
  ['torchAdamW', (eta) => torchAdamW(eta), (w, g, eta, m, t) => pytorchAdam(0.9, 0.999, 1e-8)(w * (1 - eta * 0.01), g, eta, m, t)]
]

describe('the formula of', () => {
  it.each(formulas)('%s is followed for 30 steps, within 1e-11', (_, make, formula) => {
    const optimizer = make(rate)
    expect([...optimizer.issues, ...optimizer.transform.issues]).toEqual([])
    ;[1.5, -0.7, 0].forEach((from) => {
      const expected = follow(formula, from)
      ours(optimizer, from).forEach((w, t) => {
        expect(Math.abs(w - expected[t]), `step ${t}: ${w}, not ${expected[t]}`).toBeLessThan(1e-11)
      })
      expect(expected.at(-1)).not.toBeCloseTo(from, 3)
    })
  })

  it('Keras and PyTorch are told apart: no two of them go the same way', () => {
    const ends = formulas.map(([name, make]) => [name, ours(make(rate), 1.5).at(-1) ?? Number.NaN] as const)
    ends.forEach(([name, end], i) => {
      ends.slice(i + 1).forEach(([other, its]) => { expect(Math.abs(end - its), `${name} and ${other}`).toBeGreaterThan(1e-6) })
    })
  })
})
