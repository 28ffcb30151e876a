import { array as A, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm } from 'tikhonov/engine'
import { gradient, sum, variable } from 'tikhonov/expr'
import { elu, leakyRelu, relu, selu, seluAlpha, seluScale, softsign, type Activation } from 'tikhonov/layers'

const engines = A.compact([O.some(reference()), wasm()]).map((engine) => [engine.name, engine] as const)

describe.each(engines)('derivatives at corners are stated, on the engine %s:', (_, engine) => {
  it.each<readonly [string, Activation, number, number]>([
    ['elu(0.5) at 0 is α', elu(0.5), 0, 0.5],
    ['elu(2) at −0 is α', elu(2), -0, 2],
    ['elu() far below is 0', elu(), -200, 0],
    ['elu() far above is 1', elu(), 1e30, 1],
    ['selu at 0 is λα', selu, 0, seluScale * seluAlpha],
    ['relu at 0 is 0', relu, 0, 0],
    ['leakyRelu(0.25) at 0 is its slope', leakyRelu(0.25), 0, 0.25],
    ['softsign at 0 is 1', softsign, 0, 1]
  ])('%s', (name, activation, at, wanted) => {
    const x = variable('x', [1])
    const [slope] = engine.evaluate(gradient(sum(activation.of(x)), [x]))({ values: () => [at], seed: 0, step: 0, position: 0 })[0]
    expect(slope, name).toBeCloseTo(wanted, 6)
  })
})
