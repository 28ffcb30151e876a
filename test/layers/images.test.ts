/** Convolutions and poolings: by their definition, by their derivatives, by what they declare. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constant, evaluate, gradient, mul, pushforward, sum, variable, type Expr, type Padding, type Shape } from 'tikhonov/expr'
import { maxNorm, unitNorm } from 'tikhonov/constraints'
import { fans, glorotUniform } from 'tikhonov/initializers'
import { infer, run, type Layer, type Output } from 'tikhonov/layer'
import { arbitrary, bind, gradientLaws, rowLaws } from 'tikhonov/laws'
import {
  averagePooling1d, averagePooling2d, conv1d, conv2d, conv2dTranspose, depthwiseConv2d, globalAveragePooling1d, globalAveragePooling2d,
  globalMaxPooling1d, globalMaxPooling2d, maxPooling1d, maxPooling2d, relu, separableConv2d, tanh, type Pair
} from 'tikhonov/layers'
import { l1, l2 } from 'tikhonov/regularizers'

type Images = arbitrary.Images

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** Numbers without pattern, no two alike, at most 1 in size. */
const scrambled = (n: number, from: number): readonly number[] => Array.from({ length: n }, (_, i) => Math.sin(37.1 * (i + from) + from))

const applied = (layer: Layer, shape: Shape): Output => run([layer])({ path: '', mode: infer })(variable('x', shape))

/** Every leaf of an applied layer with values: the input and its parameters. */
const leavesOf = (output: Output, shape: Shape): readonly (readonly [string, Shape])[] =>
  [['x', shape], ...Object.entries(output.parameters).map(([path, d]) => [path, d.shape] as const)]

const valuesOf = (leaves: readonly (readonly [string, Shape])[]): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(leaves.map(([path, shape], k) => [path, scrambled(sizeOf(shape), 100 * k)]))

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, x, i) => total + x * b[i], 0)

const pair = ([a, b]: readonly number[]): Pair => [a, b]

const inside = (padding: Padding): 'valid' | 'same' => (padding === 'valid' ? 'valid' : 'same')

/** Options of a window over series and over images. */
const series = ({ window: { size: [kernelSize], strides: [strides], dilation: [dilationRate], padding } }: Images) =>
  ({ kernelSize, strides, dilationRate, padding })
const plane = ({ window: { size, strides, dilation, padding } }: Images) =>
  ({ kernelSize: pair(size), strides: pair(strides), dilationRate: pair(dilation), padding: inside(padding) })

/** Each of them is linear in its input and in each of its parameters, or picks: central differences are exact but for rounding. */
const family: Readonly<Record<string, readonly [number, (given: Images) => Layer]>> = {
  conv1d: [1, (given) => conv1d(2, series(given).kernelSize, series(given))],
  conv2d: [2, (given) => conv2d(2, plane(given).kernelSize, plane(given))],
  depthwiseConv2d: [2, (given) => depthwiseConv2d(plane(given).kernelSize, { depthMultiplier: 2, ...plane(given) })],
  separableConv2d: [2, (given) => separableConv2d(3, plane(given).kernelSize, { depthMultiplier: 2, ...plane(given) })],
  conv2dTranspose: [2, (given) => conv2dTranspose(2, plane(given).kernelSize, plane(given))],
  maxPooling1d: [1, (given) => maxPooling1d(series(given).kernelSize, { ...series(given), padding: inside(given.window.padding) })],
  maxPooling2d: [2, (given) => maxPooling2d(plane(given).kernelSize, plane(given))],
  averagePooling1d: [1, (given) => averagePooling1d(series(given).kernelSize, { ...series(given), padding: inside(given.window.padding) })],
  averagePooling2d: [2, (given) => averagePooling2d(plane(given).kernelSize, plane(given))],
  globalMaxPooling1d: [1, () => globalMaxPooling1d],
  globalMaxPooling2d: [2, () => globalMaxPooling2d],
  globalAveragePooling1d: [1, () => globalAveragePooling1d],
  globalAveragePooling2d: [2, () => globalAveragePooling2d]
}

