import { either as E } from 'fp-ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxNorm } from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { constant, evaluate, gradient, hyper, mul, problems, showShapeProblem, sum, topological, variable, type Expr } from 'tikhonov/expr'
import { infer, joinPath, run, showIssue, training, type Layer } from 'tikhonov/layer'
import {
  bidirectional, dense, eachTimeStep, elu, gru, gruCell, gruOver, lstm, lstmCell, lstmOver, simpleRnn, simpleRnnCell, simpleRnnOver,
  variational, weightDrop, withoutMemoryLoss, zoneout
} from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { initialValues, predict, sequential, type Part } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer, valuesOf } from 'tikhonov/training'

const refused = (input: readonly number[], ...layers: readonly Part[]): readonly string[] => {
  const model = sequential<readonly number[], readonly Part[]>(input, ...layers)
  return E.isLeft(model) ? model.left.map(showIssue) : []
}

const right = <A>(made: E.Either<unknown, A>): A => {
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return made.right
}

describe('bad input is told when the model is built', () => {
  it('by path: units, rates, what is returned, streams, truncation, and the parts of a layer', () => {
    const range = 'a number, 0 ≤ rate < 1'
    expect(refused([5, 2], lstm(0))).toEqual(['lstm/0/units: found 0, allowed: a whole number ≥ 1'])
    expect(refused([5, 2], lstm(2, { dropout: 1 }))).toEqual(['lstm/0/dropout: found 1, allowed: a number, 0 ≤ dropout < 1'])
    expect(refused([5, 2], gru(2, { recurrentDropout: -0.1 })))
      .toEqual(['gru/0/recurrentDropout: found -0.1, allowed: a number, 0 ≤ recurrentDropout < 1'])
    expect(refused([5, 2], gru(2, { dropout: eachTimeStep(1.5), recurrentDropout: variational(Number.NaN) }))).toEqual([
      `gru/0/dropout/rate: found 1.5, allowed: ${range}`, `gru/0/recurrentDropout/rate: found NaN, allowed: ${range}`
    ])
    expect(refused([5, 2], lstm(2, { recurrentDropout: zoneout({ h: 1, c: 2 }) }))).toEqual([
      'lstm/0/recurrentDropout/h: found 1, allowed: a number, 0 ≤ h < 1',
      'lstm/0/recurrentDropout/c: found 2, allowed: a number, 0 ≤ c < 1'
    ])
    expect(refused([5, 2], simpleRnn(2, { recurrentDropout: weightDrop(1), activation: elu(NaN) }))).toEqual([
      'simpleRnn/0/activation/alpha: found NaN, allowed: a finite number', `simpleRnn/0/recurrentDropout/rate: found 1, allowed: ${range}`
    ])
    expect(refused([5, 2], lstm(2, { returnSequences: true, returnState: true })))
      .toEqual(['lstm/0/returnState: found true beside returnSequences, allowed: one of the two'])
    expect(refused([5, 2], lstm(2, { stateful: 1.5, truncate: 0, masking: { maskValue: Infinity } }))).toEqual([
      'lstm/0/masking/maskValue: found Infinity, allowed: a finite number', 'lstm/0/stateful: found 1.5, allowed: a whole number ≥ 1',
      'lstm/0/truncate: found 0, allowed: a whole number ≥ 1'
    ])
    expect(refused([5, 2], gru(2, { kernelRegularizer: l2(-1), recurrentConstraint: maxNorm(-1) })).map((s) => s.split(':')[0]))
      .toEqual(['gru/0/kernel/l2/lambda', 'gru/0/recurrentKernel/maxNorm/cap'])
  })

  it('by path: an input that is no sequence', () => {
    expect(refused([5], lstm(2)))
      .toEqual(['lstm/0: found an input of shape [5], allowed: lstm needs an input of rank 2 [time, features], found [5]'])
    expect(refused([5, 2], gru(3), simpleRnn(2)))
      .toEqual(['simpleRnn/0: found an input of shape [3], allowed: simpleRnn needs an input of rank 2 [time, features], found [3]'])
    expect(refused([5], bidirectional(gru(2)))[0])
      .toBe('bidirectional/0/forward/gru/0: found an input of shape [5], allowed: gru needs an input of rank 2 [time, features], found [5]'
        .replace('/gru/0', ''))
  })

  it('by path: directions that do not fit', () => {
    expect(refused([5, 2], bidirectional(gru(2, { goBackwards: true })))).toEqual([
      'bidirectional/0/forward/goBackwards: found true, allowed: a layer that goes forwards: it is turned round here'
    ])
    expect(refused([5, 2], bidirectional(gru(2), { backward: gru(3), mergeMode: 'sum' }))).toEqual([
      'bidirectional/0: found sum [1, 2] × [1, 3]: the two directions give outputs that differ in shape, allowed: shapes that fit sum'
    ])
    expect(refused([5, 2], bidirectional(gru(2), { backward: gru(2, { returnSequences: true }) }))[0]).toMatch(/^bidirectional\/0: found concat/)
  })

  it('states and weights of another shape say so', () => {
    const weights = { kernel: variable('W', [2, 12]), recurrentKernel: variable('U', [3, 12]) }
    const said = (e: Expr) => problems([e]).map(showShapeProblem)
    const { sequence, final } = lstmOver(weights)(variable('x', [4, 5, 2]), { h: variable('h', [4, 2]), c: variable('c', [3]) })
    expect(said(sequence)).toEqual([
      'lstm [4, 2]: the initial state h is to be [batch, units] = [4, 3]', 'lstm [3]: the initial state c is to be [batch, units] = [4, 3]'
    ])
    expect(said(final.c)).toEqual(said(sequence))
    expect(said(gruOver({ kernel: variable('W', [2, 9]), recurrentKernel: variable('U', [3, 9]) })(variable('x', [4, 2])).sequence))
      .toEqual(['gru [4, 2]: wants sequences: [batch, time, features]'])
    expect(said(lstmOver({ ...weights, kernel: variable('W', [7, 12]) })(variable('x', [4, 5, 2])).sequence))
      .toEqual(['matmul [20, 2] × [7, 12]: inner sizes 2 and 7 differ'])
  })

  it('sequences of unequal lengths are no tensor', () => {
    expect(() => tensor([[[1], [2]], [[3]]])).toThrow(RangeError)
  })
})

