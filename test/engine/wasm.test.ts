import { either as E, function as F, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { reference, wasm, type Engine, type Program, type TrainState } from 'tikhonov/engine'
import {
  add, broadcast, constant, div, erf, exp, greater, hyper, log, log1p, matmul, mul, neg, reshape, select, sigmoid, softplus, sub, sum, tanh,
  variable, type Expr
} from 'tikhonov/expr'
import { dense, relu, sigmoid as sigmoidOf } from 'tikhonov/layers'
import { binaryCrossEntropy, mse } from 'tikhonov/losses'
import { predict, sequential, type Model } from 'tikhonov/model'
import { adam, sgd, type Optimizer } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer, valuesOf, type Batch } from 'tikhonov/training'

const engine: Engine = O.getOrElse((): Engine => { throw new Error('this host has no WebAssembly SIMD') })(wasm())

const right = <A>(e: E.Either<object, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

const trainerOf = (model: E.Either<object, Model>, optimizer: Optimizer, on: Engine) =>
  right(trainer({ model: right(model), loss: mse(), optimizer, engine: on }))

const learner = (on: Engine, rate = 0.05) => trainerOf(
  sequential([3], dense(7, { activation: relu, kernelRegularizer: l2(0.01) }), dropout(0.3), dense(2)), sgd(rate, { momentum: 0.9 }), on
)

const batch = (k: number, rows = 5): Batch => ({
  x: tensor(Array.from({ length: rows }, (_, i) => [Math.sin(k + i), Math.cos(k * i), (i % 3) - 1])),
  y: tensor(Array.from({ length: rows }, (_, i) => [Math.sin(2 * k + i), 0.5]))
})

/** How far apart two float32 are, in units of the last place of the larger; 0 for the same, Infinity where one is finite and one is not. */
const ulps = (got: number, exact: number): number => {
  const wanted = Math.fround(exact)
  if (Object.is(got, wanted) || (Number.isNaN(got) && Number.isNaN(wanted))) return 0
  const size = Math.max(Math.abs(got), Math.abs(wanted))
  return Number.isFinite(size) ? Math.abs(got - exact) / 2 ** (Math.max(Math.floor(Math.log2(size)), -126) - 23) : Infinity
}

describe('vectorised functions are accurate to 4 ulp, exact at their limits', () => {
  const grid = (from: number, to: number) => Array.from({ length: 40_003 }, (_, i) => Math.fround(from + ((to - from) * i) / 40_002))
  const corners = [0, -0, Infinity, -Infinity, Number.NaN, 1, -1, 1e-40, 1e-20, -1e-20, 3.4e38, -3.4e38]
  it.each<readonly [string, (x: Expr) => Expr, (x: number) => number, readonly [number, number]]>([
    ['exp', exp, Math.exp, [-87, 88.7]],
    ['log', log, Math.log, [1e-6, 40]],
    ['log1p', log1p, Math.log1p, [-0.99, 30]],
    ['tanh', tanh, Math.tanh, [-10, 10]],
    ['sigmoid', sigmoid, (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))), [-80, 40]],
    ['softplus', softplus, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), [-80, 40]]
  ])('%s', (_, of, exact, [from, to]) => {
    const inputs = [...grid(from, to), ...corners]
    const e = of(variable('x', [inputs.length]))
    const got = engine.evaluate([e])({ values: () => inputs, seed: 0, step: 0, position: 0 })[0]
    const off = inputs.map((x, i) => ulps(got[i], exact(Math.fround(x))))
    const worst = off.reduce((best, u, i) => (u > off[best] ? i : best), 0)
    expect(off[worst], `at ${inputs[worst]} got ${got[worst]}, not ${exact(Math.fround(inputs[worst]))}`).toBeLessThanOrEqual(4)
  })
  it('what has no vector code is filled by its reference evaluation', () => {
    expect(engine.evaluate([erf(constant([0.5]))])({ values: () => [], seed: 0, step: 0, position: 0 })[0][0]).toBeCloseTo(0.5204998778, 7)
  })
})

describe('a sum of one term', () => {
  it('begins at 0, as longer ones do: of −0 it is 0', () => {
    const [x, y] = [variable('x', [1, 3]), variable('y', [3, 1])]
    const run = { values: () => [-0, -0, 2], seed: 0, step: 0, position: 0 }
    const roots = [sum(x, [0]), matmul(y, neg(x))]
    for (const on of [engine, reference()]) {
      const [summed, product] = on.evaluate(roots)(run).map((v) => [...v])
      expect(summed).toEqual([0, 0, 2])
      expect(product.map((v) => Object.is(v, -0))).not.toContain(true)
    }
  })
})