describe.each(Object.entries(family))('%s, at random sizes, strides, dilations and paddings', (_, [axes, make]) => {
  const drawn = arbitrary.images({ axes, paddings: axes === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same'] })

  it('has the derivative that central differences give, in its input and in each of its parameters', () => {
    fc.assert(fc.property(drawn, (given) => {
      const output = applied(make(given), given.shape)
      const leaves = leavesOf(output, given.shape)
      const values = valuesOf(leaves)
      const dy = scrambled(sizeOf(output.y.shape), 7)
      const total = sum(mul(output.y, constant(dy, output.y.shape)))
      gradient(total, leaves.map(([path, shape]) => variable(path, shape))).forEach((slope, k) => {
        const [path, shape] = leaves[k]
        const v = scrambled(sizeOf(shape), 11)
        const at = (t: number) => evaluate(total, { ...values, [path]: values[path].map((x, i) => x + t * v[i]) })[0]
        const h = 2 ** -20
        expect(Math.abs(dot(evaluate(slope, values), v) - (at(h) - at(-h)) / (2 * h)), path).toBeLessThan(1e-7)
      })
    }), { numRuns: 60 })
  })

  it('⟨dy, J·v⟩ = ⟨Jᵀ·dy, v⟩', () => {
    fc.assert(fc.property(drawn, (given) => {
      const output = applied(make(given), given.shape)
      const leaves = leavesOf(output, given.shape)
      const at = leaves.map(([path, shape]) => variable(path, shape))
      const directions = leaves.map(([, shape], k) => constant(scrambled(sizeOf(shape), 13 + k), shape))
      const dy = constant(scrambled(sizeOf(output.y.shape), 5), output.y.shape)
      const values = valuesOf(leaves)
      const left = evaluate(sum(mul(dy, pushforward(output.y, at, directions))), values)[0]
      const right = gradient(sum(mul(output.y, dy)), at).reduce((s, d, k) => s + dot(evaluate(d, values), evaluate(directions[k])), 0)
      expect(Math.abs(left - right)).toBeLessThan(1e-11)
    }), { numRuns: 30 })
  })
})

describe('by loops over every index', () => {
  const cases: readonly (readonly [Pair, Pair, Pair, 'valid' | 'same'])[] = [
    [3, 1, 1, 'valid'], [[2, 3], [2, 1], 1, 'same'], [2, 2, 2, 'same'], [[1, 2], [1, 3], [1, 2], 'valid'], [1, 1, 1, 'same']
  ]
  const [n, height, width, channels] = [2, 5, 6, 2]
  const shape = [n, height, width, channels]
  const both = (p: Pair): readonly [number, number] => (typeof p === 'number' ? [p, p] : p)
  const reach = (k: number, d: number) => (k - 1) * d + 1
  const placesOf = (size: number, k: number, s: number, d: number, padding: string) =>
    (padding === 'same' ? Math.ceil(size / s) : Math.floor((size - reach(k, d)) / s) + 1)
  const beforeOf = (size: number, k: number, s: number, d: number, padding: string) =>
    (padding === 'same' ? Math.floor(Math.max((Math.ceil(size / s) - 1) * s + reach(k, d) - size, 0) / 2) : 0)

  /** Calls with image, place, cell, and the pixel below it, where there is one. */
  const walk = (
    [rows, columns]: readonly [number, number], [kernel, strides, dilation, padding]: typeof cases[number],
    visit: (at: { i: number; o: number; p: number; k: number; l: number; row: number; column: number }) => void
  ): readonly [number, number] => {
    const [[kh, kw], [sh, sw], [dh, dw]] = [both(kernel), both(strides), both(dilation)]
    const [oh, ow] = [placesOf(rows, kh, sh, dh, padding), placesOf(columns, kw, sw, dw, padding)]
    const [top, left] = [beforeOf(rows, kh, sh, dh, padding), beforeOf(columns, kw, sw, dw, padding)]
    for (let i = 0; i < n; i++) for (let o = 0; o < oh; o++) for (let p = 0; p < ow; p++) {
      for (let k = 0; k < kh; k++) for (let l = 0; l < kw; l++) {
        const [row, column] = [o * sh + k * dh - top, p * sw + l * dw - left]
        if (row >= 0 && row < rows && column >= 0 && column < columns) visit({ i, o, p, k, l, row, column })
      }
    }
    return [oh, ow]
  }

  const expectValues = (layer: Layer, wanted: (values: Readonly<Record<string, readonly number[]>>) => readonly number[]) => {
    const output = applied(layer, shape)
    const values = valuesOf(leavesOf(output, shape))
    const got = evaluate(output.y, values)
    const want = wanted(values)
    expect(got).toHaveLength(want.length)
    got.forEach((y, i) => { expect(Math.abs(y - want[i]), `element ${i}`).toBeLessThan(1e-12) })
  }

  it.each(cases)('conv2d, kernel %s, strides %s, dilation %s, %s', (...given) => {
    const [kernel, strides, dilationRate, padding] = given
    const filters = 3
    expectValues(conv2d(filters, kernel, { strides, dilationRate, padding }), (values) => {
      const [w, b, kw] = [values['conv2d/0/kernel'], values['conv2d/0/bias'], both(kernel)[1]]
      const [oh, ow] = walk([height, width], given, () => undefined)
      const y = Array.from({ length: n * oh * ow * filters }, (_, e) => b[e % filters])
      walk([height, width], given, ({ i, o, p, k, l, row, column }) => {
        for (let c = 0; c < channels; c++) for (let f = 0; f < filters; f++) {
          y[((i * oh + o) * ow + p) * filters + f] +=
            values.x[((i * height + row) * width + column) * channels + c] * w[((k * kw + l) * channels + c) * filters + f]
        }
      })
      return y
    })
  })

  it.each(cases)('depthwiseConv2d, kernel %s, strides %s, dilation %s, %s', (...given) => {
    const [kernel, strides, dilationRate, padding] = given
    const m = 3
    expectValues(depthwiseConv2d(kernel, { strides, dilationRate, padding, depthMultiplier: m }), (values) => {
      const [w, b, kw] = [values['depthwiseConv2d/0/kernel'], values['depthwiseConv2d/0/bias'], both(kernel)[1]]
      const [oh, ow] = walk([height, width], given, () => undefined)
      const y = Array.from({ length: n * oh * ow * channels * m }, (_, e) => b[e % (channels * m)])
      walk([height, width], given, ({ i, o, p, k, l, row, column }) => {
        for (let c = 0; c < channels; c++) for (let q = 0; q < m; q++) {
          y[((i * oh + o) * ow + p) * channels * m + c * m + q] +=
            values.x[((i * height + row) * width + column) * channels + c] * w[((k * kw + l) * channels + c) * m + q]
        }
      })
      return y
    })
  })

  it.each(cases)('separableConv2d is depthwiseConv2d, then conv2d of one pixel: kernel %s, strides %s, dilation %s, %s', (...given) => {
    const [kernel, strides, dilationRate, padding] = given
    const one = applied(separableConv2d(4, kernel, { strides, dilationRate, padding, depthMultiplier: 2 }), shape)
    const two = run([depthwiseConv2d(kernel, { strides, dilationRate, padding, depthMultiplier: 2, useBias: false }), conv2d(4, 1)])
    const values = valuesOf(leavesOf(one, shape))
    const wanted = evaluate(two({ path: '', mode: infer })(variable('x', shape)).y, {
      x: values.x, 'depthwiseConv2d/0/kernel': values['separableConv2d/0/depthwiseKernel'],
      'conv2d/0/kernel': values['separableConv2d/0/pointwiseKernel'], 'conv2d/0/bias': values['separableConv2d/0/bias']
    })
    expect(evaluate(one.y, values)).toEqual(wanted)
  })

  it.each<readonly [Pair, Pair, Pair, 'valid' | 'same', Pair | undefined, readonly [number, number]]>([
    [3, 2, 1, 'same', undefined, [10, 12]],
    [3, 2, 1, 'valid', undefined, [11, 13]],
    [2, 3, 1, 'valid', undefined, [15, 18]],
    [3, 2, 1, 'same', 0, [9, 11]],
    [3, 2, 1, 'same', [1, 0], [10, 11]],
    [[2, 3], 2, 1, 'valid', 1, [11, 14]],
    [2, 1, 2, 'valid', undefined, [7, 8]],
    [4, 1, 1, 'same', undefined, [5, 6]]
  ])('conv2dTranspose, kernel %s, strides %s, dilation %s, %s, outputPadding %s', (kernel, strides, dilationRate, padding, extra, size) => {
    const filters = 2
    const outputPadding = extra === undefined ? {} : { outputPadding: extra }
    const layer = conv2dTranspose(filters, kernel, { strides, dilationRate, padding, ...outputPadding })
    expect(applied(layer, shape).y.shape).toEqual([n, ...size, filters])
    expectValues(layer, (values) => {
      const [w, b, kw] = [values['conv2dTranspose/0/kernel'], values['conv2dTranspose/0/bias'], both(kernel)[1]]
      const y = Array.from({ length: n * size[0] * size[1] * filters }, (_, e) => b[e % filters])
      const places = walk(size, [kernel, strides, dilationRate, padding], ({ i, o, p, k, l, row, column }) => {
        for (let c = 0; c < channels; c++) for (let f = 0; f < filters; f++) {
          y[((i * size[0] + row) * size[1] + column) * filters + f] +=
            values.x[((i * height + o) * width + p) * channels + c] * w[((k * kw + l) * filters + f) * channels + c]
        }
      })
      expect(places).toEqual([height, width])
      return y
    })
  })
})

describe('what a layer declares', () => {
  const declared = (layer: Layer, shape: Shape) =>
    Object.entries(applied(layer, shape).parameters).map(([path, { shape: of, role, incoming }]) => [path, of, role, incoming])
  it('kernels have the layout of Keras, and the incoming weights of a filter', () => {
    expect(declared(conv1d(5, 3), [1, 9, 2])).toEqual([
      ['conv1d/0/kernel', [3, 2, 5], 'kernel', [0, 1]], ['conv1d/0/bias', [5], 'bias', []]
    ])
    expect(declared(conv2d(5, [3, 2], { useBias: false }), [1, 9, 9, 2])).toEqual([['conv2d/0/kernel', [3, 2, 2, 5], 'kernel', [0, 1, 2]]])
    expect(declared(conv2dTranspose(5, [3, 2]), [1, 9, 9, 2])[0]).toEqual(['conv2dTranspose/0/kernel', [3, 2, 5, 2], 'kernel', [0, 1, 3]])
    expect(declared(depthwiseConv2d(3, { depthMultiplier: 4 }), [1, 9, 9, 2])).toEqual([
      ['depthwiseConv2d/0/kernel', [3, 3, 2, 4], 'kernel', [0, 1]], ['depthwiseConv2d/0/bias', [8], 'bias', []]
    ])
    expect(declared(separableConv2d(5, 3, { depthMultiplier: 4 }), [1, 9, 9, 2])).toEqual([
      ['separableConv2d/0/depthwiseKernel', [3, 3, 2, 4], 'kernel', [0, 1]],
      ['separableConv2d/0/pointwiseKernel', [1, 1, 8, 5], 'kernel', [0, 1, 2]], ['separableConv2d/0/bias', [5], 'bias', []]
    ])
    expect(declared(maxPooling2d(), [1, 9, 9, 2])).toEqual([])
  })
  it('a constraint holds for each filter: ‖W[·, ·, ·, f]‖ = 1', () => {
    const { parameters: { 'conv2d/0/kernel': { shape, incoming, constraint } } } =
      applied(conv2d(4, 3, { kernelConstraint: unitNorm }), [1, 5, 5, 2])
    const w = constant(scrambled(sizeOf(shape), 1), shape)
    const projected = constraint?.project(incoming)(w) ?? w
    evaluate(sum(mul(projected, projected), [0, 1, 2])).forEach((square) => { expect(Math.abs(square - 1)).toBeLessThan(1e-12) })
  })
  it('penalties and constraints stand at the weights that they were given for', () => {
    const { parameters } = applied(separableConv2d(4, 3, {
      depthwiseRegularizer: l1(0.1), pointwiseConstraint: maxNorm(2), biasRegularizer: l2(0.1)
    }), [1, 5, 5, 2])
    const given = Object.entries(parameters).map(([path, { regularizer, constraint }]) =>
      [path.split('/')[2], regularizer?.terms[0].name, constraint?.spec.kind])
    expect(given).toEqual([['depthwiseKernel', 'l1', undefined], ['pointwiseKernel', undefined, 'maxNorm'], ['bias', 'l2', undefined]])
  })
  it('first values count the receptive field for both fans: Keras, compute_fans', () => {
    expect([[3, 3, 2, 16], [3, 3, 2, 1], [5, 4, 8], [1, 1, 8, 5]].map((shape) => fans(shape))).toEqual([
      { fanIn: 18, fanOut: 144 }, { fanIn: 18, fanOut: 9 }, { fanIn: 20, fanOut: 40 }, { fanIn: 8, fanOut: 5 }
    ])
    const { parameters: { 'conv2d/0/kernel': kernel } } = applied(conv2d(16, 3, { kernelInitializer: glorotUniform }), [1, 5, 5, 2])
    const limit = Math.sqrt(6 / (18 + 144))
    const largest = Math.max(...evaluate(kernel.initial('conv2d/0/kernel'), {}, { seed: 3 }).map(Math.abs))
    expect(largest).toBeLessThanOrEqual(limit)
    expect(largest).toBeGreaterThan(0.9 * limit)
  })
  it('its options are data, windows as lists', () => {
    expect(conv2d(8, 3, { strides: [2, 1], padding: 'same' }).spec.options).toMatchObject({
      filters: 8, kernelSize: [3, 3], strides: [2, 1], padding: 'same', dilationRate: [1, 1], useBias: true, activation: { kind: 'linear' }
    })
    expect(maxPooling2d(3).spec).toEqual({ kind: 'maxPooling2d', options: { poolSize: [3, 3], strides: [3, 3], padding: 'valid' } })
    expect(averagePooling1d(3, { strides: 1 }).spec.options).toEqual({ poolSize: [3], strides: [1], padding: 'valid' })
  })
})

describe('global poolings', () => {
  const image = constant([1, 10, 5, 20, 5, 60, 1, -10], [1, 2, 2, 2])
  const of = (layer: Layer, x: Expr) => evaluate(layer.apply({ path: 'pool', mode: infer })(x).y)
  it('are the mean and the largest value of each channel', () => {
    expect(of(globalAveragePooling2d, image)).toEqual([3, 20])
    expect(of(globalMaxPooling2d, image)).toEqual([5, 60])
    expect(of(globalAveragePooling1d, constant([1, 2, 3, 6], [1, 2, 2]))).toEqual([2, 4])
    expect(of(globalMaxPooling1d, constant([1, 2, 3, -6], [1, 2, 2]))).toEqual([3, 2])
  })
})

const runner = { describe, it }
bind(runner)('conv1d', rowLaws(conv1d(2, 2, { padding: 'causal', dilationRate: 2 }), { input: [4, 2] }))
bind(runner)('conv2d', rowLaws(conv2d(2, [2, 3], { padding: 'same', strides: 2, activation: relu }), { input: [3, 4, 2] }))
bind(runner)('conv2d that stays inside', rowLaws(conv2d(2, 2), { input: [3, 3, 1] }))
bind(runner)('depthwiseConv2d', rowLaws(depthwiseConv2d(2), { input: [3, 3, 2] }))
bind(runner)('separableConv2d', rowLaws(separableConv2d(3, 2), { input: [3, 3, 2] }))
bind(runner)('conv2dTranspose', rowLaws(conv2dTranspose(2, 2, { strides: 2 }), { input: [2, 2, 2] }))
bind(runner)('conv2dTranspose with outputPadding',
  rowLaws(conv2dTranspose(2, 2, { padding: 'same', strides: 2, outputPadding: 1 }), { input: [2, 2, 2] }))
bind(runner)('maxPooling1d', rowLaws(maxPooling1d(), { input: [4, 2] }))
bind(runner)('maxPooling2d', rowLaws(maxPooling2d(2, { padding: 'same' }), { input: [3, 3, 2] }))
bind(runner)('averagePooling1d', rowLaws(averagePooling1d(2, { padding: 'same' }), { input: [3, 2] }))
bind(runner)('averagePooling2d', rowLaws(averagePooling2d(2, { strides: 1 }), { input: [3, 3, 2] }))
bind(runner)('globalMaxPooling1d', rowLaws(globalMaxPooling1d, { input: [4, 2] }))
bind(runner)('globalMaxPooling2d', rowLaws(globalMaxPooling2d, { input: [2, 3, 2] }))
bind(runner)('globalAveragePooling1d', rowLaws(globalAveragePooling1d, { input: [4, 2] }))
bind(runner)('globalAveragePooling2d', rowLaws(globalAveragePooling2d, { input: [2, 3, 2] }))
bind(runner)('conv2d with an activation', gradientLaws(conv2d(2, 2, { activation: tanh, padding: 'same' }), { input: [3, 2, 2] }))
