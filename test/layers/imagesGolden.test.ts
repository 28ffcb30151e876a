/** Convolutions and poolings against vectors of an independent implementation, forward and backward. */
import { describe, expect, it } from 'vitest'
import { evaluate, gradient, mul, sum, variable, type Expr, type Padding } from 'tikhonov/expr'
import { infer, run, type Layer } from 'tikhonov/layer'
import { averagePooling2d, conv1d, conv2d, maxPooling2d } from 'tikhonov/layers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { expectGolden, golden, type Golden } from '../golden/golden.js'

interface Case { readonly layer: Layer; readonly weights: Readonly<Record<string, string>>; readonly suffix?: string }

/** Asserts y, and the gradient of Σ y·dy in x and in the weights, where `weights` says which path has which name in the file. */
const expectCase = (file: Golden, { layer, weights, suffix = '' }: Case): void => {
  const { [`dy${suffix}`]: dy, ...inputs } = file.inputs
  const x = variable('x', inputs.x.shape)
  const { y, parameters } = run([layer])({ path: '', mode: infer })(x)
  expect(Object.keys(parameters).sort()).toEqual(Object.keys(weights).sort())
  const given = {
    x: inputs.x.data, dy: dy.data, ...Object.fromEntries(Object.entries(weights).map(([path, name]) => [path, inputs[name].data]))
  }
  const value = (e: Expr): Tensor => tensor(Float64Array.from(evaluate(e, given)), e.shape)
  expectGolden(file, `y${suffix}`, value(y))
  const leaves = [['x', x] as const, ...Object.entries(weights).map(([path, name]) => [name, variable(path, inputs[name].shape)] as const)]
  gradient(sum(mul(y, variable('dy', dy.shape))), leaves.map(([, leaf]) => leaf)).forEach((slope, i) => {
    expectGolden(file, `d${leaves[i][0]}${suffix}`, value(slope))
  })
}

const pair = (value: unknown): readonly [number, number] => {
  const numbers: readonly number[] = Array.isArray(value) ? value.map(Number) : [Number(value), Number(value)]
  return [numbers[0], numbers[1]]
}
const padding = (value: unknown): 'valid' | 'same' =>
  (value === 'valid' || value === 'same' ? value : expect.fail(`${String(value)} is no padding`))

describe('conv2d', () => {
  it.each(['conv2d_valid_k3x3_s11_d1', 'conv2d_same_k3x3_s22_d1', 'conv2d_same_k3x3_s11_d2'])('%s', (name) => {
    const file = golden(name)
    const { config, inputs: { W: { shape: [rows, columns, , filters] } } } = file
    const layer = conv2d(filters, [rows, columns], {
      strides: pair(config.strides), padding: padding(config.padding), dilationRate: pair(config.dilation)
    })
    expectCase(file, { layer, weights: { 'conv2d/0/kernel': 'W', 'conv2d/0/bias': 'b' } })
  })
})

describe('conv1d', () => {
  it.each<Padding>(['valid', 'same', 'causal'])('%s', (each) => {
    const file = golden('conv1d_valid_same_causal')
    const { inputs: { W: { shape: [cells, , filters] } } } = file
    const layer = conv1d(filters, cells, { strides: Number(file.config.strides), padding: each })
    expectCase(file, { layer, weights: { 'conv1d/0/kernel': 'W', 'conv1d/0/bias': 'b' }, suffix: `_${each}` })
  })
})

describe('pooling', () => {
  it.each([
    ['maxpool2d_6x6_k2_s2_valid', maxPooling2d], ['maxpool2d_7x5_k3_s2_same', maxPooling2d], ['avgpool2d_6x6_k2_s2_valid', averagePooling2d]
  ] as const)('%s', (name, pooling) => {
    const file = golden(name)
    const { pool, strides, padding: edge } = file.config
    expectCase(file, { layer: pooling(pair(pool), { strides: pair(strides), padding: padding(edge) }), weights: {} })
  })
})
