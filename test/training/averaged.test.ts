import { array as A, either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { showIssue } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { after, byRole, chain, emaOfWeights, masked, sgd, swa, type GradientTransform } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { averaged, fold, parametersOf, plateau, start, trainer } from 'tikhonov/training'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)
const engines = [reference(), ...A.compact([wasm()])].map((engine) => [engine.name, engine] as const)
const batch = { x: tensor([[1, 2], [3, -1], [0.5, 0.5]]), y: tensor([[1], [2], [-1]]) }

const trainerOf = (transform?: GradientTransform, engine: Engine = reference()) => right(trainer({
  model: right(sequential([2], dense(1))), loss: mse(), engine,
  optimizer: transform === undefined ? sgd(0.1) : after(transform, sgd(0.1))
}))

/** The states after 0, 1, 2, … steps. */
const states = (t: ReturnType<typeof trainerOf>, steps: number) =>
  Array.from({ length: steps + 1 }, (_, n) => right(fold(t)(start(t, 1), Array.from({ length: n }, () => batch))).state)

describe('averaged weights', () => {
  it.each(engines)('are the mean of those that the steps so far began with (%s)', (_, engine) => {
    const t = trainerOf(swa({ after: 1 }), engine)
    const met = states(t, 4)
    const kernels = met.map((state) => parametersOf(t, state)['dense/0/kernel'].data)
    const found = right(averaged(t, met[4]))['dense/0/kernel'].data
    // Three roundings of numbers below 4, in the precision of the engine.
    const near = engine.precision === 'float64' ? 1e-14 : 2e-6
    ;[0, 1].forEach((i) => { expect(Math.abs(found[i] - (kernels[1][i] + kernels[2][i] + kernels[3][i]) / 3)).toBeLessThan(near) })
  })

  it('are the parameters before the first step, and of what is not covered', () => {
    const t = trainerOf(masked(byRole('kernel'), emaOfWeights(0.5)))
    const [first, , , last] = states(t, 3)
    expect(right(averaged(t, first))).toEqual(parametersOf(t, first))
    expect(right(averaged(t, last))['dense/0/bias']).toEqual(parametersOf(t, last)['dense/0/bias'])
    expect(right(averaged(t, last))['dense/0/kernel']).not.toEqual(parametersOf(t, last)['dense/0/kernel'])
  })

  it('are an issue where nothing averages, or two do', () => {
    const issuesOf = (transform?: GradientTransform) => {
      const t = trainerOf(transform)
      const found = averaged(t, start(t))
      return E.isLeft(found) ? found.left.map(showIssue) : []
    }
    expect(issuesOf()).toEqual(['optimizer: found nothing that averages weights, allowed: emaOfWeights or swa in its chain'])
    expect(issuesOf(chain(emaOfWeights(), swa({ after: 0 })))).toEqual([
      'dense/0/kernel: found 2 averages, allowed: at most one', 'dense/0/bias: found 2 averages, allowed: at most one'
    ])
  })
})

describe('a plateau', () => {
  it('has issues with its options, all of them', () => {
    const made = plateau(-1, { factor: 1, minimum: Number.NaN, patience: -1 })
    expect(E.isLeft(made) ? made.left.map((i) => i.path) : []).toEqual(['initial', 'factor', 'minimum', 'patience'])
  })

  it('leaves what is below its minimum already', () => {
    const { start: from, next } = right(plateau(0.01, { patience: 1, minimum: 0.1 }))
    expect([1, 1, 1].reduce(next, from).value).toBe(0.01)
  })
})