describe('parameters', () => {
  const shapes = (layer: Layer) => Object.fromEntries(
    Object.entries(run([layer])({ path: '', mode: infer })(variable('x', [1, 4, 3])).parameters)
      .map(([path, { shape, role, incoming }]) => [path, [shape, role, incoming]]))

  it('have the names, shapes, roles and columns of their gates', () => {
    expect(shapes(lstm(2))).toEqual({
      'lstm/0/kernel': [[3, 8], 'kernel', [0]], 'lstm/0/recurrentKernel': [[2, 8], 'recurrent', [0]], 'lstm/0/bias': [[8], 'bias', []]
    })
    expect(shapes(gru(2))['gru/0/bias']).toEqual([[2, 6], 'bias', []])
    expect(shapes(gru(2, { resetAfter: false }))['gru/0/bias']).toEqual([[6], 'bias', []])
    expect(Object.keys(shapes(simpleRnn(2, { useBias: false })))).toEqual(['simpleRnn/0/kernel', 'simpleRnn/0/recurrentKernel'])
    expect(Object.keys(shapes(bidirectional(simpleRnn(2, { useBias: false }))))).toEqual(['forward', 'backward'].flatMap((way) =>
      ['kernel', 'recurrentKernel'].map((name) => `bidirectional/0/${way}/${name}`)))
  })

  it('begin as Keras has them: the bias of the forget gate is 1, rows of the recurrent kernel are orthonormal', () => {
    const first = initialValues(right(sequential([4, 3], lstm(2), dense(1))), 7)
    expect([...first['lstm/0/bias'].data]).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
    const u = first['lstm/0/recurrentKernel'].data
    const dot = (a: number, b: number) => Array.from({ length: 8 }, (_, j) => u[8 * a + j] * u[8 * b + j]).reduce((s, v) => s + v, 0)
    expect([dot(0, 0), dot(0, 1), dot(1, 1)].map((v) => Math.round(v * 1e12) / 1e12 + 0)).toEqual([1, 0, 1])
    const unforgetting = initialValues(right(sequential([4, 3], lstm(2, { unitForgetBias: false }))), 7)
    expect([...unforgetting['lstm/0/bias'].data]).toEqual(Array.from({ length: 8 }, () => 0))
  })

  it('are penalised and constrained where asked, gate by gate', () => {
    const model = right(sequential([4, 3], gru(2, { recurrentRegularizer: l2(0.1), recurrentConstraint: maxNorm(0.01) }), dense(1)))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1), engine: reference() }))
    const { state, reports } = right(fold(t)(start(t, 3), [{ x: tensor([[[1, 2, 3], [1, 0, 1], [0, 1, 0], [2, 2, 2]]]), y: tensor([1]) }]))
    expect(Object.keys(reports[0].penalties)).toEqual(['gru/0/recurrentKernel/l2'])
    const u = parametersOf(t, state)['gru/0/recurrentKernel']
    const norms = Array.from({ length: 6 }, (_, j) => Math.hypot(u.data[j], u.data[6 + j]))
    norms.forEach((norm) => { expect(norm).toBeLessThanOrEqual(0.01 * (1 + 1e-12)) })
  })
})

