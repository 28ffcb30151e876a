import { either as E, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  concreteDropout, dropBlock1d, dropBlock2d, dropBlockGamma, dropConnect, featureAlphaDropout, maxPoolingDropout1d, maxPoolingDropout2d,
  spatialDropout1d, spatialDropout2d, spatialDropout3d, stochasticDepth, tokenDropout, wordDropout
} from 'tikhonov/dropout'
import { reference, wasm } from 'tikhonov/engine'
import {
  constant, evaluate, gradient, hyper, print, simplify, sum, topological, variable, type Expr, type Scalar, type Shape
} from 'tikhonov/expr'
import { infer, modeAt, named, run, sampling, showIssue, training, type Layer, type Mode } from 'tikhonov/layer'
import { activation, conv2d, dense, embedding, flatten, lstm, relu, residual } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { declarations, forward, initialValues, sequential, type Model, type Part } from 'tikhonov/model'
import { l2 } from 'tikhonov/regularizers'
import { sgd } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer } from 'tikhonov/training'

const right = <A>(e: E.Either<unknown, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}
const modelOf = (input: Shape, ...parts: readonly Part[]) => sequential<Shape, readonly Part[]>(input, ...parts)
const sizeOf = (shape: Shape) => shape.reduce((n, d) => n * d, 1)
const ones = (count: number): Expr => constant(Array.from({ length: count }, () => 1), [count])

/** A variant by its rate, what it rests as, the shape that it is tried on, and whether its input is the numbers of words. */
interface Variant {
  readonly make: (rate: Scalar) => Layer
  readonly rest: readonly Layer[]
  readonly input: Shape
  readonly words?: number
}

const branch = [dense(4, { activation: relu }), dense(3)]

const variants: Readonly<Record<string, Variant>> = {
  spatialDropout1d: { make: spatialDropout1d, rest: [], input: [5, 3] },
  spatialDropout2d: { make: spatialDropout2d, rest: [], input: [3, 4, 3] },
  spatialDropout3d: { make: spatialDropout3d, rest: [], input: [2, 3, 2, 3] },
  featureAlphaDropout: { make: featureAlphaDropout, rest: [], input: [3, 4, 3] },
  tokenDropout: { make: tokenDropout, rest: [], input: [6, 3] },
  dropBlock1d: { make: (rate) => dropBlock1d(rate, { blockSize: 3 }), rest: [], input: [7, 3] },
  dropBlock2d: { make: (rate) => dropBlock2d(rate, { blockSize: 2 }), rest: [], input: [5, 6, 3] },
  dropConnect: { make: (rate) => dropConnect(rate, dense(5)), rest: [dense(5)], input: [4] },
  'dropConnect of filters': { make: (rate) => dropConnect(rate, conv2d(2, 3)), rest: [conv2d(2, 3)], input: [5, 5, 2] },
  'dropConnect between states': {
    make: (rate) => dropConnect(rate, lstm(3), { roles: ['recurrent'] }), rest: [lstm(3)], input: [4, 2]
  },
  stochasticDepth: { make: (rate) => stochasticDepth(rate, ...branch), rest: [residual(...branch)], input: [3] },
  wordDropout: { make: (rate) => wordDropout(rate, embedding(6, 2)), rest: [embedding(6, 2)], input: [5], words: 6 }
}

const train = (rows: number): Mode => training(ones(rows))
const applied = (layers: readonly Layer[], mode: Mode, x: Expr) => run(layers)({ path: '', mode: modeAt(mode, '') })(x)
const hasDraws = (e: Expr) => topological([e]).some(({ primitive }) => primitive.name === 'bits')

/** A program as text, with paths told from the inside, so that what is wrapped reads as if it were not. */
const inside = (text: string) => text.replace(/'(?:dropConnect|stochasticDepth|residual|wordDropout)\/0\/(?!\w+')/g, "'")

