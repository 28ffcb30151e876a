import { array as A, either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { constant, evaluate, gradient, mul, print, sum, variable, type Expr } from 'tikhonov/expr'
import { reference, wasm } from 'tikhonov/engine'
import { infer, run, sampling, showIssue, training, type Issue, type Layer, type Mode } from 'tikhonov/layer'
import { constant as filled } from 'tikhonov/initializers'
import { batchNormalization, dense, groupNormalization, layerNormalization, relu } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { predict, sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { fold, start, trainer, valuesOf } from 'tikhonov/training'
import { expectGolden, golden, setting } from '../golden/golden.js'
import { derivativeError } from './derivative.js'

const ones = (n: number): Expr => constant(Array.from({ length: n }, () => 1), [n])
const applied = (layer: Layer, mode: Mode, x: Expr) => run([layer])({ path: '', mode })(x)
const right = <L, A>(e: E.Either<L, A>): A => E.getOrElse<L, A>((l) => { throw new Error(JSON.stringify(l)) })(e)

describe('batch normalisation agrees with the golden vectors', () => {
  const file = golden('batchnorm_dense')
  const { x, gamma, beta, dy, moving_mean: mean, moving_var: variance } = file.inputs
  const at = (name: string) => `batchNormalization/0/${name}`
  const given = {
    x: x.data, dy: dy.data, [at('gamma')]: gamma.data, [at('beta')]: beta.data,
    [at('movingMean')]: mean.data, [at('movingVariance')]: variance.data
  }
  const layer = batchNormalization({ momentum: setting(file, 'momentum'), epsilon: setting(file, 'eps') })
  const value = (e: Expr): Tensor => tensor(Float64Array.from(evaluate(e, given)), e.shape)
  const leaves = [variable('x', x.shape), variable(at('gamma'), [5]), variable(at('beta'), [5])]

  const modes = [['training', training(ones(8)), ''], ['inference', infer, '_inference']] as const
  it.each(modes)('%s, forward and backward', (_, mode, suffix) => {
    const { y } = applied(layer, mode, variable('x', x.shape))
    expectGolden(file, `y${suffix}`, value(y))
    const slopes = gradient(sum(mul(y, variable('dy', dy.shape))), leaves)
    slopes.forEach((slope, i) => { expectGolden(file, `${['dx', 'dgamma', 'dbeta'][i]}${suffix}`, value(slope)) })
  })
  it('running statistics', () => {
    const { state } = applied(layer, training(ones(8)), variable('x', x.shape))
    expectGolden(file, 'new_moving_mean', value(state[at('movingMean')].next))
    expectGolden(file, 'new_moving_var', value(state[at('movingVariance')].next))
  })
  it('PyTorch’s running variance is n/(n − 1) times as wide', () => {
    const of = (unbiased: boolean) => {
      const { state } = applied(batchNormalization({ momentum: 0, unbiased }), training(ones(8)), variable('x', x.shape))
      return value(state[at('movingVariance')].next)
    }
    const [biased, unbiased] = [of(false), of(true)]
    unbiased.data.forEach((v, i) => { expect(v).toBeCloseTo((biased.data[i] * 8) / 7, 12) })
  })
})

describe('layer normalisation agrees with the golden vectors', () => {
  const file = golden('layernorm')
  const { x, gamma, beta, dy } = file.inputs
  const paths = ['x', 'layerNormalization/0/gamma', 'layerNormalization/0/beta']
  const given = { x: x.data, dy: dy.data, [paths[1]]: gamma.data, [paths[2]]: beta.data }
  it('forward and backward', () => {
    const { y } = applied(layerNormalization({ epsilon: setting(file, 'eps') }), infer, variable('x', x.shape))
    const value = (e: Expr): Tensor => tensor(Float64Array.from(evaluate(e, given)), e.shape)
    expectGolden(file, 'y', value(y))
    gradient(sum(mul(y, variable('dy', dy.shape))), paths.map((p, i) => variable(p, i === 0 ? x.shape : [7])))
      .forEach((slope, i) => { expectGolden(file, ['dx', 'dgamma', 'dbeta'][i], value(slope)) })
  })
})

describe('group normalisation', () => {
  const x = { x: Array.from({ length: 2 * 3 * 4 }, (_, i) => Math.sin(3 * i)) }
  const y = (layer: Layer) => evaluate(applied(layer, infer, variable('x', [2, 3, 4])).y, x)
  const expectClose = (a: readonly number[], b: readonly number[]) => { a.forEach((v, i) => { expect(v).toBeCloseTo(b[i], 12) }) }
  const plain = { center: false, scale: false } as const
  it('of one group is layer normalisation of the whole example', () => {
    expectClose(y(groupNormalization({ groups: 1, ...plain })), y(layerNormalization({ axis: [1, 2], ...plain })))
  })
  it('of each channel alone is normalisation over the rest', () => {
    expectClose(y(groupNormalization({ groups: 4, ...plain })), y(layerNormalization({ axis: 1, ...plain })))
  })
  it('takes the channels from another axis', () => {
    expectClose(y(groupNormalization({ groups: 3, axis: 1, ...plain })), y(layerNormalization({ axis: 2, ...plain })))
  })
})

describe('the derivative is that of central differences, for the input and every parameter', () => {
  const layers: readonly (readonly [string, Layer, readonly number[]])[] = [
    ['batch, flat', batchNormalization(), [3]], ['batch, images', batchNormalization(), [2, 3, 2]],
    ['batch, channels first', batchNormalization({ axis: 1 }), [3, 2]], ['batch, one channel', batchNormalization(), [1]],
    ['layer', layerNormalization(), [5]], ['layer, two axes', layerNormalization({ axis: [1, -1] }), [2, 3]],
    ['group', groupNormalization({ groups: 2 }), [3, 4]], ['group, channels first', groupNormalization({ groups: 2, axis: 1 }), [4, 3]]
  ]
  it.each(layers)('%s', (_, layer, input) => {
    const rows = [1, 2, 5]
    rows.forEach((n) => { expect(derivativeError(layer, n, input)).toBeLessThan(1e-5) })
  })
  it('at a batch of one, of equal values and of padding it is finite, and β is what comes out', () => {
    const layer = batchNormalization({ betaInitializer: filled(0.25) })
    const x = variable('x', [1, 2])
    const { y } = applied(layer, training(ones(1)), x)
    const given = { x: [5, -7], 'batchNormalization/0/gamma': [1, 1], 'batchNormalization/0/beta': [0.25, 0.25] }
    expect(evaluate(y, given)).toEqual([0.25, 0.25])
    expect(evaluate(gradient(sum(mul(y, y)), [x])[0], given).every(Number.isFinite)).toBe(true)
  })
})

describe('in a run', () => {
  const model = right(sequential([3],
    dense(8, { useBias: false }), batchNormalization(), dense(4, { activation: relu }), layerNormalization(), dense(1)))
  const x = tensor(Float64Array.from({ length: 30 }, (_, i) => Math.sin(i * i)), [10, 3])
  const y = tensor(Float64Array.from({ length: 10 }, (_, i) => Math.cos(i)), [10, 1])
  const padding = (value: number) => ({
    x: tensor(Float64Array.from([...x.data, ...Array.from({ length: 6 }, () => value)]), [12, 3]),
    y: tensor(Float64Array.from([...y.data, 0, 0]), [12, 1]), count: 10
  })
  const engines = [reference(), ...A.compact([wasm()])].map((engine) => [engine.name, engine] as const)
  it.each(engines)('running statistics live in the state, are folded, and what padding holds changes nothing (%s)', (_, engine) => {
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1), engine }))
    const [large, digits] = engine.precision === 'float64' ? [1e100, 10] : [1e10, 5]
    const after = (batch: { readonly x: Tensor; readonly y: Tensor }) => right(fold(t)(start(t), [batch, batch])).state
    const values = valuesOf(t, after({ x, y }))
    expect(values['batchNormalization/0/movingMean'].data.some((v) => v !== 0)).toBe(true)
    const [a, b] = [after(padding(3)), after(padding(large))]
    expect([...a.values]).toEqual([...b.values])
    a.values.forEach((v, i) => { expect(v).toBeCloseTo(after({ x, y }).values[i], digits) })
  })
  it('learns the same on both engines', () => {
    const engine = wasm()
    if (engine._tag === 'None') return
    const [one, two] = [reference(), engine.value].map((e) => {
      const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1), engine: e }))
      return right(fold(t)(start(t), Array.from({ length: 20 }, () => ({ x, y })))).state.values
    })
    one.forEach((v, i) => { expect(Math.abs(v - two[i])).toBeLessThan(2e-4 + 2e-3 * Math.abs(v)) })
  })
  it('inference and samples use running statistics: an example alone is what it is among others', () => {
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
    const values = valuesOf(t, right(fold(t)(start(t), [{ x, y }])).state)
    const whole = right(predict(model, values)(x))
    const alone = right(predict(model, values)(tensor(x.data.slice(3, 6), [1, 3])))
    expect(alone.data[0]).toBeCloseTo(whole.data[1], 12)
    const printed = (mode: Mode) => print([applied(batchNormalization(), mode, variable('x', [4, 3])).y])
    expect(printed(sampling)).toBe(printed(infer))
  })
})