const sigma = (x: number) => 1 / (1 + Math.exp(-x))
const wave = (n: number, phase: number) => Array.from({ length: n }, (_, i) => Math.sin(phase + 1.7 * i))

describe('a GRU that resets before the recurrent kernel, written out', () => {
  it.each([[1, 1, 1, 1], [3, 4, 2, 3], [2, 1, 3, 2]])('%i sequences of %i steps, %i features, %i units', (rows, time, width, units) => {
    const [W, U, b] = [wave(width * 3 * units, 1), wave(units * 3 * units, 2), wave(3 * units, 3)]
    const [x, h0] = [wave(rows * time * width, 4), wave(rows * units, 5)]
    const wanted = Array.from({ length: rows }, (_, r) => {
      let h = h0.slice(r * units, (r + 1) * units)
      return Array.from({ length: time }, (__, t) => {
        const at = x.slice((r * time + t) * width, (r * time + t + 1) * width)
        const gate = (g: number, j: number, state: readonly number[]) => b[g * units + j] +
          at.reduce((s, v, k) => s + v * W[k * 3 * units + g * units + j], 0) +
          state.reduce((s, v, k) => s + v * U[k * 3 * units + g * units + j], 0)
        const reset = h.map((v, k) => v * sigma(gate(1, k, h)))
        h = h.map((v, j) => {
          const z = sigma(gate(0, j, h))
          return z * v + (1 - z) * Math.tanh(gate(2, j, reset))
        })
        return h
      })
    })
    const weights = { kernel: constant(W, [width, 3 * units]), recurrentKernel: constant(U, [units, 3 * units]), bias: constant(b) }
    const over = gruOver(weights, { resetAfter: false })
    const { sequence } = over(constant(x, [rows, time, width]), { h: constant(h0, [rows, units]) })
    evaluate(sequence).forEach((v, i) => { expect(v).toBeCloseTo(wanted.flat(2)[i], 12) })
  })
})

/** Gates and states of each recurrence; whether its bias has two rows. */
const recurrences = [
  ['lstm', 4, 1, lstmOver, lstmCell], ['gru', 3, 2, gruOver, gruCell],
  ['gru that resets before', 3, 1, (...[w, r]: Parameters<typeof gruOver>) => gruOver(w, { ...r, resetAfter: false }),
    (...[w, r]: Parameters<typeof gruCell>) => gruCell(w, { ...r, resetAfter: false })],
  ['simpleRnn', 1, 1, simpleRnnOver, simpleRnnCell]
] as const

