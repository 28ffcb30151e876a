import { describe, expect, it } from 'vitest'
import { evaluate, gradient, mul, sum, variable } from 'tikhonov/expr'
import { infer, run, type Layer } from 'tikhonov/layer'
import {
  activation, dense, elu, gelu, hardSigmoid, leakyRelu, linear, relu, selu, sigmoid, softmax, softplus, softsign, swish, tanh,
  type Activation
} from 'tikhonov/layers'
import { tensor } from 'tikhonov/tensor'
import { expectGolden, golden } from '../golden/golden.js'

const activations: Readonly<Record<string, Activation>> = {
  relu, sigmoid, tanh, softplus, elu_alpha1: elu(1), selu, 'leaky_relu_0.2': leakyRelu(0.2), gelu_erf: gelu, swish, softsign,
  hard_sigmoid_keras3: hardSigmoid, softmax_lastaxis: softmax
}

describe('activations agree with the golden vectors, forward and backward', () => {
  const file = golden('activations')
  const { x, dy } = file.inputs
  const names = Object.keys(file.expected).filter((n) => n.endsWith('__y')).map((n) => n.slice(0, -3))
  it('covers every activation of the file', () => {
    expect(Object.keys(activations).sort()).toEqual([...names].sort())
  })
  it.each(names)('%s', (name) => {
    const input = variable('x', x.shape)
    const y = activations[name].of(input)
    const [dx] = gradient(sum(mul(y, variable('dy', dy.shape))), [input])
    const given = { x: x.data, dy: dy.data }
    expectGolden(file, `${name}__y`, tensor(Float64Array.from(evaluate(y, given)), y.shape))
    expectGolden(file, `${name}__dx`, tensor(Float64Array.from(evaluate(dx, given)), dx.shape))
  })
})

describe.each([['dense_linear', linear], ['dense_relu', relu]] as const)('%s agrees with the golden vectors', (name, f) => {
  const file = golden(name)
  const { x, W, b, dy } = file.inputs
  const applied = (layer: Layer) => run([layer])({ path: '', mode: infer })(variable('x', x.shape))
  it('forward and backward', () => {
    const { y } = applied(dense(W.shape[1], { activation: f }))
    const leaves = [variable('x', x.shape), variable('dense/0/kernel', W.shape), variable('dense/0/bias', b.shape)]
    const slopes = gradient(sum(mul(y, variable('dy', dy.shape))), leaves)
    const given = { x: x.data, dy: dy.data, 'dense/0/kernel': W.data, 'dense/0/bias': b.data }
    expectGolden(file, 'y', tensor(Float64Array.from(evaluate(y, given)), y.shape))
    slopes.forEach((slope, i) => {
      expectGolden(file, ['dx', 'dW', 'db'][i], tensor(Float64Array.from(evaluate(slope, given)), slope.shape))
    })
  })
  it('in a row with an activation layer it is the same', () => {
    const one = run([dense(W.shape[1], { activation: f })])({ path: '', mode: infer })(variable('x', x.shape)).y
    const two = run([dense(W.shape[1]), activation(f)])({ path: '', mode: infer })(variable('x', x.shape)).y
    const given = { x: x.data, 'dense/0/kernel': W.data, 'dense/0/bias': b.data }
    expect(evaluate(two, given)).toEqual(evaluate(one, given))
  })
})
