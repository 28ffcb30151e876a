import { array as A, either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { maxNorm } from 'tikhonov/constraints'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { constant, evaluate, hyper, type Scalar } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { dense, relu } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import {
  adagrad, adam, adamw, addDecay, after, before, byPath, byRole, chain, clipByGlobalNorm, clipByNorm, clipByValue, decoupledDecay,
  descend, freeze, masked, momentum, nesterov, not, optimizer, rmsprop, scaleByAdagrad, scaleByAdam, scaleByRms, sgd, torchAdam,
  torchSgd, type Optimizer
} from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, slotsOf, start, trainer, type TrainState } from 'tikhonov/training'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)

/** Two layers, the first bounded. */
const model = right(sequential([2], dense(3, { activation: relu, kernelConstraint: maxNorm(0.25) }), dense(1)))
const batch = { x: tensor([[1, 2], [3, -1], [0.5, 0.5]]), y: tensor([[1], [2], [-1]]) }

const trainerOf = (of: Optimizer, engine?: Engine) =>
  right(trainer({ model, loss: mse(), optimizer: of, ...(engine === undefined ? {} : { engine }) }))
const issuesOf = (of: Optimizer) =>
  F.pipe(trainer({ model, loss: mse(), optimizer: of }), E.match((issues) => issues.map(showIssue), (): readonly string[] => []))
const slotPaths = (of: Optimizer) => Object.keys(slotsOf(trainerOf(of), start(trainerOf(of))))

/** The state after so many steps. */
const ran = (of: Optimizer, steps: number, from?: TrainState, engine?: Engine): TrainState => {
  const t = trainerOf(of, engine)
  return right(fold(t)(from ?? start(t, 1), Array.from({ length: steps }, () => batch))).state
}

const engines = [reference(), ...A.compact([wasm()])].map((engine) => [engine.name, engine] as const)
const paths = ['dense/0/kernel', 'dense/0/bias', 'dense/1/kernel', 'dense/1/bias']
const anyPath = `one of ${paths.join(', ')}, or what they are under`

describe('a bad option is an issue with its path, what was found and what is allowed', () => {
  const bad: readonly (readonly [string, Optimizer, readonly string[]])[] = [
    ['a negative learning rate', sgd(-0.1), ['optimizer/learningRate: found -0.1, allowed: a number, 0 ≤ learningRate']],
    ['a learning rate that is NaN', adam(Number.NaN), ['optimizer/learningRate: found NaN, allowed: a number, 0 ≤ learningRate']],
    ['an infinite learning rate', rmsprop(Infinity), ['optimizer/learningRate: found Infinity, allowed: a number, 0 ≤ learningRate']],
    ['momentum of 1', sgd(0.1, { momentum: 1 }), ['optimizer/momentum/0/decay: found 1, allowed: a number, 0 ≤ decay < 1']],
    ['negative Nesterov momentum', torchSgd(0.1, { momentum: -0.5, nesterov: true }),
      ['optimizer/nesterov/0/decay: found -0.5, allowed: a number, 0 ≤ decay < 1']],
    ['Nesterov without momentum', sgd(0.1, { nesterov: true }),
      ['optimizer/momentum: found 0, allowed: a number, 0 < momentum < 1, for nesterov']],
    ['ρ, ε and momentum, all at once', rmsprop(0.1, { rho: 1.5, epsilon: 0, momentum: 2 }), [
      'optimizer/scaleByRms/0/rho: found 1.5, allowed: a number, 0 ≤ rho < 1',
      'optimizer/scaleByRms/0/epsilon: found 0, allowed: a number, 0 < epsilon',
      'optimizer/momentum/0/decay: found 2, allowed: a number, 0 ≤ decay < 1'
    ]],
    ['a negative accumulator', adagrad(0.1, { initialAccumulator: -1 }),
      ['optimizer/scaleByAdagrad/0/initialAccumulator: found -1, allowed: a number, 0 ≤ initialAccumulator']],
    ['β of 1 and NaN', adam(0.1, { beta1: 1, beta2: Number.NaN }), [
      'optimizer/scaleByAdam/0/beta1: found 1, allowed: a number, 0 ≤ beta1 < 1',
      'optimizer/scaleByAdam/0/beta2: found NaN, allowed: a number, 0 ≤ beta2 < 1'
    ]],
    ['a negative decay', adamw(0.1, { weightDecay: -1 }), ['optimizer/addDecay/0/lambda: found -1, allowed: a number, 0 ≤ lambda']],
    ['a negative decoupled decay', after(decoupledDecay(-1), sgd(0.1)),
      ['optimizer/decoupledDecay/0/lambda: found -1, allowed: a number, 0 ≤ lambda']],
    ['limits of 0, in the order of the chain',
      before(chain(clipByValue(0), clipByNorm(-1), masked(byRole('bias'), clipByGlobalNorm(0))), sgd(0.1)), [
        'optimizer/clipByValue/0/limit: found 0, allowed: a number, 0 < limit',
        'optimizer/clipByNorm/0/limit: found -1, allowed: a number, 0 < limit',
        'optimizer/masked/0/limit: found 0, allowed: a number, 0 < limit'
      ]],
    ['a learning rate that may become negative', sgd(hyper('rate', 0.1)),
      ['optimizer/learningRate: found a hyper-parameter that may be a finite number, allowed: a number, 0 ≤ learningRate']],
    ['a path that no parameter has', before(freeze('dense/0', 'dens/1'), sgd(0.1)), [
      `optimizer/freeze/0/paths/1: found 'dens/1', allowed: ${anyPath}`
    ]],
    ['a path of a mask, of decay', before(masked(not(byPath('head')), momentum(0.5)), adamw(0.1, { where: byPath('tail') })), [
      `optimizer/masked/0/paths/0: found 'head', allowed: ${anyPath}`,
      `optimizer/addDecay/0/paths/0: found 'tail', allowed: ${anyPath}`
    ]]
  ]

  it.each(bad)('%s', (_, of, issues) => { expect(issuesOf(of)).toEqual(issues) })

  it('and what is at the edge of its range is none', () => {
    const edges = [
      sgd(0), sgd(0.1, { momentum: 0 }), adam(0.1, { beta1: 0, beta2: 0 }), rmsprop(0.1, { rho: 0 }), adamw(0.1, { weightDecay: 0 }),
      adagrad(1, { initialAccumulator: 0 })
    ]
    expect(edges.flatMap(issuesOf)).toEqual([])
  })
})