describe.each(Object.entries(variants))('%s', (name, { make, rest, input, words }) => {
  const rows = 6
  const x = variable('x', [rows, ...input])
  const data = Array.from({ length: rows * sizeOf(input) }, (_, i) => (words === undefined ? Math.sin(i) * 3 : (i * 7) % words))
  const valuesOf = (layer: Layer) => {
    const { parameters } = applied([layer], infer, x)
    return Object.fromEntries(Object.entries(parameters).map(([path, d]) => [path, evaluate(d.initial(path), {}, { seed: 5 })]))
  }

  it('leaves nothing in the program of inference, nor of rate 0 in training', () => {
    const text = (layers: readonly Layer[], mode: Mode) => inside(print(simplify([applied(layers, mode, x).y])))
    expect(text([make(0.4)], infer)).toBe(text(rest, infer))
    expect(text([make(0)], train(rows))).toBe(text(rest, train(rows)))
    expect(text([make(0.4)], infer)).not.toContain('bits')
  })

  it('draws in training, and in Monte-Carlo samples', () => {
    expect(hasDraws(applied([make(0.4)], train(rows), x).y)).toBe(true)
    expect(hasDraws(applied([make(0.4)], sampling, x).y)).toBe(true)
  })

  it('takes a hyper-parameter: the same draws at the same value, at rest at 0', () => {
    const varying = make(hyper('rate', 0.5, { min: 0, max: 1, open: 'max' }))
    const at = { seed: 4, step: 3, position: 90 }
    const value = (layer: Layer, mode: Mode, more: Readonly<Record<string, readonly number[]>> = {}) =>
      evaluate(applied([layer], mode, x).y, { ...valuesOf(layer), x: data, ...more }, at)
    expect(applied([varying], train(rows), x).issues).toEqual([])
    for (const rate of [0.125, 0.5, 0.875]) {
      const wanted = value(make(rate), train(rows))
      value(varying, train(rows), { 'hyper/rate': [rate] }).forEach((y, i) => { expect(y).toBeCloseTo(wanted[i], 12) })
    }
    const still = value(varying, infer)
    value(varying, train(rows), { 'hyper/rate': [0] }).forEach((y, i) => { expect(y).toBeCloseTo(still[i], 12) })
  })

  it('has the same masks and gradients on either engine', () => {
    const fast = wasm()
    if (O.isNone(fast)) return
    const { y, parameters } = applied([make(0.4)], train(rows), x)
    const values = valuesOf(make(0.4))
    const roots = [y, ...gradient(sum(y), Object.entries(parameters).map(([path, d]) => variable(path, d.shape)))]
    const of = (path: string) => (path === 'x' ? data : values[path])
    const [slow, quick] = [reference(), fast.value].map((engine) =>
      engine.evaluate(roots)({ values: (path) => Float64Array.from(of(path)), seed: 9, step: 2, position: 11 }))
    slow.forEach((v, k) => Array.from(v).forEach((wanted, i) => {
      expect(Math.abs(quick[k][i] - wanted)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted)))
    }))
  })

  it('names what is wrong with its rate, with its path', () => {
    for (const rate of [-0.1, 1, 1.5, Number.NaN]) {
      const found = modelOf(input, named('noisy', make(rate)))
      expect(E.isLeft(found) && found.left.map(showIssue)).toEqual([`noisy/rate: found ${rate}, allowed: a number, 0 ≤ rate < 1`])
    }
  })

  it('trains in a model, and is predicted with', () => {
    const model: Model = right(modelOf(input, make(0.3), flatten, dense(1)))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.01) }))
    const before = start(t, 1)
    const batch = { x: tensor(Float64Array.from(data), [rows, ...input]), y: tensor(Array.from({ length: rows }, () => [1])) }
    const { state, reports } = right(fold(t)(before, [batch, batch]))
    expect(reports.every((r) => Number.isFinite(r.total)), name).toBe(true)
    expect(parametersOf(t, state)).not.toEqual(parametersOf(t, before))
  })
})

describe('dropBlock', () => {
  it('has the γ of the paper', () => {
    // Ghiasi et al. 2018, equation 1: keep_prob .9, block_size 7, feat_size 14: (.1/49)·(196/64).
    expect(dropBlockGamma(0.1, 7, [14, 14])).toBeCloseTo((0.1 / 49) * (196 / 64), 15)
    expect(dropBlockGamma(0.9, 2, [2])).toBe(0.9)
    expect(dropBlockGamma(0.9, 2, [3, 3])).toBeCloseTo(0.50625, 15)
  })

  it('says which sides are too short, and whether a block is a size', () => {
    const errors = (...parts: readonly Part[]) => {
      const found = modelOf([4, 9, 2], ...parts)
      return E.isLeft(found) ? found.left.map(showIssue) : []
    }
    expect(errors(dropBlock2d(0.1))).toEqual([
      'dropBlock2d/0: found an input of shape [4, 9, 2], ' +
      'allowed: dropBlock2d needs sides of at least the blockSize 7, found [4, 9, 2]'
    ])
    expect(errors(dropBlock2d(2, { blockSize: 1.5 }))).toEqual([
      'dropBlock2d/0/rate: found 2, allowed: a number, 0 ≤ rate < 1',
      'dropBlock2d/0/blockSize: found 1.5, allowed: a whole number ≥ 1'
    ])
  })
})

