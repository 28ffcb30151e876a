import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { constant, evaluate, hyper, print, simplify, topological, variable, type Expr, type Scalar, type Shape } from 'tikhonov/expr'
import { alphaDropout, alphaPrime, dropout, gaussianDropout, gaussianNoise } from 'tikhonov/dropout'
import { infer, modeAt, named, showIssue, training, type Layer, type Mode } from 'tikhonov/layer'
import { activation, dense, flatten, relu, seluAlpha, seluScale, tanh } from 'tikhonov/layers'
import { alphaDropoutLaws, bind, dropoutLaws, noiseLaws } from 'tikhonov/laws'
import { mse } from 'tikhonov/losses'
import { sequential, type Part } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer } from 'tikhonov/training'

const right = <A>(e: E.Either<unknown, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

const modelOf = (input: Shape, ...parts: readonly Part[]) => sequential<Shape, readonly Part[]>(input, ...parts)

const family: Readonly<Record<string, (level: Scalar) => Layer>> = {
  dropout: (rate) => dropout(rate),
  gaussianDropout,
  gaussianNoise,
  alphaDropout: (rate) => alphaDropout(rate)
}

const train = (rows: number): Mode => training(constant(Array.from({ length: rows }, () => 1), [rows]))

const applied = (layer: Layer, mode: Mode, x: Expr) => layer.apply({ path: 'dropout/0', mode: modeAt(mode, 'dropout/0') })(x)

const x = variable('x', [30, 8])

const values = { x: Array.from({ length: 240 }, (_, i) => Math.sin(i) * 3) }

describe.each(Object.entries(family))('%s', (name, make) => {
  it('leaves nothing in the program of inference, nor of level 0 in training', () => {
    expect(applied(make(0.4), infer, x).y).toBe(x)
    expect(applied(make(0), train(30), x).y).toBe(x)
    const plain = right(modelOf([8], dense(4, { activation: relu }), dense(1)))
    const with0 = right(modelOf([8], make(0), dense(4, { activation: relu }), make(0), dense(1)))
    const step = (model: typeof plain) => {
      const program = right(trainer({ model, loss: mse(), optimizer: sgd(0.1) })).program(30)
      return print(simplify([...Object.values(program.next), program.report.total]))
    }
    expect(step(with0)).toBe(step(plain))
  })

  it('draws in training', () => {
    const purposes = topological([applied(make(0.4), train(30), x).y]).filter((e) => e.primitive.name === 'bits')
    expect(purposes.length).toBeGreaterThan(0)
  })

  it('takes a hyper-parameter: the same draws at the same value, the identity at 0', () => {
    const level = hyper('level', 0.5, { min: 0, max: 1, open: 'max' })
    const varying = applied(make(level), train(30), x)
    expect(varying.issues).toEqual([])
    const at = { seed: 4, position: 90 }
    for (const value of [0.1, 0.5, 0.875]) {
      const wanted = evaluate(applied(make(value), train(30), x).y, values, at)
      evaluate(varying.y, { ...values, 'hyper/level': [value] }, at).forEach((y, i) => { expect(y).toBeCloseTo(wanted[i], 12) })
    }
    expect(evaluate(varying.y, { ...values, 'hyper/level': [0] }, at)).toEqual(values.x)
  })

  it('stands on the input, between layers and before the last, and trains', () => {
    const noisy = make(0.2)
    const model = right(modelOf([2, 3], noisy, flatten, noisy, dense(5), noisy, activation(tanh), noisy, dense(1), noisy))
    const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.01) }))
    const batch = { x: tensor(Float64Array.from({ length: 24 }, (_, i) => Math.cos(i)), [4, 2, 3]), y: tensor([[1], [0], [1], [0]]) }
    const before = start(t, 1)
    const { state, reports } = right(fold(t)(before, [batch, batch, batch]))
    expect(reports.every((r) => Number.isFinite(r.total))).toBe(true)
    expect(parametersOf(t, state)).not.toEqual(parametersOf(t, before))
  })

  it('names what is wrong with its level', () => {
    const option = name === 'gaussianNoise' ? 'stddev' : 'rate'
    const allowed = name === 'gaussianNoise' ? 'a number, 0 ≤ stddev' : 'a number, 0 ≤ rate < 1'
    for (const level of [-0.1, Number.NaN, Infinity, ...(name === 'gaussianNoise' ? [] : [1, 1.5])]) {
      const found = modelOf([8], dense(4), named('noisy', make(level)))
      expect(E.isLeft(found) && found.left.map(showIssue)).toEqual([`noisy/${option}: found ${level}, allowed: ${allowed}`])
    }
  })
})