describe('a run on the WebAssembly engine', () => {
  it('agrees with the reference engine: weights, padding, unequal batches, reports', () => {
    const batches: readonly Batch[] = [
      batch(1), batch(2), { ...batch(3), weight: [1, 0.5, 2, 0, 1] }, { ...batch(4), count: 3 }, batch(5, 2),
      { ...batch(6), weight: [0, 0, 0, 0, 0] }, batch(7)
    ]
    const [a, b] = [learner(engine), learner(reference())].map((t) => right(fold(t)(start(t, 11), batches)))
    expect(a.state.step).toBe(6)
    expect(a.state.cursor).toBe(b.state.cursor)
    a.state.values.forEach((x, i) => { expect(Math.abs(x - b.state.values[i])).toBeLessThan(1e-5) })
    a.reports.forEach((r, i) => { expect(Math.abs(r.total - b.reports[i].total)).toBeLessThan(1e-5) })
  })

  it('ends with the last good state and the first node that was not finite', () => {
    const t = learner(engine, 1e20)
    const ended = fold(t)(start(t, 1), [batch(1), batch(2), batch(3), batch(4)])
    if (E.isRight(ended) || ended.left._tag !== 'NonFinite') throw new Error('it did not end')
    const { state, culprit } = ended.left
    expect(state.values.every(Number.isFinite)).toBe(true)
    expect(Number.isFinite(culprit.value)).toBe(false)
    expect(culprit.from.length).toBeGreaterThan(0)
    const before = right(fold(t)(start(t, 1), Array.from({ length: state.step }, (_, k) => batch(k + 1)))).state
    expect([...state.values]).toEqual([...before.values])
  })

  it('takes up hyper-parameters from its batches', () => {
    const rate = hyper('rate', 0.1, { min: 0, max: 1, open: 'none' })
    const still = trainerOf(sequential([3], dense(2)), sgd(rate), engine)
    const s = start(still, 2)
    const after = right(fold(still)(s, [{ ...batch(1), hyper: { rate: 0 } }]))
    after.state.values.forEach((x, i) => { expect(x).toBe(Math.fround(s.values[i])) })
    expect(after.reports[0].hyper).toEqual({ rate: 0 })
    expect([...right(fold(still)(s, [batch(1)])).state.values]).not.toEqual([...after.state.values])
  })

  it('does not flush what is no number: a slot that becomes NaN ends the run, whatever the loss is', () => {
    const place = (path: string, offset: number, holds: 'slot' | 'kernel') => ({ path, shape: [4], offset, size: 4, holds })
    const [w, slot, x] = [variable('w', [4]), variable('slot', [4]), variable('batch/x', [1, 4])]
    const program: Program = {
      batch: 1, layout: [place('w', 0, 'kernel'), place('slot', 4, 'slot')],
      next: { w: add(w, 1), slot: add(mul(0.5, slot), reshape(div(x, x), [4])) },
      report: { data: constant(1), penalties: {}, total: constant(1), metrics: {}, probes: {} }
    }
    const state: TrainState = { _tag: 'TrainState', step: 0, seed: 0, cursor: 0, values: new Float32Array(8) }
    for (const on of [engine, reference()]) {
      const after = on.compile(program).fold(state, [{ x: tensor([[1, 0, 1, 1]]), y: tensor([1]) }])
      expect(E.isLeft(after) && after.left._tag).toBe('NonFinite')
    }
  })

  it('tells numbers whose sum is too large from one that is not finite, wherever it stands', () => {
    const shapes = [[3], [64], [3, 5], [70, 90]]
    for (const shape of shapes) {
      const size = shape.reduce((a, b) => a * b, 1)
      const [w, row, column] = [variable('w', shape), variable('batch/x', [1, shape.at(-1) ?? 1]), variable('batch/y', [shape[0], 1])]
      const place = { path: 'w', shape, offset: 0, size, holds: 'kernel' as const }
      const moved = shape.length === 1 ? add(w, reshape(row, shape)) : add(add(w, broadcast(row, shape)), broadcast(column, shape))
      const program: Program = {
        batch: 1, layout: [place], next: { w: moved },
        report: { data: constant(1), penalties: {}, total: constant(1), metrics: {}, probes: {} }
      }
      const zeros = {
        x: tensor([Array.from({ length: shape.at(-1) ?? 1 }, () => 0)]), y: tensor(Array.from({ length: shape[0] }, () => [0]))
      }
      const after = (at: number, x: number) => engine.compile(program).fold(
        { _tag: 'TrainState', step: 0, seed: 0, cursor: 0, values: new Float32Array(size).fill(3e38).fill(x, at, at + 1) }, [zeros]
      )
      expect(E.isRight(after(0, 3e38))).toBe(true)
      for (const at of [0, Math.floor(size / 2), size - 1]) {
        for (const x of [Number.NaN, -Infinity]) expect(E.isLeft(after(at, x))).toBe(true)
      }
    }
  })

  it('keeps the sign of a 0 that something is divided by', () => {
    const [w, slot] = [variable('w', [2, 2]), variable('slot', [2, 2])]
    const g = matmul(variable('batch/x', [2, 1]), variable('batch/y', [1, 2]))
    const place = (path: string, offset: number, holds: 'slot' | 'kernel') => ({ path, shape: [2, 2], offset, size: 4, holds })
    const program: Program = {
      batch: 1, layout: [place('w', 0, 'kernel'), place('slot', 4, 'slot')],
      next: { w: select(greater(div(1, g), 0), add(w, 1), sub(w, 1)), slot: add(mul(0.5, slot), g) },
      report: { data: constant(1), penalties: {}, total: constant(1), metrics: {}, probes: {} }
    }
    const values = Float32Array.of(0, 0, 0, 0, -0, -0, 0, 1)
    const batch = { x: tensor([[0], [-0]]), y: tensor([[-1, 1]]) }
    const after = (on: Engine) => F.pipe(
      on.compile(program).fold({ _tag: 'TrainState', step: 0, seed: 0, cursor: 0, values }, [batch]),
      E.match(() => [], ({ state }) => [...state.values])
    )
    expect(after(engine)).toEqual(after(reference('float32')))
    expect(after(engine).slice(0, 4)).toEqual([1, 1, 1, 1])
  })

  it('takes as long after 100,000 steps: a weight that L2 has made negligible is 0, one that is frozen stays', () => {
    const place = (path: string, offset: number) => ({ path, shape: [2], offset, size: 2, holds: 'kernel' as const })
    const [w, frozen] = [variable('w', [2]), variable('frozen', [2])]
    const program: Program = {
      batch: 1, layout: [place('w', 0), place('frozen', 2)], next: { w: mul(0.5, w), frozen },
      report: { data: constant(1), penalties: {}, total: constant(1), metrics: {}, probes: {} }
    }
    const values = Float32Array.of(1, 2 ** 120, 1e-30, 1)
    const state: TrainState = { _tag: 'TrainState', step: 0, seed: 0, cursor: 0, values }
    const batch = { x: tensor([[1]]), y: tensor([1]) }
    const after = (steps: number) => F.pipe(
      engine.compile(program).fold(state, Array.from({ length: steps }, () => batch)),
      E.match(() => [], (folded) => [...folded.state.values])
    )
    expect(after(63)).toEqual([2 ** -63, 2 ** 57, values[2], 1])
    expect(after(64)).toEqual([0, 2 ** 56, values[2], 1])
  })

  it('flushes subnormals of what decays: momentum without a gradient becomes 0', () => {
    const t = trainerOf(sequential([1], dense(1, { useBias: false })), adam(0.01), engine)
    const push: Batch = { x: tensor([[1e-3]]), y: tensor([[1]]) }
    const rest: Batch = { x: tensor([[0]]), y: tensor([[0]]) }
    const { state } = right(fold(t)(start(t, 1), [push, ...Array.from({ length: 1200 }, () => rest)]))
    expect([...state.values].filter((x) => x !== 0 && Math.abs(x) < 1.17549435e-38)).toEqual([])
  })

  it('predicts as the reference does', () => {
    const model = right(sequential([3], dense(6, { activation: relu }), dropout(0.5), dense(1, { activation: sigmoidOf })))
    const t = right(trainer({ model, loss: binaryCrossEntropy(), optimizer: adam(), engine }))
    const values = valuesOf(t, start(t, 4))
    const x = tensor(Array.from({ length: 300 }, (_, i) => [i / 100, Math.sin(i), -1]))
    const [a, b] = [right(predict(model, values, engine)(x)), right(predict(model, values)(x))]
    a.data.forEach((y, i) => { expect(Math.abs(y - b.data[i])).toBeLessThan(1e-6) })
  })

  it('compiles and drops program after program without growing', () => {
    const make = (n: number) => { for (let i = 0; i < n; i++) right(fold(learner(engine))(start(learner(engine), i), [batch(i)])) }
    make(5)
    const before = process.memoryUsage().rss
    make(30)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20)
  })
})