describe.each(recurrences)('%s', (_, gates, rows, over, cell) => {
  const leaves = (b: number, t: number, f: number, u: number) => ({
    x: variable('x', [b, t, f]), W: variable('W', [f, gates * u]), U: variable('U', [u, gates * u]),
    b: variable('b', rows === 2 ? [2, gates * u] : [gates * u]), h: variable('h', [b, u]), c: variable('c', [b, u])
  })
  const sizes = fc.tuple(...[1, 1, 1, 1].map((min) => fc.integer({ min, max: 3 })))
  const numbers = (e: Expr, phase: number) => wave(e.shape.reduce((n, d) => n * d, 1), phase)

  it('has the derivative that differences give, by everything it is made of', () => {
    fc.assert(fc.property(sizes, fc.integer({ min: 1, max: 100 }), fc.boolean(), ([b, t, f, u], phase, masked) => {
      const all = leaves(b, t, f, u)
      const at = Object.fromEntries(Object.entries(all).map(([name, e], i) => [name, numbers(e, phase + i)]))
      const masks = masked ? {
        input: constant(numbers(variable('m', [b, f]), 7), [b, f]), recurrent: Array.from({ length: gates }, () => all.h),
        zoneout: [0.3, constant(numbers(variable('z', [b, t, u]), 8), [b, t, u])]
      } : {}
      const { sequence, final } = over({ kernel: all.W, recurrentKernel: all.U, bias: all.b }, { masks })(all.x, { h: all.h, c: all.c })
      const y = sum(mul(sequence, constant(numbers(sequence, 9), sequence.shape)))
      const value = Object.values(final).reduce<Expr>((s, e) => mul(s, sum(e)), y)
      const slopes = gradient(value, Object.values(all))
      const step = 2 ** -13
      Object.entries(all).forEach(([name, leaf], i) => {
        const v = numbers(leaf, 11)
        const moved = (by: number) => evaluate(value, { ...at, [name]: at[name].map((a, k) => a + by * v[k]) })[0]
        const slope = evaluate(slopes[i], at).reduce((s, d, k) => s + d * v[k], 0)
        expect(Math.abs((moved(step) - moved(-step)) / (2 * step) - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)))
      })
    }), { numRuns: 12 })
  })

  it('is its cell, step by step, with masks too', () => {
    fc.assert(fc.property(sizes, ([b, t, f, u]) => {
      const all = leaves(b, 1, f, u)
      const weights = { kernel: all.W, recurrentKernel: all.U, bias: all.b }
      const masks = { input: variable('mx', [b, f]), recurrent: variable('mh', [b, u]) }
      const values = Object.fromEntries(Object.entries(all).map(([n, e], i) => [n, numbers(e, i)]))
      const at = { ...values, mx: wave(b * f, 3), mh: wave(b * u, 4) }
      const xs = Array.from({ length: t }, (__, i) => constant(wave(b * f, i), [b, f]))
      const rowOf = (r: number) => xs.flatMap((__, i) => wave(b * f, i).slice(r * f, (r + 1) * f))
      const whole = constant(Array.from({ length: b }, (__, r) => rowOf(r)).flat(), [b, t, f])
      const from = { h: all.h, c: all.c }
      const last = xs.reduce<{ readonly h: Expr; readonly c: Expr }>((s, x) => ({ ...s, ...cell(weights, { masks })(s, x) }), from)
      const { final } = over(weights, { masks })(whole, from)
      evaluate(last.h, at).forEach((v, i) => { expect(v).toBeCloseTo(evaluate(final.h, at)[i], 12) })
    }), { numRuns: 10 })
  })

  it('lets gradients reach back no further than it is told', () => {
    const all = leaves(2, 4, 2, 2)
    const at = Object.fromEntries(Object.entries(all).map(([n, e], i) => [n, numbers(e, i)]))
    const { final } = over({ kernel: all.W, recurrentKernel: all.U, bias: all.b }, { truncate: 2 })(all.x, { h: all.h, c: all.c })
    const [dx, dh] = gradient(sum(final.h), [all.x, all.h]).map((e) => evaluate(e, at))
    expect(dh.every((v) => v === 0)).toBe(true)
    expect([0, 1, 2, 3].map((t) => dx.slice(2 * t, 2 * t + 2).some((v) => v !== 0))).toEqual([false, false, true, true])
  })
})

