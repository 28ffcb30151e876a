import { array as A } from 'fp-ts'
import { describe, it } from 'vitest'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { add, constant, mul, pullback, reshape, sub, sum, variable, type Expr } from 'tikhonov/expr'
import { joinPath, training, type Layer, type Mode } from 'tikhonov/layer'
import { gru, gruOver, lstm, lstmOver, simpleRnn, simpleRnnOver, variational } from 'tikhonov/layers'
import { draws } from 'tikhonov/random'
import { tensor } from 'tikhonov/tensor'
import { expectGolden, golden, input, type Golden } from '../golden/golden.js'

const leaf = (from: Golden, name: string): Expr => variable(name, input(from, name).shape)

/** Values by their golden name, and the gradient of what stands beside each `d…` name, all of one file. */
const expectAll = (
  from: Golden, engine: Engine, values: Readonly<Record<string, Expr>>, [y, dy]: readonly [Expr, string],
  slopes: Readonly<Record<string, Expr>>
) => {
  const found = pullback(y, leaf(from, dy), Object.values(slopes))
  const roots = [...Object.entries(values), ...Object.keys(slopes).map((name, i) => [name, found[i]] as const)]
  const out = engine.evaluate(roots.map(([, e]) => e))(
    { values: (path) => input(from, path).data, seed: 0, step: 0, position: 0 })
  roots.forEach(([name, e], i) => { expectGolden(from, name, tensor(out[i].slice(), e.shape)) })
}

const engines = [reference(), reference('float32'), ...A.compact([wasm()])].map((engine) => [engine.name, engine] as const)

describe.each(engines)('on the engine %s, on values given, recurrences agree with the golden vectors', (_, engine) => {
  it('an LSTM over sequences, from h₀ and c₀', () => {
    const file = golden('lstm_sequences')
    const [x, Wx, Wh, b, h0, c0] = ['x', 'Wx', 'Wh', 'b', 'h0', 'c0'].map((name) => leaf(file, name))
    const { sequence, final } = lstmOver({ kernel: Wx, recurrentKernel: Wh, bias: b })(x, { h: h0, c: c0 })
    const slopes = { dx: x, dWx: Wx, dWh: Wh, db: b, dh0: h0, dc0: c0 }
    expectAll(file, engine, { ys: sequence, h_last: final.h, c_last: final.c }, [sequence, 'dys'], slopes)
  })

  it('an LSTM with the masks of Keras: one for a sequence, shared by the gates', () => {
    const file = golden('lstm_dropout_masks_last')
    const [x, Wx, Wh, b, mx, mh] = ['x', 'Wx', 'Wh', 'b', 'mx', 'mh'].map((name) => leaf(file, name))
    const over = (masks: Parameters<typeof lstmOver>[1]) => lstmOver({ kernel: Wx, recurrentKernel: Wh, bias: b }, masks)(x)
    const shared = over({ masks: { input: mx, recurrent: mh } })
    const slopes = { dx: x, dWx: Wx, dWh: Wh, db: b }
    expectAll(file, engine, { h_last: shared.final.h, c_last: shared.final.c }, [shared.final.h, 'dh'], slopes)
    const four = <A>(mask: A) => [mask, mask, mask, mask]
    const each = over({ masks: { input: four(mx), recurrent: four(mh) } })
    expectAll(file, engine, { h_last: each.final.h, c_last: each.final.c }, [each.final.h, 'dh'], slopes)
  })

  it('a GRU that resets after the recurrent kernel, from h₀', () => {
    const file = golden('gru_reset_after')
    const [x, Wx, Wh, bi, bh, h0] = ['x', 'Wx', 'Wh', 'bi', 'bh', 'h0'].map((name) => leaf(file, name))
    const rows = [bi, bh].map((b, row) => mul(reshape(b, [1, b.shape[0]]), constant(row === 0 ? [1, 0] : [0, 1], [2, 1])))
    const { sequence, final } = gruOver({ kernel: Wx, recurrentKernel: Wh, bias: add(rows[0], rows[1]) })(x, { h: h0 })
    const slopes = { dx: x, dWx: Wx, dWh: Wh, dbi: bi, dbh: bh, dh0: h0 }
    expectAll(file, engine, { ys: sequence, h_last: final.h }, [sequence, 'dys'], slopes)
  })

  it('a simple recurrent network, from h₀', () => {
    const file = golden('simplernn')
    const [x, Wx, Wh, b, h0] = ['x', 'Wx', 'Wh', 'b', 'h0'].map((name) => leaf(file, name))
    const { sequence, final } = simpleRnnOver({ kernel: Wx, recurrentKernel: Wh, bias: b })(x, { h: h0 })
    expectAll(file, engine, { ys: sequence, h_last: final.h }, [sequence, 'dys'], { dx: x, dWx: Wx, dWh: Wh, db: b, dh0: h0 })
  })
})