describe('slots', () => {
  it('live under the kind of their transformation, its number among its kind, and the path of the parameter', () => {
    expect(slotPaths(adam())).toEqual([
      ...['m', 'v'].flatMap((slot) => paths.map((path) => `optimizer/scaleByAdam/0/${slot}/${path}`)),
      'optimizer/scaleByAdam/0/correction1', 'optimizer/scaleByAdam/0/correction2'
    ])
    expect(slotPaths(sgd(0.1))).toEqual([])
    expect(slotPaths(sgd(0.1, { momentum: 0 }))).toEqual([])
  })

  it('stay where they are when something is put around the optimizer, so that a run goes on under it', () => {
    const around = after(decoupledDecay(0.01), before(clipByGlobalNorm(1), adam()))
    expect(slotPaths(around)).toEqual(slotPaths(adam()))
    const state = ran(adam(), 3)
    expect(ran(before(clipByGlobalNorm(1e9), adam()), 2, state).values).toEqual(ran(adam(), 2, state).values)
  })

  it('are not kept for what is frozen or masked out', () => {
    expect(slotPaths(before(freeze('dense/0'), sgd(0.1, { momentum: 0.9 })))).toEqual([
      'optimizer/momentum/0/v/dense/1/kernel', 'optimizer/momentum/0/v/dense/1/bias'
    ])
    expect(slotPaths(optimizer('mine', 0.1, {}, chain(masked(byRole('bias'), momentum(0.9)), descend)))).toEqual([
      'optimizer/masked/0/v/dense/0/bias', 'optimizer/masked/0/v/dense/1/bias'
    ])
  })

  it.each(engines)('hold what an engine in float32 can: 1 − βᵗ, not βᵗ (%s)', (_, engine) => {
    const t = trainerOf(adam(), engine)
    const { data } = slotsOf(t, ran(adam(), 5, undefined, engine))['optimizer/scaleByAdam/0/correction2']
    // Of βᵗ an engine in float32 could not keep more than 1 − βᵗ to 1e-5 of itself.
    const wanted = 1 - 0.999 ** 5
    expect(Math.abs(data[0] / wanted - 1)).toBeLessThan(engine.precision === 'float64' ? 1e-13 : 1e-6)
  })
})