describe('dropConnect', () => {
  it('masks kernels, recurrent ones where it is told, and has the penalties of what it wraps', () => {
    const values = (layer: Layer) => right(modelOf([3], layer, dense(1))).layers
    expect(values(dropConnect(0.5, named('inner', dense(4)))).length).toBe(2)
    const model = right(modelOf([3], dropConnect(0.5, dense(4, { kernelRegularizer: l2(0.5) }))))
    expect(Object.keys(declarations(model).parameters)).toEqual(['dropConnect/0/dense/0/kernel', 'dropConnect/0/dense/0/bias'])
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0), engine: reference() }))
    const state = start(t, 1)
    const kernel = Array.from(parametersOf(t, state)['dropConnect/0/dense/0/kernel'].data)
    const { reports } = right(fold(t)(state, [{ x: tensor([[1, 2, 3]]), y: tensor([[0, 0, 0, 0]]) }]))
    expect(reports[0].penalties['dropConnect/0/dense/0/kernel/l2']).toBeCloseTo(0.5 * kernel.reduce((s, w) => s + w * w, 0), 12)
  })

  it('holds one mask between states for all times', () => {
    const layer = dropConnect(0.5, lstm(3), { roles: ['recurrent'] })
    const { y } = applied([layer], train(2), variable('x', [2, 8, 2]))
    expect(topological([y]).filter(({ primitive }) => primitive.name === 'bits').map((e) => e.shape)).toEqual([[3, 12]])
  })

  it('wants a layer with such weights', () => {
    const found = modelOf([3], dropConnect(0.5, dense(4), { roles: ['recurrent'] }))
    expect(E.isLeft(found) && found.left.map(showIssue)).toEqual(['dropConnect/0: found dense, allowed: a layer with a weight (recurrent)'])
  })
})

describe('stochastic depth', () => {
  it('says which shape the layers give where they should keep it', () => {
    const found = sequential<Shape, readonly Part[]>([3], stochasticDepth(0.1, dense(4)))
    expect(E.isLeft(found) && found.left.map(showIssue)).toEqual([
      'stochasticDepth/0: found an input of shape [3], allowed: stochasticDepth needs layers that keep the shape [3], found [4]'
    ])
  })
})

describe('concrete dropout', () => {
  const free = { weightRegularizer: 0, dropoutRegularizer: 0 }
  const model = right(modelOf([3], concreteDropout(dense(16, { activation: relu }), free), dense(1)))

  it('leaves nothing of the rate in the program of inference', () => {
    const text = print(simplify([forward(model, infer)(variable('batch/x', [2, 3])).y]))
    expect(text).not.toContain('logit')
    expect(text).not.toContain('bits')
    expect(hasDraws(forward(model, sampling)(variable('batch/x', [2, 3])).y)).toBe(true)
  })

  it('learns to drop less where there is no noise and no penalty', () => {
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
    const x = Float64Array.from({ length: 90 }, (_, i) => Math.sin(i * i))
    const batch = { x: tensor(x, [30, 3]), y: tensor(Array.from({ length: 30 }, (_, i) => [x[3 * i] - 2 * x[3 * i + 1]])) }
    const { state } = right(fold(t)(start(t, 1), Array.from({ length: 200 }, () => batch)))
    expect(parametersOf(t, state)['concreteDropout/0/logit'].data[0]).toBeLessThan(Math.log(0.1 / 0.9) - 0.5)
  })

  it('begins at the rate it is told', () => {
    const other = right(modelOf([3], concreteDropout(dense(1), { initialRate: 0.25 })))
    expect(initialValues(other, 1)['concreteDropout/0/logit'].data[0]).toBeCloseTo(Math.log(1 / 3), 12)
  })

  it('names what is wrong with its options', () => {
    const wrong = { initialRate: 0, temperature: -1, weightRegularizer: -2, dropoutRegularizer: NaN }
    const found = modelOf([3], concreteDropout(dense(1), wrong))
    expect(E.isLeft(found) && found.left.map(showIssue)).toEqual([
      'concreteDropout/0/initialRate: found 0, allowed: a number, 0 < initialRate < 1',
      'concreteDropout/0/temperature: found -1, allowed: a number, 0 < temperature',
      'concreteDropout/0/weightRegularizer: found -2, allowed: a number, 0 ≤ weightRegularizer',
      'concreteDropout/0/dropoutRegularizer: found NaN, allowed: a number, 0 ≤ dropoutRegularizer'
    ])
  })
})