describe('layers agree with the golden vectors', () => {
  const rates = { dropout: 0.25, recurrentDropout: 0.5 } as const
  const file = golden('lstm_dropout_masks_last')

  /** Training in which masks are given: what is drawn is 1 where the factor is not 0. */
  const given = (masks: Readonly<Record<string, Expr>>): Mode => {
    const mode = training(constant([1, 1, 1]))
    const own = draws('perExample', 'lstm/0')
    const bernoulli = (name: string, rate: Parameters<typeof own.bernoulli>[1]) => mul(masks[name.split('/')[0]], sub(1, rate))
    return mode._tag === 'Train' ? { ...mode, random: { ...mode.random, perExample: { ...own, bernoulli } } } : mode
  }

  const applied = (layer: Layer, mode: Mode): Expr => layer.apply({ path: 'lstm/0', mode })(leaf(file, 'x')).y

  const evaluated = (e: Expr) => {
    const names: Readonly<Record<string, string>> = { 'lstm/0/kernel': 'Wx', 'lstm/0/recurrentKernel': 'Wh', 'lstm/0/bias': 'b' }
    const [values] = reference().evaluate([e])({ values: (path) => input(file, names[path] ?? path).data, seed: 0, step: 0, position: 0 })
    return tensor(values.slice(), e.shape)
  }

  it.each([
    ['bare rates', lstm(6, rates)],
    ['variational dropout, shared', lstm(6, { dropout: variational(0.25), recurrentDropout: variational(0.5) })],
    ['variational dropout, a mask for each gate, all alike',
      lstm(6, { dropout: variational(0.25, { gates: 'each' }), recurrentDropout: variational(0.5, { gates: 'each' }) })]
  ])('an LSTM with dropout and recurrent dropout: %s', (_, layer) => {
    const y = applied(layer, given({ dropout: leaf(file, 'mx'), recurrentDropout: leaf(file, 'mh') }))
    expectGolden(file, 'h_last', evaluated(y))
    const paths = { dWx: 'kernel', dWh: 'recurrentKernel', db: 'bias' }
    const shapes = { dWx: [4, 24], dWh: [6, 24], db: [24] }
    const leaves = (['dWx', 'dWh', 'db'] as const).map((name) => variable(joinPath('lstm', 0, paths[name]), shapes[name]))
    pullback(y, leaf(file, 'dh'), leaves).forEach((slope, i) => { expectGolden(file, ['dWx', 'dWh', 'db'][i], evaluated(slope)) })
  })

  it('returns the last output, all of them, or the state', () => {
    const masks = given({ dropout: leaf(file, 'mx'), recurrentDropout: leaf(file, 'mh') })
    const state = evaluated(applied(lstm(6, { ...rates, returnState: true }), masks))
    const part = (from: number) => tensor(state.data.filter((__, i) => Math.floor((i % 12) / 6) === from), [3, 6])
    expectGolden(file, 'h_last', part(0))
    expectGolden(file, 'c_last', part(1))
  })

  it.each([
    ['gru_reset_after', gru(6, { returnSequences: true }), 'gru'], ['simplernn', simpleRnn(6, { returnSequences: true }), 'simpleRnn']
  ] as const)('%s: the layer has the equations of the function', (name, layer, kind) => {
    const from = golden(name)
    const x = leaf(from, 'x')
    const output = layer.apply({ path: kind, mode: { _tag: 'Infer' } })(x)
    const weights = Object.fromEntries(Object.entries(output.parameters)
      .map(([path, d]) => [path.slice(kind.length + 1), variable(path, d.shape)]))
    const { kernel, recurrentKernel, bias } = weights
    const over = kind === 'gru' ? gruOver({ kernel, recurrentKernel, bias }) : simpleRnnOver({ kernel, recurrentKernel, bias })
    const off = sum(mul(sub(output.y, over(x).sequence), sub(output.y, over(x).sequence)))
    const sizeAt = (path: string) => output.parameters[path].shape.reduce((n, d) => n * d, 1)
    const values = (path: string) => path === 'x' ? input(from, 'x').data
      : Float64Array.from({ length: sizeAt(path) }, (_, i) => Math.sin(i + path.length))
    const [[difference]] = reference().evaluate([off])({ values, seed: 0, step: 0, position: 0 })
    expectGolden({ ...from, name: 'zero', expected: { difference: tensor(0) } }, 'difference', difference, { rtol: 0, atol: 1e-24 })
  })
})