describe('a frozen parameter', () => {
  it.each(engines)('stays bit for bit, even where its constraint would move it (%s)', (_, engine) => {
    const frozen = before(freeze('dense/0'), adamw(0.1))
    const t = trainerOf(frozen, engine)
    const [from, to] = [parametersOf(t, start(t, 1)), parametersOf(t, ran(frozen, 5, undefined, engine))]
    expect(to['dense/0/kernel'].data).toEqual(from['dense/0/kernel'].data)
    expect(to['dense/0/bias'].data).toEqual(from['dense/0/bias'].data)
    expect(to['dense/1/kernel'].data).not.toEqual(from['dense/1/kernel'].data)
    const norms = [0, 1, 2].map((unit) => Math.hypot(from['dense/0/kernel'].data[unit], from['dense/0/kernel'].data[3 + unit]))
    expect(Math.max(...norms)).toBeGreaterThan(0.25)
  })

  it('may be chosen by role', () => {
    const t = trainerOf(before(freeze(byRole('bias')), sgd(0.1)))
    const to = parametersOf(t, ran(before(freeze(byRole('bias')), sgd(0.1)), 3))
    expect(Array.from(to['dense/1/bias'].data)).toEqual([0])
  })
})

describe('hyper-parameters', () => {
  const options = { min: 0, max: 1, open: 'max' } as const

  it('may be any scalar of an optimizer, and follow the batch', () => {
    const beta: Scalar = hyper('beta', 0.5, options)
    const t = trainerOf(adam(hyper('rate', 0.1, { min: 0, max: 1, open: 'none' }), { beta1: beta }))
    const plain = trainerOf(adam(0.1, { beta1: 0.5 }))
    const run = (of: typeof t, more: object) => right(fold(of)(start(of, 1), [{ ...batch, ...more }, batch])).state.values
    expect(run(t, {})).toEqual(run(plain, {}))
    expect(run(t, { hyper: { beta: 0.9 } })).not.toEqual(run(plain, {}))
  })

  it('of Adam keep the first step as long as the learning rate, whatever β is at each step', () => {
    const beta = hyper('beta', 0.5, options)
    const { delta, slots } = scaleByAdam({ beta1: beta, epsilon: 1e-30 }).update('a')({ w: constant([3]) }, {}, 1)
    const first = { 'a/m/w': [0], 'a/v/w': [0], 'a/correction1': [0], 'a/correction2': [0], 'hyper/beta': [0.8] }
    const second = {
      ...Object.fromEntries(Object.entries(slots).map(([path, cell]) => [path, evaluate(cell.next, first)])), 'hyper/beta': [0.2]
    }
    expect(evaluate(delta.w, first)[0]).toBeCloseTo(1, 12)
    // Under one gradient all means are that gradient: the direction is 1 while β changes.
    expect(evaluate(delta.w, second)[0]).toBeCloseTo(1, 12)
  })
})

describe('clipping', () => {
  it('keeps the direction of a gradient whose squares overflow', () => {
    const { delta } = clipByGlobalNorm(2).update('')({ w: constant([3e200, 0]), b: constant([-4e200]) }, {}, 1)
    expect(evaluate(delta.w)[0]).toBeCloseTo(1.2, 12)
    expect(evaluate(delta.b)[0]).toBeCloseTo(-1.6, 12)
  })

  it.each([[Number.NaN], [Infinity], [-Infinity]])('does not hide a gradient of %d', (bad) => {
    const delta = { w: constant([bad, 1]), b: constant([1]) }
    ;[clipByNorm(1), clipByGlobalNorm(1)].forEach((clip) => {
      expect(Number.isFinite(evaluate(clip.update('')(delta, {}, 1).delta.w)[0])).toBe(false)
    })
  })
})

describe('specs are data that survive JSON', () => {
  const all: readonly { readonly spec: object }[] = [
    sgd(0.1, { momentum: 0.9, nesterov: true }), torchAdam(), adamw(), before(freeze('dense/0'), after(decoupledDecay(0.1), adagrad())),
    chain(nesterov(0.5), scaleByRms(), scaleByAdagrad(), addDecay(0.1, { where: not(byPath('a')) }), masked(byRole('bias'), momentum(0.1)))
  ]

  it.each(all.map((each) => [each.spec]))('%j', (spec) => { expect(JSON.parse(JSON.stringify(spec))).toEqual(spec) })
})