describe('what does not fit is said at build time, with its path', () => {
  const refused = (m: E.Either<readonly Issue[], unknown>) => F.pipe(m, E.match((l) => l.map(showIssue), () => ['built']))
  it('options', () => {
    expect(refused(sequential([3], batchNormalization({ momentum: 1.5, epsilon: 0 }), layerNormalization({ epsilon: -1 })))).toEqual([
      'batchNormalization/0/momentum: found 1.5, allowed: a number, 0 ≤ momentum ≤ 1',
      'batchNormalization/0/epsilon: found 0, allowed: a number, 0 < epsilon',
      'layerNormalization/0/epsilon: found -1, allowed: a number, 0 < epsilon'
    ])
  })
  it('axes', () => {
    expect(refused(sequential([3], batchNormalization({ axis: 0 })))).toEqual([
      'batchNormalization/0: found an input of shape [3], allowed: ' +
      'batchNormalization needs axes of an example (axis 0 is the batch), given [0], found [3]'
    ])
    expect(refused(sequential([3, 2], layerNormalization({ axis: [1, 3] })))[0]).toMatch(/given \[1, 3\], found \[3, 2\]$/)
    expect(refused(sequential([3, 2], layerNormalization({ axis: [] })))[0]).toMatch(/given \[\], found \[3, 2\]$/)
    expect(refused(sequential([8, 8, 3], groupNormalization({ groups: 2 })))[0]).toMatch(/needs channels that 2 divides, found \[8, 8, 3\]$/)
    expect(refused(sequential([8], groupNormalization({ groups: 0 }))))
      .toContain('groupNormalization/0/groups: found 0, allowed: a whole number ≥ 1')
  })
})