describe('in a run', () => {
  const x = tensor(wave(2 * 4 * 3, 1), [2, 4, 3])
  const bits = (layer: Layer, mode = training(constant([1, 1]))) =>
    topological([run([layer])({ path: '', mode })(variable('x', [2, 4, 3])).y]).filter((e) => e.primitive.name === 'bits').length

  it('inference draws nothing, nor does rate 0; one mask is one draw', () => {
    const both = { dropout: 0.5, recurrentDropout: 0.5 }
    expect([bits(lstm(2, both)), bits(lstm(2, both), infer), bits(lstm(2, { dropout: 0, recurrentDropout: 0 }))]).toEqual([2, 0, 0])
    const gates = { gates: 'each' } as const
    expect(bits(lstm(2, { dropout: variational(0.5, gates), recurrentDropout: variational(0.5, gates) }))).toBe(8)
    expect(bits(lstm(2, { recurrentDropout: zoneout({ h: 0.1, c: 0.5 }) }))).toBe(2)
    expect(bits(lstm(2, { recurrentDropout: zoneout({ c: 0.5 }) }))).toBe(1)
    expect(bits(gru(2, { recurrentDropout: zoneout({ h: 0.1, c: 0.5 }) }))).toBe(1)
    expect(bits(gru(2, { recurrentDropout: withoutMemoryLoss(0) }))).toBe(0)
  })

  it('a rate may be a hyper-parameter that each batch carries', () => {
    const rate = hyper('rate', 0.5, { min: 0, max: 1, open: 'max' })
    const model = right(sequential([4, 3], lstm(2, { dropout: rate, recurrentDropout: zoneout({ h: rate, c: rate }) }), dense(1)))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) }))
    const y = tensor([1, 0])
    const data = (value: number) => right(fold(t)(start(t, 1), [{ x, y, hyper: { rate: value } }])).reports[0].data
    const plain = right(trainer({ model: right(sequential([4, 3], lstm(2), dense(1))), loss: mse(), optimizer: sgd(0.1) }))
    expect(data(0)).toBeCloseTo(right(fold(plain)(start(plain, 1), [{ x, y }])).reports[0].data, 12)
    expect(data(0.9)).not.toBeCloseTo(data(0), 6)
  })

  it('goes on with a sequence from batch to batch, and predicts from where it stands', () => {
    const layers = [gru(2, { stateful: 2 }), dense(1)] as const
    const model = right(sequential([2, 3], ...layers))
    const whole = right(sequential([4, 3], gru(2), dense(1)))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0) }))
    const from = start(t, 5)
    const part = (first: number) => tensor([...x.data].filter((_, i) => Math.floor((i % 12) / 6) === first), [2, 2, 3])
    const { state } = right(fold(t)(from, [{ x: part(0), y: tensor([0, 0]) }]))
    expect([...valuesOf(t, from)['gru/0/h'].data]).toEqual([0, 0, 0, 0])
    const went = right(predict(model, valuesOf(t, state))(part(1)))
    const { 'gru/0/h': _, ...weights } = valuesOf(t, state)
    const wanted = right(predict(whole, weights)(x))
    went.data.forEach((v, i) => { expect(v).toBeCloseTo(wanted.data[i], 12) })
    const again = right(predict(model, valuesOf(t, state))(tensor([...part(1).data, ...part(1).data], [4, 2, 3])))
    expect([...again.data.slice(0, 2)]).toEqual([...went.data])
    expect([...again.data.slice(2)]).toEqual([...right(predict(model, valuesOf(t, from))(part(1))).data])
  })

  it('does not learn from more sequences than it goes on with', () => {
    const t = right(trainer({ model: right(sequential([4, 3], gru(2, { stateful: 1 }), dense(1))), loss: mse(), optimizer: sgd(0.1) }))
    const after = fold(t)(start(t), [{ x: tensor([...x.data].slice(0, 12), [1, 4, 3]), y: tensor([1]) }, { x, y: tensor([1, 0]) }])
    const found = E.isLeft(after) && after.left._tag === 'BadBatch' ? [after.left.state.step, ...after.left.issues.map(showIssue)] : []
    expect(found).toEqual([
      1, 'gru/0: found stateful [1, 2]: goes on with 1 sequences, not with the 2 rows of this batch, allowed: shapes that fit stateful'
    ])
  })

  it('weights are read by path, in both directions', () => {
    const { parameters } = run([bidirectional(lstm(2))])({ path: '', mode: infer })(variable('x', [2, 4, 3]))
    expect(parameters[joinPath('bidirectional', 0, 'backward', 'recurrentKernel')].shape).toEqual([2, 8])
  })
})