describe('a noise shape', () => {
  const mask = (noiseShape: Shape, example: Shape) => {
    const at = variable('x', [40, ...example])
    const y = applied(dropout(0.5, { noiseShape }), train(40), at).y
    const ones = Array.from({ length: 40 * example.reduce((n, d) => n * d, 1) }, () => 1)
    return { y: evaluate(y, { x: ones }, { seed: 2 }), shape: y.shape }
  }

  it.each([
    [[1, 1, 3], [2, 4, 3]], [[3], [2, 4, 3]], [[2, 1, 1], [2, 4, 3]], [[4, 1], [2, 4, 3]], [[1], [6]], [[], [6]], [[2, 4, 3], [2, 4, 3]]
  ])('%j shares decisions of an example %j', (noiseShape, example) => {
    const { y, shape } = mask(noiseShape, example)
    expect(shape).toEqual([40, ...example])
    const full = [...example.slice(noiseShape.length).map(() => 1), ...noiseShape]
    const strides = (s: Shape) => s.map((_, a) => s.slice(a + 1).reduce((n, d) => n * d, 1))
    const size = example.reduce((n, d) => n * d, 1)
    const own = strides(example)
    const leader = (unit: number) => example.reduce((at, d, a) => at + (full[a] === 1 ? 0 : (Math.floor(unit / own[a]) % d) * own[a]), 0)
    y.forEach((v, i) => { expect(v).toBe(y[i - (i % size) + leader(i % size)]) })
    expect(new Set(y)).toEqual(new Set([0, 2]))
  })

  it('that does not broadcast to the example is an issue, also where nothing is dropped', () => {
    const errors = (...parts: readonly Part[]) => {
      const found = modelOf([4, 4, 3], ...parts)
      return E.isLeft(found) ? found.left.map(showIssue) : []
    }
    expect(errors(dropout(0.5, { noiseShape: [2] }))).toEqual([
      'dropout/0: found an input of shape [4, 4, 3], ' +
      'allowed: dropout with the noiseShape [2] needs an example that it broadcasts to, found [4, 4, 3]'
    ])
    expect(errors(dropout(0, { noiseShape: [4, 4, 4, 3] }))).toHaveLength(1)
    expect(errors(alphaDropout(0.5, { noiseShape: [4, 3, 1] }))).toHaveLength(1)
    expect(errors(flatten, dense(1), dropout(0.5, { noiseShape: [5] }))).toHaveLength(1)
    expect(errors(dropout(0.5, { noiseShape: [0, 1.5, 3] })))
      .toContain('dropout/0/noiseShape: found [0, 1.5, 3], allowed: whole numbers ≥ 1')
    expect(errors(dropout(0.5, { noiseShape: [1, 1, 3] }))).toEqual([])
  })

  it('stands in the spec', () => {
    expect(dropout(0.5, { noiseShape: [1, 3] }).spec).toEqual({ kind: 'dropout', options: { rate: 0.5, noiseShape: [1, 3] } })
  })
})

describe('alpha dropout', () => {
  it('drops to −λα of selu', () => {
    expect(alphaPrime).toBeCloseTo(-seluScale * seluAlpha, 15)
  })
})

describe('masks', () => {
  it('do not depend on the other layers where layers are named, nor on the batch size', () => {
    const model = (...more: readonly Layer[]) => modelOf([8], ...more, named('own', dropout(0.5)))
    const y = (m: ReturnType<typeof model>, rows: number, position: number) => {
      const layers = right(m).layers
      const own = layers[layers.length - 1]
      const at = variable('x', [rows, 8])
      const out = own.apply({ path: 'own', mode: modeAt(train(rows), 'own') })(at).y
      return evaluate(out, { x: Array.from({ length: rows * 8 }, () => 1) }, { seed: 3, position })
    }
    expect(y(model(dropout(0.1)), 6, 10)).toEqual(y(model(), 6, 10))
    expect([...y(model(), 2, 10), ...y(model(), 4, 12)]).toEqual(y(model(), 6, 10))
  })
})

const checkAll = bind({ describe, it })
checkAll('dropout', dropoutLaws((rate) => dropout(rate)))
checkAll('dropout of channels', dropoutLaws((rate) => dropout(rate, { noiseShape: [1, 1, 3] }), { input: [2, 2, 3], shared: [0, 1] }))
checkAll('Gaussian dropout', noiseLaws((rate) => gaussianDropout(rate), {
  accepted: [0.5, 0, 0.2, 0.9], refused: [-0.1, 1, 1.5, Number.NaN], variance: (v, rate) => (v * v * rate) / (1 - rate)
}))
checkAll('Gaussian noise', noiseLaws((stddev) => gaussianNoise(stddev), {
  accepted: [0.5, 0, 1, 2.5, 100], refused: [-0.1, Infinity, Number.NaN], variance: (_, stddev) => stddev * stddev
}))
checkAll('alpha dropout', alphaDropoutLaws((rate) => alphaDropout(rate)))