describe('max-pooling dropout', () => {
  /** The regions of a [6, 7, 2] image: for each place and channel the numbers of the values below, none beyond the edge. */
  const regionsOf = ([h, w, c]: Shape, size: number, stride: number, same: boolean) => {
    const places = (d: number) => (same ? Math.ceil(d / stride) : Math.floor((d - size) / stride) + 1)
    const before = (d: number) => (same ? Math.floor(Math.max((places(d) - 1) * stride + size - d, 0) / 2) : 0)
    return Array.from({ length: places(h) }, (_, i) => Array.from({ length: places(w) }, (__, j) => Array.from({ length: c }, (___, k) =>
      Array.from({ length: size * size }, (____, cell) => {
        const [a, b] = [i * stride + Math.floor(cell / size) - before(h), j * stride + (cell % size) - before(w)]
        return a < 0 || b < 0 || a >= h || b >= w ? -1 : (a * w + b) * c + k
      }).filter((n) => n >= 0)))).flat(2)
  }

  const windows = [[2, 2, false], [3, 2, false], [3, 2, true], [3, 1, true], [2, 3, true]] as const
  it.each(windows)('pools regions of %d by %d, same %s', (size, stride, same) => {
    const input = [6, 7, 2]
    const layer = maxPoolingDropout2d(0.3, { poolSize: size, strides: stride, padding: same ? 'same' : 'valid' })
    const data = Array.from({ length: sizeOf(input) }, (_, i) => Math.round(8 * Math.sin(i * i)) / 4)
    const regions = regionsOf(input, size, stride, same)
    const x = variable('x', [1, ...input])
    const ranked = regions.map((region) => region.map((n) => data[n]).sort((a, b) => b - a))
    const expected = ranked.map((region) => region.reduce((s, v, r) => s + 0.7 * 0.3 ** r * v, 0))
    evaluate(applied([layer], infer, x).y, { x: data }).forEach((v, i) => { expect(v).toBeCloseTo(expected[i], 12) })
    const dropped = applied([layer], train(1), x).y
    const [bits] = topological([dropped]).filter(({ primitive }) => primitive.name === 'bits')
    const keep = evaluate(bits, {}, { seed: 3 }).map((b) => b >= Math.floor(0.3 * 2 ** 24))
    expect(keep.includes(false)).toBe(true)
    expect(evaluate(dropped, { x: data }, { seed: 3 })).toEqual(regions.map((region) => {
      const kept = region.filter((n) => keep[n]).map((n) => data[n])
      return kept.length === 0 ? 0 : Math.max(...kept)
    }))
    const fast = wasm()
    if (O.isNone(fast)) return
    const at = { values: () => Float64Array.from(data), seed: 0, step: 0, position: 0 }
    const [quick] = fast.value.evaluate([applied([layer], infer, x).y])(at)
    expected.forEach((v, i) => { expect(quick[i]).toBeCloseTo(v, 5) })
  })

  it('takes a hyper-parameter for a rate, in training and in inference, at 0 too', () => {
    const layer = maxPoolingDropout1d(hyper('rate', 0.5, { min: 0, max: 1, open: 'max' }), { poolSize: 2 })
    const x = variable('x', [1, 4, 1])
    const values = (rate: number) => ({ x: [3, 1, 2, 5], 'hyper/rate': [rate] })
    expect(evaluate(applied([layer], infer, x).y, values(0.5))).toEqual([1.75, 3])
    expect(evaluate(applied([layer], infer, x).y, values(0))).toEqual([3, 5])
    expect(evaluate(applied([layer], train(1), x).y, values(0))).toEqual([3, 5])
  })

  it('names what is wrong with its options', () => {
    const found = modelOf([4, 4, 1], maxPoolingDropout2d(1, { poolSize: 0 }))
    expect(E.isLeft(found) && found.left.map(showIssue)).toEqual([
      'maxPoolingDropout2d/0/rate: found 1, allowed: a number, 0 ≤ rate < 1',
      'maxPoolingDropout2d/0/poolSize: found 0, allowed: a whole number ≥ 1',
      'maxPoolingDropout2d/0/strides: found 0, allowed: a whole number ≥ 1'
    ])
    const small = modelOf([4, 2, 1], activation(relu), maxPoolingDropout2d(0.5, { poolSize: 3 }))
    expect(E.isLeft(small) && small.left[0]?.path).toBe('maxPoolingDropout2d/0')
  })
})
